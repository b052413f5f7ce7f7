#include "run/job_task.hpp"

#include "run/job_impl.hpp"

#include <charconv>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>

namespace catena {

namespace {

using errand = job_task::errand;

struct named {
    errand is;
    std::string_view name;
};

constexpr named looks[] = {
    {errand::again, "again "}, {errand::hole, "hole "}, {errand::spot, "spot "}};

[[noreturn]] void refuse()
{
    diagnostics why;
    why.code = errc::bad_checkpoint;
    why.what = "the stored task of a chain cannot be read";
    why.mend = "it was changed, or written by a newer version: use that version, or start anew";
    throw failure(std::move(why));
}

}  // namespace

std::string to_text(const job_task& task)
{
    const std::string parts = ranges_text(task.over, task.asked);
    for (const named& look : looks)
        if (look.is == task.is)
            return std::string(look.name) + std::to_string(task.pass) + '\n' + parts;
    return parts;
}

job_task task_from(const std::string& text)
{
    job_task out;
    std::string_view parts = text;
    for (const named& look : looks) {
        if (!parts.starts_with(look.name)) continue;
        out.is = look.is;
        const char* const begin = parts.data() + look.name.size();
        const auto [end, failed] = std::from_chars(begin, parts.data() + parts.size(), out.pass);
        if (failed != std::errc() || end == parts.data() + parts.size() || *end != '\n') refuse();
        parts.remove_prefix(static_cast<std::size_t>(end + 1 - parts.data()));
        break;
    }
    std::tie(out.over, out.asked) = ranges_from(std::string(parts));
    return out;
}

}  // namespace catena
