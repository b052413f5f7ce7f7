#pragma once

#include "ui/gauges.hpp"
#include <catena/core/time.hpp>
#include <catena/observer.hpp>

#include <functional>
#include <utility>

namespace ui {

/// Passes an engine's events on to gauges, with the time that a clock tells.
class watch : public catena::observer {
public:
    using clock = std::function<catena::time_point()>;

    /// @param to   May be null: then nothing is gathered. Must outlive this.
    watch(gauges* to, clock now) : to_(to), now_(std::move(now)) {}

    void on_request(const request_sent&) override
    {
        if (to_ != nullptr) to_->on_request();
    }
    void on_answer(const answer_received& a) override
    {
        if (to_ != nullptr) to_->on_answer(a, now_());
    }
    void on_page(const page_delivered& p) override
    {
        if (to_ != nullptr) to_->on_page(p);
    }
    void on_notice(catena::chain_id walk, std::uint64_t, const catena::notice& n) override
    {
        if (to_ != nullptr) to_->on_notice(walk, n.what, now_());
    }
    void on_hold(const budget_held& h) override
    {
        if (to_ != nullptr) to_->on_hold(h.span, now_());
    }
    void on_failure(catena::chain_id, const catena::diagnostics&) override
    {
        if (to_ != nullptr) to_->on_failure();
    }

private:
    gauges* to_;
    clock now_;
};

}  // namespace ui
