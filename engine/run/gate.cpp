#include "run/gate.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace catena {

gate::gate(timekeeper& clock, std::shared_ptr<alarm> wakes)
    : clock_(clock), wakes_(std::move(wakes))
{
}

gate::~gate() { wakes_->cancel(*this); }

gate::queue& gate::queue_of(const waiter& w) noexcept
{
    return lanes_[static_cast<std::size_t>(w.lane_)][w.wants_.repeat ? 1 : 0];
}

void gate::ask(waiter& w, const budget::request& r, lane l, time_point good_until)
{
    w.number_ = ++last_number_;
    w.wants_ = r;
    w.lane_ = l;
    w.good_until_ = good_until;
    queue& q = queue_of(w);
    q.in_turn.emplace(w.number_, &w);
    if (good_until != time_point::max()) q.by_the_end.emplace(std::pair(good_until, w.number_), &w);
    ++waiting_;
    pump();
}

void gate::withdraw(waiter& w) noexcept
{
    if (w.number_ == 0) return;
    queue& q = queue_of(w);
    q.in_turn.erase(w.number_);
    q.by_the_end.erase({w.good_until_, w.number_});
    w.number_ = 0;
    if (--waiting_ == 0) wakes_->cancel(*this);
}

void gate::release(const budget::permit& p, exchange_outcome how,
                   std::span<const quota_signal> told)
{
    budget_.release(p, how, told, clock_.now());
}

bool gate::hold_until(time_point t)
{
    if (t <= budget_.held_until()) return false;
    budget_.hold_until(t);
    std::vector<waiter*> waiting;  // those that are told may leave
    waiting.reserve(waiting_);
    for (const auto& l : lanes_)
        for (const queue& q : l)
            for (const auto& [number, w] : q.in_turn)
                waiting.push_back(w);
    for (waiter* w : waiting)
        w->held(t);
    return true;
}

gate::waiter* gate::first_of(const queue& q, time_point now) noexcept
{
    if (q.in_turn.empty()) return nullptr;
    if (!q.by_the_end.empty()) {
        const auto& [end, w] = *q.by_the_end.begin();
        if (end.first <= saturating_add(now, near_end)) return w;
    }
    return q.in_turn.begin()->second;
}

void gate::pump()
{
    if (pumping_) return;  // a grant asked again: the loop below sees it
    pumping_ = true;
    struct reset {
        bool& flag;
        ~reset() { flag = false; }
    } const at_end{pumping_};

    while (waiting_ != 0) {
        const time_point now = clock_.now();
        time_point then = time_point::max();
        waiter* next = nullptr;
        for (std::size_t l = 0; l < lanes_.size() && next == nullptr; ++l) {
            waiter* const first = first_of(lanes_[l][0], now);
            waiter* const repeat = first_of(lanes_[l][1], now);
            const bool repeat_leads =
                repeat != nullptr && (first == nullptr || repeat->number_ < first->number_);
            for (waiter* const w : {repeat_leads ? repeat : first, repeat_leads ? first : repeat}) {
                if (w == nullptr || next != nullptr) continue;
                const time_point t = budget_.earliest(now, w->wants_);
                if (t <= now) next = w;
                then = std::min(then, t);
            }
            // What a lane could send now or later goes before all of the lanes behind it, but for
            // repeats that wait for their own quota.
            if (first != nullptr) break;
        }
        if (next == nullptr) {
            if (then != time_point::max()) wakes_->set(*this, then);
            return;
        }
        const budget::permit p = budget_.take(now, next->wants_);
        withdraw(*next);
        next->granted(p);
    }
}

}  // namespace catena
