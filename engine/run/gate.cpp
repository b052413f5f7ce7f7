#include "run/gate.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace catena {

gate::gate(timekeeper& clock, std::shared_ptr<alarm> wakes, boost::asio::any_io_executor ex,
           std::shared_ptr<common_budget> common)
    : clock_(clock),
      wakes_(std::move(wakes)),
      common_(std::move(common)),
      bell_(std::make_shared<doorbell>(std::move(ex), *this)),
      me_(common_->join(bell_))
{
}

gate::~gate()
{
    leave();
    wakes_->cancel(*this);
}

void gate::leave() noexcept
{
    if (std::exchange(left_, true)) return;
    bell_->close();
    ring(common_->leave(*me_));
}

void gate::ask(waiter& w, const budget::request& r, lane l, time_point good_until)
{
    w.place_.wants = r;
    w.place_.goes = l;
    w.place_.good_until = good_until;
    common_->ask(*me_, w.place_);
    pump();
}

void gate::withdraw(waiter& w) noexcept
{
    if (w.place_.number == 0) return;
    bells to_ring;
    if (common_->withdraw(*me_, w.place_, to_ring)) wakes_->cancel(*this);
    ring(to_ring);
}

void gate::release(const budget::permit& p, exchange_outcome how,
                   std::span<const quota_signal> told, error_code why)
{
    if (left_) return;  // leave() has given it back, and the clock may be gone
    bells to_ring;
    common_->release(*me_, p, how, told, why, clock_.now(), to_ring);
    ring(to_ring);
}

bool gate::hold_until(time_point t, duration later)
{
    bells to_ring;
    if (!common_->hold_until(*me_, t, later, to_ring)) return false;
    ring(to_ring);
    told_ = std::max(told_, t);
    tell_held(t);
    return true;
}

bool gate::is_news(const other_limit& l)
{
    constexpr std::size_t most = 16;  // a server that makes up names is not repeated for ever
    const bool known = std::any_of(heard_of_.begin(), heard_of_.end(), [&](const other_limit& h) {
        return h.name == l.name && h.unit == l.unit;
    });
    if (known || heard_of_.size() == most) return false;
    heard_of_.push_back(l);
    return true;
}

void gate::tell_held(time_point t)
{
    for (ticket* const one : common_->waiting(*me_))  // those that are told may leave
        static_cast<waiter::place*>(one)->of->held(t);
}

void gate::come()
{
    const common_budget::news n = common_->came(*me_);
    if (n.held) tell_held(*n.held);
    if (n.failure && news_) news_();
    pump();
}

void gate::pump(bool woken)
{
    if (pumping_ || left_) return;  // a grant asked again: the loop of grant_all() sees it
    grant_all(woken);
    if (left_) return;
    const time_point shut = shut_until();
    if (shut > std::exchange(told_, std::max(told_, shut))) tell_held(shut);
}

void gate::grant_all(bool woken)
{
    pumping_ = true;
    struct reset {
        bool& flag;
        ~reset() { flag = false; }
    } const at_end{pumping_};

    for (bool first = true; !left_; first = false) {
        const common_budget::decision d = common_->next(*me_, clock_.now(), woken && first);
        ring(d.to_ring);
        if (d.granted == nullptr) {
            if (d.wake) wakes_->set(*this, *d.wake);
            // A timer without a purpose keeps a program's io_context from running out.
            if (d.idle) wakes_->cancel(*this);
            return;
        }
        static_cast<waiter::place*>(d.granted)->of->granted(d.permit);
    }
}

}  // namespace catena
