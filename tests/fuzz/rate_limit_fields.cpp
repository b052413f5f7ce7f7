// Whatever a server writes into quota fields, what is read of them is sane, bounded in number and
// says each thing once.
#include <catena/codec/rate_limit_fields.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace catena;

constexpr duration longest = std::chrono::hours(24 * 366 + 1);

void check(const std::vector<quota_signal>& all)
{
    if (all.size() > most_quota_signals) std::abort();
    std::set<std::string> names;
    for (const quota_signal& s : all) {
        if (!names.insert(s.name).second) std::abort();
        if (!s.limit && !s.remaining && !s.reset_in) std::abort();
        if (s.limit == std::uint64_t(0)) std::abort();
        if (s.limit && s.remaining && *s.remaining > *s.limit) std::abort();
        if (s.reset_in && (*s.reset_in < duration::zero() || *s.reset_in > longest)) std::abort();
        if (s.window && (*s.window <= duration::zero() || *s.window > longest)) std::abort();
    }
}

signals_rule rule_of(const std::vector<header_view>& headers, time_form as)
{
    const auto place = [&](std::size_t i) {
        return signal_place(signal_place::place::header,
                            std::string(headers[i % headers.size()].name));
    };
    quota_rule q;
    q.limit = place(0);
    q.used = place(1);
    q.reset = place(2);
    q.window = place(3);
    q.reset_as = q.window_as = as;
    signals_rule rule;
    rule.quotas.push_back(q);
    return rule;
}

}  // namespace

// Lines "name: value".
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::vector<header_view> headers;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        const std::size_t colon = std::min(line.find(':'), line.size());
        headers.push_back({line.substr(0, colon), line.substr(std::min(colon + 1, line.size()))});
        at = end + 1;
    }
    const response_head head{200, 11, headers};
    for (const int year : {1678, 1970, 2025, 2261}) {
        const wall_time received = std::chrono::sys_days(std::chrono::year(year) / 2 / 28);
        check(read_rate_limit_fields(head, received));
    }
    const wall_time received = std::chrono::sys_days(std::chrono::year(2025) / 6 / 3);
    for (int as = 0; as <= static_cast<int>(time_form::text); ++as)
        check(read_rate_limit_fields(head, received, rule_of(headers, static_cast<time_form>(as))));
    return 0;
}
