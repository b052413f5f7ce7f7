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
        by_age_.emplace(now, c.id);
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
    by_age_.erase({s.begun, c.id});
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
    std::vector<strip> out = done_;
    for (const auto& [begun, id] : by_age_) {
        if (out.size() == done_.size() + most) break;
        out.push_back(walking_.at(id));
        out.back().ended = now;
    }
    std::sort(out.begin(), out.end(), longer);
    out.resize(std::min(most, out.size()));
    return out;
}

}  // namespace ui
