#include "codec/rate_limit_fields_name.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace catena::codec {
namespace {

using words = std::span<const std::string_view>;

constexpr std::size_t longest_name = 128;

struct known_part {
    std::array<std::string_view, 2> spelling;  // one word or two
    quota_part part;
    time_form form = time_form::by_size;
};

// Two words stand before the one they begin with.
constexpr known_part parts[] = {
    {{"reset", "after"}, quota_part::reset_after},
    {{"reset", "in"}, quota_part::reset_after},
    {{"reset", "seconds"}, quota_part::reset_after},
    {{"reset", "time"}, quota_part::reset_again},
    {{"reset", "date"}, quota_part::reset_again},
    {{"reset", "at"}, quota_part::reset_again},
    {{"interval", "seconds"}, quota_part::window, time_form::seconds},
    {{"window", "seconds"}, quota_part::window, time_form::seconds},
    {{"interval", "milliseconds"}, quota_part::window, time_form::milliseconds},
    {{"interval", "ms"}, quota_part::window, time_form::milliseconds},
    {{"window", "ms"}, quota_part::window, time_form::milliseconds},
    {{"limit", ""}, quota_part::limit},
    {{"max", ""}, quota_part::limit},
    {{"remaining", ""}, quota_part::remaining},
    {{"left", ""}, quota_part::remaining},
    {{"available", ""}, quota_part::remaining},
    {{"used", ""}, quota_part::used},
    {{"observed", ""}, quota_part::used},
    {{"reset", ""}, quota_part::reset},
    {{"resettime", ""}, quota_part::reset_again},
    {{"window", ""}, quota_part::window},
    {{"interval", ""}, quota_part::window},
    {{"period", ""}, quota_part::window},
    {{"name", ""}, quota_part::label},
    {{"resource", ""}, quota_part::label},
    {{"bucket", ""}, quota_part::label},
};

struct known_period {
    std::string_view word;
    std::chrono::seconds length;
};

// A month is the longest one: a shorter window would be a higher rate. Plurals are units.
constexpr known_period periods[] = {
    {"second", std::chrono::seconds(1)},      {"secondly", std::chrono::seconds(1)},
    {"sec", std::chrono::seconds(1)},         {"minute", std::chrono::minutes(1)},
    {"minutely", std::chrono::minutes(1)},    {"hour", std::chrono::hours(1)},
    {"hourly", std::chrono::hours(1)},        {"day", std::chrono::hours(24)},
    {"daily", std::chrono::hours(24)},        {"week", std::chrono::hours(24 * 7)},
    {"weekly", std::chrono::hours(24 * 7)},   {"month", std::chrono::hours(24 * 31)},
    {"monthly", std::chrono::hours(24 * 31)},
};

constexpr std::string_view harmless[] = {"requests", "request", "calls", "call", "api",
                                         "per",      "user",    "app",   "ip",   "client",
                                         "account",  "global",  "burst"};

// In a vendor's name they tell that something else than requests is counted.
constexpr std::string_view other_units[] = {
    "token",      "tokens",      "byte",  "bytes",  "credit",   "credits",
    "point",      "points",      "unit",  "units",  "cost",     "complexity",
    "concurrent", "concurrency", "write", "writes", "bandwidth"};

template <std::size_t n>
bool is_among(std::string_view word, const std::string_view (&all)[n])
{
    return std::find(std::begin(all), std::end(all), word) != std::end(all);
}

std::vector<std::string_view> split(std::string_view name)
{
    std::vector<std::string_view> out;
    while (!name.empty()) {
        const std::size_t end = std::min(name.find_first_of("-_"), name.size());
        if (end != 0) out.push_back(name.substr(0, end));
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    return out;
}

std::string joined(words all)
{
    std::string out;
    for (const std::string_view word : all)
        out.append(out.empty() ? "" : "-").append(word);
    return out;
}

/* Takes the part off the front of `rest`, or off its end: "limit-requests", "requests-limit",
   "reset-after". */
const known_part* take_part(words& rest)
{
    for (const bool front : {true, false}) {
        for (const known_part& p : parts) {
            const std::size_t n = p.spelling[1].empty() ? 1 : 2;
            if (rest.size() < n) continue;
            const words place = front ? rest.first(n) : rest.last(n);
            if (!std::equal(place.begin(), place.end(), p.spelling.begin())) continue;
            rest = front ? rest.subspan(n) : rest.first(rest.size() - n);
            return &p;
        }
    }
    return nullptr;
}

// Whether a word is a period; a second one makes no sense.
bool read_period(std::string_view word, quota_field& to, bool& good)
{
    for (const known_period& p : periods) {
        if (p.word != word) continue;
        good = good && !to.period;
        to.period = p.length;
        return true;
    }
    return false;
}

bool read_vendor(words vendor, quota_field& to)
{
    bool good = true;
    for (const std::string_view word : vendor) {
        if (is_among(word, other_units)) return false;
        if (read_period(word, to, good)) to.name = word;
    }
    return good;
}

bool read_rest(words rest, quota_field& to)
{
    const known_part* const part = take_part(rest);
    bool good = true;
    for (const std::string_view word : rest)
        if (!read_period(word, to, good) && !is_among(word, harmless)) return false;
    if (!good) return false;
    if (!rest.empty()) to.name = joined(rest);
    to.part = part != nullptr ? part->part : to.period ? quota_part::limit : quota_part::none;
    if (part != nullptr) to.form = part->form;
    return to.part != quota_part::none;
}

}  // namespace

quota_field read_quota_field(std::string_view header)
{
    std::string lower(header.substr(0, longest_name + 1));
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    // Nearly all headers end here.
    if (lower.size() > longest_name || lower.find("limit") == std::string::npos) return {};

    const std::vector<std::string_view> all = split(lower);
    const words w(all);
    std::size_t mark = 0;
    std::size_t length = 0;
    for (std::size_t i = 0; i < w.size() && length == 0; ++i) {
        mark = i;
        if (w[i] == "ratelimit") length = 1;
        if (w[i] == "rate" && i + 1 < w.size() && w[i + 1] == "limit") length = 2;
    }
    quota_field to;
    if (length == 0) {
        const bool pair = w.size() > 2 && w[w.size() - 2] == "call" && w.back() == "limit";
        if (!pair && lower != "sforce-limit-info") return {};
        to.part = quota_part::pair;
        to.family = lower;
        return to;
    }
    const words vendor = w.first(mark);
    if (!read_vendor(vendor, to) || !read_rest(w.subspan(mark + length), to)) return {};
    to.family = joined(vendor) + '/' + to.name;
    return to;
}

}  // namespace catena::codec
