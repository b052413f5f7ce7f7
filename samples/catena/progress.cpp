#include "progress.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

namespace command {

namespace chrono = std::chrono;

using catena::duration;
using catena::time_point;

namespace {

constexpr double smoothed_over = 10;  // seconds

double seconds_of(duration d) { return chrono::duration<double>(d).count(); }

std::string number_of(double a_second)
{
    if (a_second >= 10) return in_groups(static_cast<std::uint64_t>(std::llround(a_second)));
    const auto tenths = std::llround(a_second * 10);
    return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

// A pace where one is declared; else the places in flight say how busy the server is kept.
std::string use_of(const budget_use& b)
{
    if (b.allowed_a_second && b.a_second)
        return number_of(*b.a_second) + " of " + number_of(*b.allowed_a_second) + " requests/s";
    if (b.most_in_flight != 0)
        return in_groups(b.in_flight) + " of " + in_groups(b.most_in_flight) + " in flight";
    return b.in_flight > 1 ? in_groups(b.in_flight) + " in flight" : "";
}

std::string share_of(const progress& p)
{
    const double percent = 100 * static_cast<double>(p.records) / static_cast<double>(*p.total);
    return "of " + in_groups(*p.total) + " (" + std::to_string(static_cast<int>(percent)) + " %)";
}

/// Only where there is a total, and it has not proved wrong.
bool total_holds(const progress& p)
{
    return p.begun && p.total && *p.total != 0 && p.records <= *p.total;
}

}  // namespace

void pace::on_count(std::uint64_t records, time_point now)
{
    if (!since_) {
        since_ = now;
        last_ = records;
        return;
    }
    const duration step = now - *since_;
    if (step <= duration::zero()) return;
    const double seconds = seconds_of(step);
    const double rate = static_cast<double>(records - last_) / seconds;
    // The mean of all that was seen at first, so that the line does not creep up from nothing.
    const double weight =
        std::max(1 - std::exp(-seconds / smoothed_over), seconds / (seconds_of(seen_) + seconds));
    rate_ += (rate - rate_) * weight;
    seen_ += step;
    since_ = now;
    last_ = records;
}

std::optional<double> pace::a_second() const noexcept
{
    if (seen_ < chrono::seconds(1)) return std::nullopt;
    return rate_;
}

std::optional<double> allowed_a_second(const catena::limits_rule& limits)
{
    std::optional<double> least;
    for (const catena::rate_policy& each : limits.policies) {
        const double cost = std::max<std::uint32_t>(each.weight, 1);
        const double rate = each.requests / (seconds_of(each.per) * cost);
        least = std::min(least.value_or(rate), rate);
    }
    return least;
}

std::string in_groups(std::uint64_t n)
{
    std::string text = std::to_string(n);
    for (std::size_t at = text.size(); at > 3;) {
        at -= 3;
        text.insert(at, 1, ',');
    }
    return text;
}

std::string counted(std::uint64_t n, const char* one, const char* many)
{
    return in_groups(n) + ' ' + (n == 1 ? one : many);
}

std::string in_words(duration d)
{
    const auto seconds = chrono::ceil<chrono::seconds>(std::max(d, duration::zero())).count();
    const auto text = [](auto n, const char* unit) { return std::to_string(n) + ' ' + unit; };
    if (seconds < 60) return text(seconds, "s");
    if (seconds < 3600)
        return text(seconds / 60, "min") + (seconds % 60 ? ' ' + text(seconds % 60, "s") : "");
    const auto minutes = (seconds + 59) / 60;
    if (minutes < 24 * 60)
        return text(minutes / 60, "h") + (minutes % 60 ? ' ' + text(minutes % 60, "min") : "");
    const auto hours = (minutes + 59) / 60;
    return text(hours / 24, "d") + (hours % 24 ? ' ' + text(hours % 24, "h") : "");
}

std::string to_line(const progress& p, std::size_t width)
{
    std::vector<std::string> parts{p.begun ? counted(p.records, "record", "records") : "beginning"};
    if (total_holds(p)) parts.back() += ' ' + share_of(p);
    if (p.hold) parts.push_back("the server asks to wait: " + in_words(*p.hold));
    if (p.a_second) parts.push_back(number_of(*p.a_second) + "/s");
    const bool all_here = total_holds(p) && p.records == *p.total;
    if (all_here && p.ended < p.chains) parts.push_back("asking again for what may have moved");
    if (total_holds(p) && !all_here && p.a_second && *p.a_second > 0 && !p.hold) {
        const double left = static_cast<double>(*p.total - p.records) / *p.a_second;
        if (left < 1e8)
            parts.push_back(
                "about " +
                in_words(chrono::duration_cast<duration>(chrono::duration<double>(left))) +
                " left");
    }
    if (p.chains > 1)
        parts.push_back(in_groups(p.ended) + " of " + in_groups(p.chains) + " chains");
    if (const std::string use = use_of(p.budget); !use.empty()) parts.push_back(use);
    if (p.recoveries != 0) parts.push_back(counted(p.recoveries, "recovery", "recoveries"));
    if (p.retries != 0) parts.push_back(counted(p.retries, "retry", "retries"));

    std::string line;
    for (const std::string& part : parts) {
        const std::string more = (line.empty() ? "" : "  ") + part;
        if (line.size() + more.size() > width) break;
        line += more;
    }
    return line.empty() ? parts.front().substr(0, width) : line;
}

}  // namespace command
