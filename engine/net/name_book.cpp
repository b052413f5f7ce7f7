#include "net/name_book.hpp"

#include <algorithm>
#include <utility>

namespace catena::net {

using boost::asio::ip::address;

addresses in_order_of_trial(addresses found, const std::optional<address>& worked_last)
{
    constexpr std::size_t most = 32;
    if (found.empty()) return found;

    bool v6_first = found.front().is_v6();
    if (worked_last) {
        const auto same = std::find(found.begin(), found.end(), *worked_last);
        if (same != found.end()) std::rotate(found.begin(), same, std::next(same));
        const bool v6 = worked_last->is_v6();
        if (std::any_of(found.begin(), found.end(),
                        [v6](const auto& a) { return a.is_v6() == v6; }))
            v6_first = v6;
    }

    addresses out;
    const auto end = found.end();
    const auto next_of = [&](auto from, bool v6) {
        return std::find_if(from, end, [v6](const address& a) { return a.is_v6() == v6; });
    };
    auto leading = next_of(found.begin(), v6_first);
    auto other = next_of(found.begin(), !v6_first);
    while (out.size() < most && (leading != end || other != end)) {
        if (leading != end) {
            out.push_back(*leading);
            leading = next_of(std::next(leading), v6_first);
        }
        if (other != end && out.size() < most) {
            out.push_back(*other);
            other = next_of(std::next(other), !v6_first);
        }
    }
    return out;
}

const addresses* name_book::find(const std::string& host, time_point now)
{
    const auto at = entries_.find(host);
    if (at == entries_.end()) return nullptr;
    at->second.used = now;
    if (now >= at->second.good_until) return nullptr;
    at->second.found = in_order_of_trial(std::move(at->second.found), at->second.worked);
    return &at->second.found;
}

const addresses& name_book::learn(const std::string& host, addresses found, time_point now)
{
    if (!entries_.contains(host)) make_room();
    entry& e = entries_[host];
    e.found = in_order_of_trial(std::move(found), e.worked);
    e.good_until = saturating_add(now, kept_);
    e.used = now;
    return e.found;
}

void name_book::worked(const std::string& host, const address& address)
{
    if (const auto at = entries_.find(host); at != entries_.end()) at->second.worked = address;
}

void name_book::distrust(const std::string& host)
{
    if (const auto at = entries_.find(host); at != entries_.end())
        at->second.good_until = time_point::min();
}

void name_book::make_room()
{
    constexpr std::size_t most = 1000;
    if (entries_.size() < most) return;
    entries_.erase(std::min_element(
        entries_.begin(), entries_.end(),
        [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
}

}  // namespace catena::net
