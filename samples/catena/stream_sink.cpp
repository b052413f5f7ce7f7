#include "stream_sink.hpp"

#include <catena/store/store.hpp>

#include <cerrno>
#include <system_error>
#include <unistd.h>

namespace command {

namespace {

// The position of a stream says only whether anything is in it.
constexpr const char* written = "written";

}  // namespace

void stream_sink::resume(std::string_view position)
{
    waiting_.clear();
    begun_ = begun_ || position == written;
}

void stream_sink::write(const catena::page_commit& page)
{
    for (const catena::stored_record& record : page.records) {
        write_(record.body, !begun_, waiting_);
        begun_ = true;
    }
}

void stream_sink::put()
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
}

std::string stream_sink::flush()
{
    put();
    return begun_ ? written : "nothing";
}

void stream_sink::end(const std::string& text)
{
    waiting_ = text;
    put();
}

}  // namespace command
