#include "codec/audit_words.hpp"

#include "core/moment.hpp"
#include "core/printable.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>

namespace catena::codec {

const char* word_of(verdict v) noexcept
{
    switch (v) {
        case verdict::complete: return "complete";
        case verdict::unverified: return "unverified";
        case verdict::incomplete: break;
    }
    return "incomplete";
}

const char* word_of(audit_check::result r) noexcept
{
    switch (r) {
        case audit_check::result::good: return "good";
        case audit_check::result::bad: return "bad";
        case audit_check::result::unknown: break;
    }
    return "unknown";
}

const char* word_of(audit_stretch::state s) noexcept
{
    switch (s) {
        case audit_stretch::state::ended: return "ended";
        case audit_stretch::state::open: return "open";
        case audit_stretch::state::stopped: return "stopped";
        case audit_stretch::state::gap: break;
    }
    return "gap";
}

const char* meaning_of(verdict v) noexcept
{
    switch (v) {
        case verdict::complete: return "Every chain ended, and nothing speaks against it.";
        case verdict::unverified:
            return "Every chain ended, but something is not known or does not agree.";
        case verdict::incomplete: break;
    }
    return "Parts of the dataset are missing.";
}

std::vector<std::pair<const char*, std::uint64_t>> counts_of(const audit_counts& n)
{
    return {{"records", n.records},       {"pages", n.pages},       {"chains", n.chains},
            {"ended", n.ended},           {"requests", n.requests}, {"strays", n.strays},
            {"duplicates", n.duplicates}, {"rebuilds", n.rebuilds}, {"holds", n.holds},
            {"taken_over", n.taken_over}};
}

std::string date_of(wall_time t)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(t.time_since_epoch()).count();
    return core::write_moment(seconds, std::chrono::seconds(1), moment_form::rfc3339)
        .value_or("unknown");
}

std::string length_of(wall_time from, wall_time to)
{
    using namespace std::chrono;
    const auto all = to > from ? round<seconds>(to - from).count() : 0;
    const std::string s = std::to_string(all % 60) + " s";
    const std::string min = std::to_string(all / 60 % 60) + " min";
    if (all < 60) return s;
    if (all < 3600) return min + ' ' + s;
    return std::to_string(all / 3600) + " h " + min;
}

std::string line_of(std::string_view text)
{
    return printable(text, std::numeric_limits<std::size_t>::max());
}

std::string amount_of(std::string_view text)
{
    std::string out = line_of(text);
    if (!std::all_of(out.begin(), out.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return out;
    for (std::size_t i = out.size(); i > 3; i -= 3)
        out.insert(i - 3, ",");
    return out;
}

std::string finding_of(const audit_check& c, bool with_note)
{
    std::string out;
    if (c.expected == c.found) {
        out = amount_of(c.found);
    } else {
        if (!c.expected.empty()) out = "expected " + amount_of(c.expected) + ", ";
        out += "found " + amount_of(c.found);
    }
    if (with_note && !c.note.empty()) out += (out.empty() ? "" : "; ") + line_of(c.note);
    return out;
}

}  // namespace catena::codec
