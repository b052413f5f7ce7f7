#include "core/grouped.hpp"
#include <catena/plan.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <string>
#include <utility>

namespace catena {

using core::grouped;

namespace {

constexpr const char* unknown = "unknown";

std::string in_words(const std::optional<std::uint64_t>& n) { return n ? grouped(*n) : unknown; }

// Three digits are all that an estimate is worth.
std::string rounded(double n)
{
    if (n >= 999.5 && n < 1e18) return grouped(static_cast<std::uint64_t>(n + 0.5));
    std::array<char, 32> text{};
    const auto written =
        std::to_chars(text.data(), text.data() + text.size(), n, std::chars_format::general, 3);
    return {text.data(), written.ptr};
}

std::string in_words(const std::optional<duration>& d)
{
    using namespace std::chrono_literals;
    if (!d) return unknown;
    if (*d == duration::max()) return "more than 290 years";
    const std::pair<duration, const char*> units[] = {{24h, " d"}, {1h, " h"},   {1min, " min"},
                                                      {1s, " s"},  {1ms, " ms"}, {1us, " us"}};
    for (const auto& [unit, name] : units) {
        if (*d < unit) continue;
        const double n = static_cast<double>(d->count()) / static_cast<double>(unit.count());
        return rounded(n) + name;
    }
    return std::to_string(d->count()) + " ns";
}

std::string percent(const std::optional<double>& p)
{
    return p ? rounded(*p * 100) + " %" : unknown;
}

std::string size_in_words(std::uint64_t octets)
{
    const std::pair<double, const char*> units[] = {
        {1e15, " PB"}, {1e12, " TB"}, {1e9, " GB"}, {1e6, " MB"}, {1e3, " kB"}};
    for (const auto& [unit, name] : units)
        if (static_cast<double>(octets) >= unit)
            return rounded(static_cast<double>(octets) / unit) + name;
    return std::to_string(octets) + " octets";
}

const char* reason(plan::bound b) noexcept
{
    switch (b) {
        case plan::bound::walk: return ", bound by pages that follow one another";
        case plan::bound::limit: return ", bound by limits.policies";
        case plan::bound::concurrency: return ", bound by limits.concurrency";
        case plan::bound::unknown: break;
    }
    return "";
}

std::string deadline_in_words(const plan& p)
{
    switch (p.deadline) {
        case plan::verdict::none: break;
        case plan::verdict::unknown: return "\ndeadline: unknown";
        case plan::verdict::met:
            return "\ndeadline: met with " + grouped(p.ranges_needed.value_or(1)) +
                   (p.ranges_needed == 1u ? " range" : " ranges");
        case plan::verdict::beyond_limit:
            return "\ndeadline: not met with any number of ranges: limits.policies alone take "
                   "longer";
        case plan::verdict::beyond_concurrency:
            return "\ndeadline: not met: limits.concurrency lets too few ranges run at once";
        case plan::verdict::beyond_page: return "\ndeadline: not met: one page takes longer";
    }
    return "";
}

}  // namespace

std::string plan::text() const
{
    std::string out = "pages: " + in_words(pages) + ", requests: " + in_words(requests);
    if (octets) out += ", " + size_in_words(*octets);
    out += "\none chain, without limits and failures: " + in_words(sequential);
    out += '\n' + grouped(ranges) + (ranges == 1 ? " range: " : " ranges: ") + in_words(time);
    out += reason(bound_by);
    if (ranges > 1 && speed_up) out += "; " + rounded(*speed_up) + " times as fast as one";
    if (at_limit != duration::zero()) out += "\nlimits alone: " + in_words(at_limit);
    if (between_pages) out += "\nbetween two pages of a chain: " + in_words(between_pages);
    if (token_outlived)
        out += *token_outlived ? "; its token dies before that (expiry.ttl)"
                               : "; its token lives longer";
    out += "\nchance that a chain gives up: " + percent(chain_fails);
    if (ranges > 1) out += ", that any does: " + percent(any_fails);
    return out + deadline_in_words(*this);
}

}  // namespace catena
