// How an outstanding call walks: from the machine's word to the wire and back.
#include "codec/request_weight.hpp"
#include "run/chain_impl.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

namespace catena {

namespace asio = boost::asio;

namespace {

void leave_out(page_content& content, const std::vector<std::uint64_t>& dropped)
{
    if (dropped.empty()) return;
    const std::size_t width = content.keys.size() / content.records.size();
    const auto shorten = [&dropped](auto& all, std::size_t each) {
        std::uint64_t index = 0;
        std::erase_if(all, [&](const auto&) {
            return std::binary_search(dropped.begin(), dropped.end(), index++ / each);
        });
    };
    if (width != 0) shorten(content.keys, width);
    shorten(content.records, 1);
}

// What an answer says of the server's health. A page that cannot be read says that it is there.
exchange_outcome outcome_of(const page_facts& facts) noexcept
{
    if (facts.code == errc::rate_limited) return exchange_outcome::refused;
    const bool distress = facts.status >= 500 || facts.status == 408;
    return distress ? exchange_outcome::trouble : exchange_outcome::good;
}

}  // namespace

void chain::impl::step()
{
    if (given_up()) return finish(asio::error::operation_aborted, nullptr);

    const chain_action todo = machine.poll(home->clock->now());
    if (const auto* pause = std::get_if<wait>(&todo)) {
        now = state::sleeping;
        home->wakes->set(*this, pause->until);
    } else if (const auto* end = std::get_if<catena::finish>(&todo)) {
        if (end->ec) report_failure(end->ec);
        finish(end->ec, nullptr);
    } else if (std::holds_alternative<renew>(todo)) {
        way->proof->refused(shown_generation);
        renewing = true;
        prove();
    } else {
        const fetch& next = std::get<fetch>(todo);
        attempt = next.attempt;
        good_until = next.good_until;
        repeat = next.repeat;
        renewing = false;
        prove();
    }
}

// The credentials come first: a permit must not wait for them.
void chain::impl::prove()
{
    now = state::proving;
    if (!way->proof || way->proof->ask(*this)) proven();
}

void chain::impl::proven()
{
    const auto keep = shared_from_this();
    now = state::idle;
    if (!renewing) return queue_up();
    machine.on_renewed();
    step();
}

void chain::impl::not_proven(error_code ec, const std::string& detail)
{
    const auto keep = shared_from_this();
    now = state::idle;
    act_on(machine.on_failure(ec, detail, home->clock->now()), machine.after().pages);
}

void chain::impl::queue_up()
{
    if (given_up()) {
        machine.on_abandoned();
        return finish(asio::error::operation_aborted, nullptr);
    }
    if (const time_point shut = way->queue->shut_until(); too_long(shut)) return end_for_hold(shut);
    now = state::queued;
    way->queue->ask(*this, {way->share, repeat}, goes, good_until);
}

bool chain::impl::given_up() const noexcept
{
    return !outstanding || outstanding->cancelled || home->closed;
}

bool chain::impl::too_long(time_point held) const noexcept
{
    return held > saturating_add(home->clock->now(), longest_hold);
}

void chain::impl::held(time_point t)
{
    if (now != state::queued || !too_long(t)) return;
    way->queue->withdraw(*this);
    now = state::idle;
    end_for_hold(t);
}

// The budget is held for longer than this chain may wait: it stops, to be resumed then.
void chain::impl::end_for_hold(time_point t)
{
    const time_point from = home->clock->now();
    page_facts facts;
    facts.is = page_facts::answer::failed;
    facts.status = 0;
    facts.failed_as = error_class::retry;
    facts.code = errc::rate_limited;
    facts.said = "the server holds this budget";
    facts.retry_after = t - from;
    act_on(machine.on_answer(facts, from), machine.after().pages);
}

// All that wait for a server which is down end together: one by one each would have to fail as
// often as it may, and only one probe goes out at a time.
void chain::impl::on_outage(const outage& o)
{
    if (now != state::queued && now != state::sleeping) return;
    const duration span = home->clock->now() - std::max(o.since, wanted);
    if (span < longest_outage) return;
    way->queue->withdraw(*this);
    home->wakes->cancel(*this);
    now = state::idle;
    machine.on_outage(o.last, span);
    step();
}

void chain::impl::wake()
{
    const auto keep = shared_from_this();
    now = state::idle;
    step();
}

// A permit is ours. What throws here must not keep it, or every other chain would wait for ever.
void chain::impl::granted(const budget::permit& p)
{
    const auto keep = shared_from_this();
    permit = p;
    now = state::idle;
    std::string trouble;
    error_code ec = errc::transport_threw;
    try {
        return use_permit(home->clock->now());
    } catch (const std::bad_alloc&) {
        ec = make_error_code(boost::system::errc::not_enough_memory);
    } catch (const std::exception& e) {
        trouble = e.what();
    } catch (...) {
        trouble = "something that is no std::exception";
    }
    now = state::idle;
    give_back(exchange_outcome::unknown);
    room.reset();
    act_on(machine.on_failure(ec, std::move(trouble), home->clock->now()), machine.after().pages);
}

// A cursor that died in the queue is replaced before it is sent.
void chain::impl::use_permit(time_point t)
{
    while (t >= good_until) {
        const std::uint64_t number = machine.after().pages;
        const page_verdict v = machine.on_outlived(t);
        heed(v, number);
        const chain_action todo = machine.poll(t);
        const auto* again = std::get_if<fetch>(&todo);
        if (again == nullptr) {
            give_back(exchange_outcome::unknown);
            return step();  // a wait or an end: the same answer comes again
        }
        good_until = again->good_until;
        attempt = again->attempt;
    }
    if (way->proof && !way->proof->good()) {
        give_back(exchange_outcome::unknown);
        return prove();
    }
    exchange(t);
}

void chain::impl::exchange(time_point t)
{
    diagnostics refusal;
    auto ask = request(refusal);
    if (!ask) {
        give_back(exchange_outcome::unknown);
        shown.clear();
        const page_verdict v = machine.on_failure(ask.error(), refusal.what, t);
        return act_on(v, machine.after().pages);
    }
    const position& at = machine.where();
    if (!at.first_page())
        asked_by = page::way::cursor;
    else
        asked_by = at.bound.empty() ? page::way::start : page::way::rebuilt;

    room = home->lend_room(*way);
    cookie_jar* const jar = jar_for(*ask);
    room->prepare(std::move(*ask), *home->clock, jar);
    shown = room->ask.method + " " + room->ask.shown_target;
    if (way->proof) tell_of_proof();
    sent = t;
    machine.on_sent(t);
    now = state::exchanging;
    if (counts) ++counts->requests;
    home->tell([&](observer& o) {
        o.on_request({id, machine.after().pages, attempt, room->ask.method, to_text(room->ask.to),
                      room->ask.shown_target});
    });

    auto done = [self = shared_from_this()](error_code ec, exchange_report report) {
        self->on_exchanged(ec, std::move(report));
    };
    home->wire->async_exchange(
        room->ask, *room,
        asio::bind_cancellation_slot(abort_exchange.slot(),
                                     asio::bind_executor(home->executor, std::move(done))));
}

void chain::impl::give_back(exchange_outcome how, std::span<const quota_signal> told,
                            error_code failed_with)
{
    way->queue->release(permit, how, told, failed_with);
}

void chain::impl::on_exchanged(error_code ec, exchange_report report)
{
    now = state::idle;
    const auto queue = way->queue;
    if (!report.shortage.empty())
        tell(notice::kind::short_of_sockets, std::move(report.shortage), machine.after().pages);
    if (session && report.answered) session->used.insert(room->ask.to);
    home->tell([&](observer& o) {
        o.on_answer({id, machine.after().pages, room->status, ec, report.octets_received,
                     home->clock->now() - sent, report.reused});
    });

    if (given_up() || ec == asio::error::operation_aborted) {
        give_back(exchange_outcome::unknown);
        machine.on_abandoned();
        room.reset();
        if (outstanding) finish(asio::error::operation_aborted, nullptr);
    } else {
        take_answer(ec, report);
    }
    // Only now: the answer may have asked for a hold.
    if (home->closed) return;
    home->look_for_outage(*queue);
    queue->pump();
}

void chain::impl::take_answer(error_code ec, const exchange_report& report)
{
    const time_point t = home->clock->now();
    const std::uint64_t number = machine.after().pages;
    if (ec && !room->reader_refused()) {
        give_back(exchange_outcome::trouble, {}, ec);
        return act_on(machine.on_failure(ec, room->without_secrets(report.detail), t), number);
    }

    page_facts facts = room->reader.finish();
    codec::blame_size(facts, room->ask, machine.contract(), machine.where());
    if (facts.code == errc::unauthorized && !room->ask.own_origin) {
        facts.code = errc::forbidden;  // nothing was shown there that could be renewed
        facts.said += "; no credentials go to an origin that is not the connector's own";
    }
    const exchange_outcome health = outcome_of(facts);
    const bool untimed = light && health == exchange_outcome::good;
    give_back(untimed ? exchange_outcome::light : health, facts.quotas, errc::server_failed);
    for (const other_limit& l : facts.other_limits)
        heed(l, number);
    if (facts.retry_after) hold(*facts.retry_after, t);
    told_total = facts.total;
    const page_verdict verdict = machine.on_answer(facts, t);
    // A refusal without a word on how long holds all the others too, as long as this one waits.
    if (facts.code == errc::rate_limited && !facts.retry_after)
        if (const auto pause = machine.pause(); pause > t) hold(pause - t, t);
    act_on(verdict, number);
}

void chain::impl::act_on(const page_verdict& verdict, std::uint64_t number)
{
    heed(verdict, number);

    std::unique_ptr<page> made;
    if (verdict.deliver) made = make_page(verdict, number);
    if (room) home->take_back(std::move(room));
    if (made) return finish({}, std::move(made));
    step();
}

std::unique_ptr<page> chain::impl::make_page(const page_verdict& verdict, std::uint64_t number)
{
    auto made = std::make_unique<page>();
    page_content content = room->reader.take();
    leave_out(content, verdict.dropped);
    look_at_shape(content, number);
    made->body_ = home->bodies->own(std::move(content.body));
    made->records_ = std::move(content.records);
    made->key_octets_ = std::move(content.key_octets);
    made->keys_ = std::move(content.keys);
    made->headers_ = std::move(room->headers);
    made->request_ = shown;
    made->asked_by_ = asked_by;
    made->after_ = std::make_shared<const checkpoint>(machine.after());
    made->number_ = number;
    made->dropped_ = verdict.dropped.size();
    made->total_ = told_total;
    made->status_ = room->status;
    made->last_ = verdict.last;
    return made;
}

// The first and the last record stand for their page: all of them would cost a second scan.
void chain::impl::look_at_shape(const page_content& content, std::uint64_t number)
{
    if (content.records.empty() || machine.contract().format == page_format::xml) return;
    for (const extent& e : {content.records.front(), content.records.back()}) {
        const auto changes = way->shape->changes_in(e.in(content.body));
        if (!changes) continue;
        tell(notice::kind::record_shape, *changes, number);
    }
}

}  // namespace catena
