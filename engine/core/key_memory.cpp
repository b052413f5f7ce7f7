#include "core/key_memory.hpp"

#include <algorithm>

namespace catena {

bool counts_pages(const connector& c) noexcept
{
    return std::any_of(c.next.from.begin(), c.next.from.end(), [](const token_source& s) {
        return s.from == token_source::place::counter;
    });
}

key_memory::reach key_memory::needed(const connector& c) noexcept
{
    const bool sorted = c.sorted != order::none;
    if (!sorted && c.expiry.recover.by == recovery_rule::method::rescan) return reach::everything;
    if (counts_pages(c)) return reach::recent;
    return sorted && c.ties ? reach::group : reach::page;
}

key_memory::key_memory(const connector& c, const checkpoint& from, const chain_limits& limits)
    : reach_(needed(c)), recent_(limits.recent_records), everything_(limits.known_records)
{
    if (reach_ == reach::everything) add(from.known, false, from.skipping);
    add(from.ties, false, from.skipping);
}

void key_memory::add(std::span<const identity> more, bool anew, bool skipping)
{
    if (anew && (reach_ == reach::page || reach_ == reach::group)) known_.clear();
    for (const identity id : more)
        if (known_.insert(id).second && reach_ == reach::recent) order_.push_back(id);
    // The last page counts whole, however long it is: it may come again as it was.
    while (order_.size() > std::max(recent_, more.size())) {
        known_.erase(order_.front());
        order_.pop_front();
    }
    // Too many for a rescan: then it is refused, and the last page is all that matters. But one
    // that is under way still brings all that came before it.
    if (reach_ == reach::everything && !skipping && known_.size() > everything_)
        reach_ = reach::page;
}

}  // namespace catena
