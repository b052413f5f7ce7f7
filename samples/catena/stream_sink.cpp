#include "stream_sink.hpp"

#include <catena/store/store.hpp>

#include <cerrno>
#include <system_error>
#include <unistd.h>

namespace command {

void stream_sink::resume(std::string_view) { waiting_.clear(); }

// JSON sent over several lines becomes one: inside its strings line ends cannot stand.
void stream_sink::write(const catena::page_commit& page)
{
    for (const catena::stored_record& record : page.records) {
        for (const char c : record.body)
            waiting_ += c == '\n' || c == '\r' ? ' ' : c;
        waiting_ += '\n';
    }
}

std::string stream_sink::flush()
{
    std::string_view rest = waiting_;
    while (!rest.empty()) {
        const ssize_t n = ::write(descriptor_, rest.data(), rest.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            const int why = errno;
            closed_ = why == EPIPE;
            throw std::system_error(why, std::generic_category(), "cannot write the output");
        }
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
    waiting_.clear();
    return "stream";
}

}  // namespace command
