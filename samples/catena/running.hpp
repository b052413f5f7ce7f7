#pragma once

#include "live_view.hpp"
#include "output.hpp"
#include "progress.hpp"
#include "terminal.hpp"
#include "ui/watch.hpp"
#include "words.hpp"
#include <catena/catena.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <string>

namespace command {

/// What a progress line needs beside the job's own counts.
struct watcher final : ui::watch {
    using ui::watch::watch;

    void on_notice(catena::chain_id walk, std::uint64_t page, const catena::notice& n) override
    {
        ui::watch::on_notice(walk, page, n);
        recoveries += n.what == catena::notice::kind::recovered ? 1 : 0;
        retries += n.what == catena::notice::kind::retry ? 1 : 0;
    }
    void on_hold(const budget_held& h) override
    {
        ui::watch::on_hold(h);
        held_until = catena::saturating_add(moment(), h.span);
    }
    void on_request(const request_sent& r) override
    {
        ui::watch::on_request(r);
        ++requests;
    }

    std::uint64_t requests = 0, recoveries = 0, retries = 0;
    catena::time_point held_until{};
};

/** One run: the job, what draws its progress, and what stops it.

    All of it is on one io_context, so nothing here is asked or told from another thread.
*/
class running {
public:
    /// All must outlive it, but for `c` and `whole`.
    running(const run_words& words, terminal& talk, const catena::connector& c, catena::range whole,
            output& into);

    /// How it failed; nothing if it did not.
    [[nodiscard]] catena::error_code go();
    /// Write the live page as it ended, if that is wanted. @throws disk_failure
    void report() const { view_.report(); }
    /// Wait a moment for open live pages to have the end, or for a signal.
    void farewell();

    [[nodiscard]] const catena::job& job() const { return job_; }
    [[nodiscard]] bool interrupted() const { return interrupted_; }

private:
    catena::engine_options watched();
    catena::job_options options(catena::range whole);
    [[nodiscard]] std::string in_a_word(const catena::error_code& ec) const;
    void listen();
    [[nodiscard]] progress standing(bool begun, catena::time_point now) const;
    void draw();

    const run_words& words_;
    terminal& talk_;
    const output& into_;
    boost::asio::io_context context_{1};
    live_view view_;
    watcher watch_;
    pace pace_, asked_;
    catena::limits_rule limits_;
    bool interrupted_ = false;
    bool over_ = false;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer tick_;
    boost::asio::cancellation_signal stop_;
    catena::engine on_;
    catena::job job_;
};

}  // namespace command
