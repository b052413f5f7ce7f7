#include "core/neighbours.hpp"

#include <catena/core/range_math.hpp>

#include <algorithm>
#include <utility>

namespace catena::core {

neighbours::neighbours(const range_rule& by, std::vector<std::string> at)
    : by_(&by), at_(std::move(at))
{
    std::sort(at_.begin(), at_.end(),
              [&](const std::string& a, const std::string& b) { return compare_in(by, a, b) < 0; });
    const auto same = [&](const std::string& a, const std::string& b) {
        return compare_in(by, a, b) == 0;
    };
    at_.erase(std::unique(at_.begin(), at_.end(), same), at_.end());
    cells_.resize(at_.size() + 1);
}

std::size_t neighbours::cell_of(const std::string& key) const
{
    const auto beyond = std::upper_bound(
        at_.begin(), at_.end(), key,
        [&](const std::string& a, const std::string& b) { return compare_in(*by_, a, b) < 0; });
    return static_cast<std::size_t>(beyond - at_.begin());
}

int neighbours::compare(const std::string& a, const std::string& b) const
{
    const std::strong_ordering order = compare_in(*by_, a, b);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

void neighbours::keep(std::optional<found>& best, const std::string& key, int side) const
{
    const int order = best ? compare(key, best->key) : side;
    if (order == 0) ++best->records;
    if (order == side) best = found{key, 1};
}

void neighbours::feed(const std::string& key)
{
    if (!is_border(*by_, key)) return;
    const std::size_t i = cell_of(key);
    cell& c = cells_[i];
    keep(i != 0 && compare(key, at_[i - 1]) == 0 ? c.equal : c.least, key, -1);
    keep(c.most, key, 1);
}

std::optional<neighbours::found> neighbours::first_from(std::size_t from) const
{
    for (; from < cells_.size(); ++from) {
        if (cells_[from].equal) return cells_[from].equal;
        if (cells_[from].least) return cells_[from].least;
    }
    return std::nullopt;
}

std::optional<neighbours::found> neighbours::last_before(std::size_t end) const
{
    while (end != 0)
        if (cells_[--end].most) return cells_[end].most;
    return std::nullopt;
}

std::optional<neighbours::found> neighbours::first() const { return first_from(0); }
std::optional<neighbours::found> neighbours::last() const { return last_before(cells_.size()); }

std::optional<neighbours::found> neighbours::before(const std::string& place) const
{
    return last_before(cell_of(place));
}

std::optional<neighbours::found> neighbours::from(const std::string& place) const
{
    const std::size_t i = cell_of(place);
    return cells_[i].equal ? cells_[i].equal : behind(place);
}

std::optional<neighbours::found> neighbours::behind(const std::string& place) const
{
    const std::size_t i = cell_of(place);
    return cells_[i].least ? cells_[i].least : first_from(i + 1);
}

}  // namespace catena::core
