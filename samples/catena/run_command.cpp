#include "closing.hpp"
#include "commands.hpp"
#include "output.hpp"
#include "output_words.hpp"
#include "progress.hpp"
#include "run_needs.hpp"
#include "story.hpp"
#include <catena/catena.hpp>
#include <catena/codec/audit_text.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace command {

namespace asio = boost::asio;

namespace {

catena::time_point moment()
{
    return catena::time_point(std::chrono::steady_clock::now().time_since_epoch());
}

/// What a progress line needs beside the job's own counts.
struct watcher final : catena::observer {
    void on_notice(catena::chain_id, std::uint64_t, const catena::notice& n) override
    {
        recoveries += n.what == catena::notice::kind::recovered ? 1 : 0;
        retries += n.what == catena::notice::kind::retry ? 1 : 0;
    }
    void on_hold(const budget_held& h) override { held_until = moment() + h.span; }
    void on_request(const request_sent& r) override
    {
        ++requests;
        asking.insert(r.chain);
    }
    void on_answer(const answer_received& a) override { asking.erase(a.chain); }
    void on_end(const chain_ended& e) override { asking.erase(e.chain); }
    void on_failure(catena::chain_id chain, const catena::diagnostics&) override
    {
        asking.erase(chain);
    }

    std::uint64_t requests = 0, recoveries = 0, retries = 0;
    std::set<catena::chain_id> asking;  // each asks for one page at a time
    catena::time_point held_until{};
};

catena::chain_limits patience_of(const run_words& words)
{
    catena::chain_limits limits;
    if (!words.max_wait.empty()) limits.longest_hold = span_of("--max-wait", words.max_wait);
    return limits;
}

/* One run: the job, what draws its progress, and what stops it. All of it is on one io_context, so
   nothing here is asked or told from another thread. */
class running {
public:
    running(const run_words& words, terminal& talk, const catena::connector& c, catena::range whole,
            output& into)
        : words_(words),
          talk_(talk),
          into_(into),
          limits_(c.limits),
          signals_(context_, SIGINT, SIGTERM),
          tick_(context_),
          on_(context_.get_executor(), watched()),
          job_(on_, c, *into.data, options(std::move(whole)))
    {
    }

    /// How it failed; nothing if it did not.
    catena::error_code go()
    {
        catena::error_code outcome;
        const auto ended = [&](catena::error_code ec, const catena::audit_report&) {
            outcome = ec;
            over_ = true;
            signals_.cancel();
            tick_.cancel();
        };
        job_.run(asio::bind_cancellation_slot(stop_.slot(), ended));
        listen();
        draw();
        context_.run();
        return outcome;
    }

    [[nodiscard]] const catena::job& job() const { return job_; }
    [[nodiscard]] bool interrupted() const { return interrupted_; }

private:
    catena::engine_options watched()
    {
        catena::engine_options o;
        o.watch = &watch_;
        return o;
    }

    catena::job_options options(catena::range whole)
    {
        catena::job_options o;
        o.name = into_.is_text ? name_of_dataset : words_.name;
        o.workers = words_.workers;
        o.most_pages = words_.max_pages;
        o.whole = std::move(whole);
        o.limits = patience_of(words_);
        return o;
    }

    // The first signal saves; the second one ends the process as if nobody listened, which the
    // store survives as it does any other end.
    void listen()
    {
        signals_.async_wait([this](catena::error_code ec, int) {
            if (ec) return;
            interrupted_ = true;
            signals_.clear();
            talk_.tell("stopping; what was fetched is being saved (again to end at once)");
            stop_.emit(asio::cancellation_type::terminal);
        });
    }

    [[nodiscard]] progress standing(bool begun, catena::time_point now) const
    {
        const catena::job_progress& so_far = job_.progress();
        progress p;
        p.begun = begun;
        p.records = so_far.records;
        p.total = so_far.expected;
        p.chains = so_far.chains;
        p.ended = so_far.ended;
        p.a_second = pace_.a_second();
        p.budget.in_flight = watch_.asking.size();
        p.budget.most_in_flight = limits_.concurrency;
        p.budget.a_second = asked_.a_second();
        p.budget.allowed_a_second = allowed_a_second(limits_);
        p.recoveries = watch_.recoveries;
        p.retries = watch_.retries;
        if (watch_.held_until > now) p.hold = watch_.held_until - now;
        return p;
    }

    void draw()
    {
        const catena::time_point now = moment();
        const catena::job_progress& so_far = job_.progress();
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

    const run_words& words_;
    terminal& talk_;
    const output& into_;
    watcher watch_;
    pace pace_, asked_;
    catena::limits_rule limits_;
    bool interrupted_ = false;
    bool over_ = false;
    asio::io_context context_{1};
    asio::signal_set signals_;
    asio::steady_timer tick_;
    asio::cancellation_signal stop_;
    catena::engine on_;
    catena::job job_;
};

void require_one_page(const run_words& words)
{
    if (words.output == "-" && words.format.empty() && words.report.empty() &&
        words.max_pages == 0 && words.state.empty())
        return;
    throw std::invalid_argument(
        "--one-page only prints: it goes with none of --output, --format, "
        "--state, --report and --max-pages");
}

std::string what_is_safe(const running& r, const output& into)
{
    const std::string count = in_groups(r.job().progress().records);
    return count +
           (into.singer != nullptr ? " records were written to " : " records are safe in ") +
           into.where;
}

/// What has been written to a stream is not written again.
std::string appended(const output& into)
{
    return into.stream ? "\nappending (>>) to what was written" : "";
}

std::string resuming_command(const output& into, const run_words& words)
{
    if (into.singer == nullptr) return "go on with\n  " + words.again + appended(into);
    return "go on from the last STATE that the target has told, its value in the file of --state:"
           "\n  " +
           words.again;
}

std::string to_begin_anew(const output& into)
{
    if (into.singer != nullptr) return "leave --state out, or name another file";
    if (!into.is_text) return "take another --output or --name";
    return "take another --output, or remove " +
           (into.path.empty() ? std::string() : into.path + ", ") + into.state + " and " +
           into.state + ".lock";
}

exit_code tell_stop(const running& r, const output& into, const run_words& words, terminal& talk)
{
    if (into.resumable)
        talk.tell(what_is_safe(r, into) + "; " + resuming_command(into, words));
    else
        talk.tell(in_groups(r.job().progress().records) +
                  " records were written; nothing was kept to go on from. With --output FILE or "
                  "--state FILE the same command resumes");
    return r.interrupted() ? interrupted : stopped;
}

// What was kept, and the command that goes on with it.
std::string how_to_go_on(const running& r, const output& into, const run_words& words)
{
    if (!into.resumable)
        return "nothing was kept to go on from: the next run begins anew. With --output FILE or "
               "--state FILE the same command resumes";
    if (r.job().progress().pages == 0)
        return "nothing was fetched yet; when the cause is mended, go on with\n  " + words.again;
    return what_is_safe(r, into) + "; when the cause is mended, " + resuming_command(into, words);
}

exit_code tell_failure(const running& r, output& into, const run_words& words,
                       const catena::error_code& ec, terminal& talk)
{
    if (into.reader_gone()) {
        talk.tell("whoever read the output has gone");
        return pipe_closed;
    }
    // A store whose disk failed may have kept what it could not tell of.
    if (r.job().progress().pages == 0 && code_of(ec) != disk) into.made->drop();
    if (into.columns && !into.columns->refusal().empty()) {
        talk.say("catena: " + into.columns->refusal());
        if (r.job().progress().records != 0) talk.say(what_is_safe(r, into));
        return usage;
    }
    catena::diagnostics why = r.job().why();
    if (!why.code) why.code = ec;
    if (ec == catena::errc::job_changed || ec == catena::errc::bad_checkpoint)
        why.mend = to_begin_anew(into);
    talk.say(story_of(why, into.resumable ? prospect::resumes : prospect::begins_anew));
    const exit_code as = code_of(ec);
    if (as != usage) talk.say(how_to_go_on(r, into, words));
    return as;
}

exit_code tell_end(const running& r, const output& into, const run_words& words, terminal& talk)
{
    const catena::audit_report& audit = r.job().report();
    const closing said = closing_of(audit, words.report);
    const exit_code as = code_of(audit.is, words.lenient);
    talk.tell(said.line);
    for (const std::string& each : said.trouble)
        if (as == done)
            talk.tell("  - " + each);
        else
            talk.say((talk.is_quiet() ? said.verdict + ": " : "  - ") + each);
    if (into.resumable && audit.counts.requests == 0)
        talk.tell("it was complete already, and nothing was asked; to fetch it anew " +
                  to_begin_anew(into));
    return as;
}

exit_code tell_outcome(const running& r, output& into, const run_words& words,
                       const catena::error_code& ec, terminal& talk)
{
    if (!words.report.empty()) write_report(words.report, r.job().report());
    if (ec == asio::error::operation_aborted) return tell_stop(r, into, words, talk);
    if (ec) return tell_failure(r, into, words, ec, talk);
    into.finish(r.job().progress().records != 0);
    return tell_end(r, into, words, talk);
}

}  // namespace

exit_code run(const run_words& words, terminal& talk)
{
    const catena::connector c = load_connector_file(words.connector);
    const catena::chain_limits patience = patience_of(words);
    if (words.dry_run) return dry_run(c, talk);
    if (words.one_page) require_one_page(words);
    if (words.one_page) return show_one_page(c, patience, talk);
    const catena::range whole = wanted_part(c, words);
    require_report(words.report);
    const auto warn = [&](const std::string& text) { talk.say(text); };
    for (bool again = false;; again = true) {
        output into = open_output(words, c, warn);
        running r(words, talk, c, whole, into);
        into.made->keep();
        const catena::error_code ec = r.go();
        // A connector that was mended before anything came just begins.
        const std::string& name = words.name.empty() ? c.name : words.name;
        if (!again && ec == catena::errc::job_changed && into.holds_nothing_of(name)) {
            into.made->disown();
            continue;
        }
        return tell_outcome(r, into, words, ec, talk);
    }
}

}  // namespace command
