#include "run/waiting_line.hpp"

namespace catena {

namespace {

bool ends_soon(const ticket& t, time_point now) noexcept
{
    return t.good_until <= saturating_add(now, waiting_line::near_end);
}

}  // namespace

void waiting_line::add(ticket& t)
{
    queue& q = queue_of(t);
    const auto turn = q.in_turn.emplace(t.number, &t).first;
    try {
        if (t.good_until != time_point::max())
            q.by_the_end.emplace(std::pair(t.good_until, t.number), &t);
    } catch (...) {
        q.in_turn.erase(turn);
        throw;
    }
    ++size_;
}

void waiting_line::remove(ticket& t) noexcept
{
    queue& q = queue_of(t);
    q.in_turn.erase(t.number);
    q.by_the_end.erase({t.good_until, t.number});
    --size_;
}

ticket* waiting_line::first(std::size_t lane, kind k, time_point now) const noexcept
{
    const queue& q = lanes_[lane][static_cast<std::size_t>(k)];
    if (q.in_turn.empty()) return nullptr;
    if (!q.by_the_end.empty() && ends_soon(*q.by_the_end.begin()->second, now))
        return q.by_the_end.begin()->second;
    return q.in_turn.begin()->second;
}

bool waiting_line::before(const ticket* a, const ticket* b, time_point now) noexcept
{
    if (a == nullptr || b == nullptr) return a != nullptr;
    const bool a_ends = ends_soon(*a, now);
    const bool b_ends = ends_soon(*b, now);
    if (a_ends != b_ends) return a_ends;
    if (a_ends && a->good_until != b->good_until) return a->good_until < b->good_until;
    return a->number < b->number;
}

std::vector<ticket*> waiting_line::all() const
{
    std::vector<ticket*> out;
    out.reserve(size_);
    for (const auto& l : lanes_)
        for (const queue& q : l)
            for (const auto& [number, t] : q.in_turn)
                out.push_back(t);
    return out;
}

}  // namespace catena
