#include "run/job_impl.hpp"

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace catena {

namespace asio = boost::asio;

// The same fault would meet every other chain too.
bool concerns_all(const error_code& ec)
{
    return ec == condition::mend_request || ec == condition::misuse || ec == errc::range_broken ||
           ec == errc::bad_secret || ec == errc::hold_too_long;
}

namespace {

const audit_report no_report{};
const job_progress no_progress{};
const diagnostics no_story{};

void require_usable(const connector& c, const job_options& o)
{
    require_valid(c);
    std::string text;
    if (o.workers == 0) text = "job_options::workers must be at least 1";
    if (!o.whole.over.empty() && o.whole.over.size() != c.range.size())
        text = "job_options::whole needs one interval for each range of the connector, " +
               std::to_string(c.range.size());
    if (!(o.strays >= 0 && o.strays <= 1)) text = "job_options::strays must be from 0 to 1";
    if (o.grace < duration::zero()) text = "job_options::grace must not be negative";
    if (!(o.audit.most_shrinking >= 0 && o.audit.most_shrinking <= 1))
        text = "audit_options::most_shrinking must be from 0 to 1";
    if (!o.previous.empty() && o.previous == (o.name.empty() ? c.name : o.name))
        text = "job_options::previous must name another job";
    if (!text.empty()) throw std::invalid_argument(text);
}

}  // namespace

job::impl::impl(engine& e, std::shared_ptr<engine::impl> h, connector c, store& s, job_options o)
    : on(&e),
      home(std::move(h)),
      executor(e.get_executor()),
      data(&s),
      options(std::move(o)),
      changed(executor),
      left(executor)
{
    // A chain of its own would end at the window; a job's chains are cut short of it.
    if (c.window.past == window_rule::action::split) window = std::exchange(c.window, {});
    contract = std::make_shared<const connector>(std::move(c));
    whole = home->prepare(contract);
    look_at_rules();
    if (!contract->discovery) return;
    const std::size_t ahead = options.ahead != 0 ? options.ahead : 4 * options.workers;
    discovery.emplace(*home, *contract, options.limits, ahead);
}

job::job(engine& on, connector c, store& into, job_options options) : executor_(on.get_executor())
{
    require_usable(c, options);
    impl_ = std::make_shared<impl>(on, on.impl_, std::move(c), into, std::move(options));
}

job::job(job&&) noexcept = default;

job& job::operator=(job&& other) noexcept
{
    if (this == &other) return *this;
    if (impl_) abandon(std::move(impl_));
    executor_ = other.executor_;
    impl_ = std::move(other.impl_);
    return *this;
}

job::~job()
{
    if (impl_) abandon(std::move(impl_));
}

void job::abandon(std::shared_ptr<impl> self)
{
    if (self->home->closed) return;
    const asio::any_io_executor ex = self->executor;
    asio::post(ex, [self = std::move(self)] {
        self->abandoned = true;
        self->stop();
    });
}

void job::start_run(const std::shared_ptr<impl>& self, const asio::any_io_executor& ex,
                    report_handler h)
{
    auto slot = asio::get_associated_cancellation_slot(h);
    const asio::any_completion_executor on = asio::prefer(
        asio::get_associated_executor(h, ex), asio::execution::outstanding_work.tracked);
    // A signal stops this call, and no other one that comes later.
    struct call {
        std::atomic<bool> over = false;
        std::atomic<bool> cancelled = false;
    };
    const auto mine = std::make_shared<call>();
    if (slot.is_connected() && self) {
        slot.assign([self = std::weak_ptr(self), mine](asio::cancellation_type) {
            mine->cancelled = true;
            const auto alive = self.lock();
            if (!alive) return;
            asio::post(alive->executor, [alive, mine] {
                if (!mine->over && alive->running) alive->stop();
            });
        });
    }
    const auto answer = [on, mine, h = std::make_shared<report_handler>(std::move(h))](
                            error_code ec, audit_report report) {
        mine->over = true;
        asio::dispatch(on, [h, ec, report = std::move(report)]() mutable {
            std::move (*h)(ec, std::move(report));
        });
    };
    asio::post(ex, [self, mine, answer] {
        if (!self) return answer(errc::invalid_state, no_report);
        // The signal of a call that is refused stops nobody.
        if (self->running) return answer(errc::busy, no_report);
        if (self->abandoned || mine->cancelled)
            return answer(asio::error::operation_aborted, no_report);
        self->running = true;
        asio::co_spawn(self->executor, impl::go(self), [self, answer](std::exception_ptr e) {
            if (e) self->fail(e);
            self->running = false;
            if (self->grace_over) self->grace_over->emit(asio::cancellation_type::terminal);
            error_code ec = self->why.code;
            if (!ec && self->stopping) ec = asio::error::operation_aborted;
            answer(ec, self->told);
        });
    });
}

asio::awaitable<audit_report> job::run()
{
    const auto self = impl_;
    constexpr auto tuple = asio::as_tuple(asio::deferred);
    auto call = run(tuple);
    auto [ec, report] = co_await std::move(call);
    if (!ec) co_return std::move(report);
    diagnostics story;
    if (self && self->why.code == ec) story = self->why;
    story.code = ec;
    throw failure(std::move(story));
}

const job_progress& job::progress() const { return impl_ ? impl_->progress : no_progress; }
budget_state job::budget() const
{
    return impl_ && impl_->whole->queue ? impl_->whole->queue->state() : budget_state();
}
const audit_report& job::report() const { return impl_ ? impl_->told : no_report; }
const diagnostics& job::why() const { return impl_ ? impl_->why : no_story; }

asio::awaitable<void> job::impl::go(std::shared_ptr<impl> self)
{
    impl& j = *self;
    j.facts = {};
    j.facts.begun = j.home->clock->wall_now();
    j.told = {};
    j.progress = {};
    j.stopped.clear();
    j.why = {};
    j.id = 0;
    j.claimed.clear();
    j.claiming = false;
    j.readable = j.knows_keys = false;
    j.previous = 0;
    j.looks = {};
    j.failed_in_a_row = 0;
    j.accepted = 0;
    j.traffic = std::make_shared<chain_counts>();
    j.recalled_strays = 0;
    j.borders_proven = false;
    j.first_key.reset();
    if (j.discovery) j.discovery->begin();
    j.foreseen = 0;
    j.told_total.reset();
    j.total_unheard = false;
    j.heard = {};
    j.capped_total = false;
    j.proving = false;
    j.look_probes = false;
    j.stopping = false;
    j.limited = false;
    j.grace_over.reset();
    j.unanswered.clear();
    j.calls = std::make_shared<store_calls>(j.executor);
    net::context_watch::add(j.executor, j.calls);
    const bool opened = co_await j.open();
    if (opened && !j.options.only_judges) {
        co_await j.walk_all(j.progress.chains - j.progress.ended);
        co_await j.look_again();
    }
    co_await j.close_report();
}

/// @param ready Chains that wait in the store.
asio::awaitable<void> job::impl::walk_all(std::uint64_t ready)
{
    co_await walk_ready(ready);
    // Another run that opened this job may have freed chains, or left some, of which nobody here
    // was told.
    while (!takes_no_more() && !has_enough()) {
        auto claim = ask_store<std::vector<chain_row>>(
            calls, [s = data, job = id, most = std::min<std::size_t>(options.workers, 64)](
                       auto done) { s->claim(job, most, done); });
        const auto reply = co_await std::move(claim);
        if (reply->why.code) fail(reply->why);
        if (reply->value.empty()) break;
        claimed.assign(reply->value.begin(), reply->value.end());
        if (discovery)
            discovery->open = std::any_of(claimed.begin(), claimed.end(), [](const chain_row& r) {
                return r.range == token_walk_text;
            });
        co_await walk_ready(claimed.size());
    }
    co_await give_back_claimed();
}

asio::awaitable<void> job::impl::walk_ready(std::uint64_t ready)
{
    const bool divides = options.divides && borders_proven;
    machine.emplace(divides ? divisible : nullptr, descending);
    machine->on_ready(ready);
    const bool finds = discovery && discovery->open;
    working = options.workers + (finds ? 1 : 0);
    for (std::size_t i = working; i > 0; --i) {
        asio::co_spawn(executor, work(shared_from_this()),
                       [self = shared_from_this()](std::exception_ptr e) {
                           if (e) self->fail(e);
                       });
    }
    while (working != 0) {
        auto end = left.wait();
        co_await std::move(end);
    }
    co_await give_back_claimed();
}

void job::impl::stop()
{
    stopping = true;
    probing.reset();
    for (const auto& [number, w] : walks)
        w->way.reset();
    changed.wake_all();
    limit_store();
}

// A store may wait for a full disk without a limit. Who has told the job to end does not.
void job::impl::limit_store()
{
    if (!running || home->closed || std::exchange(limited, true)) return;
    // A run whose store or context goes without a word is not there to call its timer off.
    const auto over = std::make_shared<asio::cancellation_signal>();
    grace_over = over;
    auto then = [weak = weak_from_this(), of = calls, over](error_code ec) {
        const auto self = weak.lock();
        if (!ec && self && self->running && self->calls == of) self->give_up_store();
    };
    home->clock->async_wait_until(
        saturating_add(home->clock->now(), options.grace),
        asio::bind_cancellation_slot(over->slot(), asio::bind_executor(executor, std::move(then))));
}

void job::impl::give_up_store()
{
    std::uint64_t pages = 0, records = 0;
    for (const auto& [number, w] : walks) {
        if (!w->committing) continue;
        ++pages;
        records += w->under_way;
    }
    diagnostics story;
    story.code = asio::error::operation_aborted;
    story.connector = contract->name;
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(options.grace);
    story.what = "the job was to end, and its store had not answered " +
                 std::to_string(waited.count()) + " ms later";
    if (pages != 0)
        story.what += "; " + std::to_string(pages) + " pages with " + std::to_string(records) +
                      " records are in its hands, and nobody knows yet whether it keeps them";
    story.next = advice::resume;
    story.mend =
        "look after the store and its disk, then run the job again: it goes on from what is there";
    unanswered = story.what;
    if (!why.code) why = story;
    calls->give_up(story);
}

void job::impl::fail(const diagnostics& trouble)
{
    if (!why.code) {
        why = trouble;
        // What a store tells is of no connector, and of one call.
        if (why.connector.empty()) {
            why.connector = contract->name;
            why.pages_delivered = progress.pages;
            why.records_delivered = progress.records;
        }
    }
    stop();
}

// What nobody expected to be thrown ends the job, and not the program.
void job::impl::fail(const std::exception_ptr& e)
{
    diagnostics story;
    story.code = errc::invalid_state;
    try {
        std::rethrow_exception(e);
    } catch (const failure& f) {
        story = f.why();
    } catch (const std::exception& x) {
        story.what = x.what();
    } catch (...) {
        story.what = "something was thrown that is no std::exception";
    }
    fail(story);
}

// Others go on: what stopped this chain may be its own, and what they have fetched is kept.
void job::impl::fail_chain(const job_walk& w, const diagnostics& trouble)
{
    stopped[w.id] = trouble.what + (trouble.mend.empty() ? "" : "; to mend it: " + trouble.mend);
    // A server that is down would be waited for once by every batch of chains.
    const bool down = trouble.code != errc::window_reached &&
                      ++failed_in_a_row >= std::max<std::size_t>(options.workers, 3);
    if (w.is != job_task::errand::fetch) return fail_look(trouble.code, down);
    if (down || concerns_all(trouble.code)) return fail(trouble);
    if (!why.code) why = trouble;
}

}  // namespace catena
