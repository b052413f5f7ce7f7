#include "running.hpp"

#include "output_words.hpp"
#include "run_needs.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>

#include <chrono>
#include <csignal>
#include <utility>

namespace command {

namespace asio = boost::asio;

running::running(const run_words& words, terminal& talk, const catena::connector& c,
                 catena::range whole, output& into)
    : words_(words),
      talk_(talk),
      into_(into),
      view_(words, words.name.empty() ? c.name : words.name),
      watch_(view_.gauges(), moment),
      limits_(c.limits),
      signals_(context_, SIGINT, SIGTERM),
      tick_(context_),
      on_(context_.get_executor(), watched()),
      job_(on_, c, *into.data, options(std::move(whole)))
{
    // A port that cannot be had is told before anything is asked.
    if (const std::string where = view_.serve(context_.get_executor(), job_); !where.empty())
        talk_.say(where);
}

catena::error_code running::go()
{
    catena::error_code outcome;
    const auto ended = [&](catena::error_code ec, const catena::audit_report&) {
        outcome = ec;
        over_ = true;
        signals_.clear();  // what is left to write may be interrupted as any program may
        signals_.cancel();
        tick_.cancel();
    };
    job_.run(asio::bind_cancellation_slot(stop_.slot(), ended));
    listen();
    draw();
    if (!view_.serves()) context_.run();
    while (!over_ && context_.run_one() != 0) {
    }
    view_.end(job_, in_a_word(outcome));
    return outcome;
}

void running::farewell()
{
    if (!view_.serves()) return;
    context_.restart();
    signals_.clear();
    signals_.add(SIGINT);
    signals_.add(SIGTERM);
    signals_.async_wait([this](catena::error_code ec, int) {
        if (!ec) context_.stop();
    });
    view_.finish([this] { context_.stop(); });
    context_.run();
    signals_.clear();
    signals_.cancel();
    view_.stop();
    context_.restart();
    context_.run();
}

catena::engine_options running::watched()
{
    catena::engine_options o;
    o.watch = &watch_;
    return o;
}

catena::job_options running::options(catena::range whole)
{
    catena::job_options o;
    o.name = into_.is_text ? name_of_dataset : words_.name;
    o.workers = words_.workers;
    o.most_pages = words_.max_pages;
    o.divides = !into_.is_folder;
    o.whole = std::move(whole);
    o.limits = patience_of(words_);
    if (ui::gauges* const to = view_.gauges(); to != nullptr)
        o.on_chain = [to](const catena::job_chain& c) { to->on_chain(c, moment()); };
    return o;
}

std::string running::in_a_word(const catena::error_code& ec) const
{
    if (interrupted_) return "interrupted";
    if (ec == asio::error::operation_aborted) return "stopped early";
    if (ec) return "failed";
    switch (job_.report().is) {
        case catena::verdict::complete: return "complete";
        case catena::verdict::unverified: return "unverified";
        case catena::verdict::incomplete: break;
    }
    return "incomplete";
}

// The first signal saves; the second one ends the process as if nobody listened, which the
// store survives as it does any other end.
void running::listen()
{
    signals_.async_wait([this](catena::error_code ec, int) {
        if (ec) return;
        interrupted_ = true;
        signals_.clear();
        talk_.tell("stopping; what was fetched is being saved (again to end at once)");
        stop_.emit(asio::cancellation_type::terminal);
    });
}

progress running::standing(bool begun, catena::time_point now) const
{
    const catena::job_progress& so_far = job_.progress();
    progress p;
    p.begun = begun;
    p.records = so_far.records;
    p.total = so_far.expected;
    p.chains = so_far.chains;
    p.ended = so_far.ended;
    p.a_second = pace_.a_second();
    const catena::budget_state budget = job_.budget();
    p.budget.in_flight = budget.in_flight;
    p.budget.most_in_flight = budget.bound;
    p.budget.a_second = asked_.a_second();
    p.budget.allowed_a_second = allowed_a_second(limits_);
    p.recoveries = watch_.recoveries;
    p.retries = watch_.retries;
    if (watch_.held_until > now) p.hold = watch_.held_until - now;
    return p;
}

void running::draw()
{
    const catena::time_point now = moment();
    const catena::job_progress& so_far = job_.progress();
    view_.look(job_);
    // What earlier runs have fetched is no pace of this one.
    const bool begun = so_far.chains != 0;
    if (begun) pace_.on_count(so_far.records, now);
    asked_.on_count(watch_.requests, now);
    if (talk_.due(now)) talk_.draw(to_line(standing(begun, now), talk_.width()), now);
    tick_.expires_after(std::chrono::milliseconds(100));
    tick_.async_wait([this](catena::error_code ec) {
        if (!ec && !over_) draw();
    });
}

}  // namespace command
