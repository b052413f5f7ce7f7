#include "ui/strips.hpp"

#include <algorithm>
#include <utility>

namespace ui {

namespace {

using state = catena::job_chain::state;

double length(const strip& s) { return s.ended - s.begun; }

bool longer(const strip& a, const strip& b)
{
    if (length(a) != length(b)) return length(a) > length(b);
    return a.last.id < b.last.id;
}

}  // namespace

std::uint64_t strips::on_chain(const catena::job_chain& c, double now)
{
    const auto [at, fresh] = walking_.try_emplace(c.id);
    strip& s = at->second;
    if (fresh) {
        s.begun = now;
        std::erase_if(done_, [&](const strip& d) { return d.last.id == c.id; });
    }
    const auto before = static_cast<std::uint64_t>(s.last.walk);
    const auto walk = static_cast<std::uint64_t>(c.walk);
    if (before != walk) {
        ids_.erase(before);
        if (walk != 0) ids_[walk] = c.id;
    }
    const std::uint64_t added = c.records - s.last.records;
    s.last = c;
    if (c.is == state::walking) return added;

    ids_.erase(walk);
    s.ended = now;
    done_.push_back(std::move(s));
    walking_.erase(at);
    if (done_.size() <= most) return added;
    std::iter_swap(std::max_element(done_.begin(), done_.end(), longer), done_.end() - 1);
    done_.pop_back();
    return added;
}

void strips::on_trouble(catena::chain_id walk, trouble what, double now)
{
    const auto id = ids_.find(static_cast<std::uint64_t>(walk));
    if (id == ids_.end()) return;
    strip& s = walking_.at(id->second);
    ++s.troubles;
    if (s.marks.size() < strip::most_marks) s.marks.push_back({now, what});
}

std::vector<strip> strips::slowest(double now) const
{
    std::vector<std::pair<double, const strip*>> all;
    all.reserve(walking_.size() + done_.size());
    for (const auto& [id, s] : walking_)
        all.emplace_back(now - s.begun, &s);
    for (const strip& s : done_)
        all.emplace_back(length(s), &s);
    const auto first = [](const auto& a, const auto& b) {
        if (a.first != b.first) return a.first > b.first;
        return a.second->last.id < b.second->last.id;
    };
    const std::size_t n = std::min(most, all.size());
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n), all.end(), first);
    std::vector<strip> out;
    out.reserve(n);
    for (std::size_t i = 0; i < n; ++i) {
        out.push_back(*all[i].second);
        if (out.back().last.is == state::walking) out.back().ended = now;
    }
    return out;
}

}  // namespace ui
