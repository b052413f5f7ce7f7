#include "core/key_memory.hpp"
#include "core/key_track.hpp"
#include "core/next_step.hpp"
#include <catena/core/chain_machine.hpp>
#include <catena/core/key.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

namespace catena {
namespace {

const diagnostics no_failure{};

}  // namespace

chain_machine::chain_machine(std::shared_ptr<const connector> c, const chain_limits& l,
                             std::uint64_t seed)
    : chain_machine(std::move(c), checkpoint(), l, seed)
{
}

chain_machine::chain_machine(std::shared_ptr<const connector> c, checkpoint from,
                             const chain_limits& l, std::uint64_t seed)
    : contract_(std::move(c)),
      limits_(std::make_shared<const chain_limits>(l)),
      at_(std::move(from)),
      chance_(seed)
{
    if (at_.fingerprint.empty()) at_.fingerprint = catena::fingerprint(*contract_);
    if (at_.ended) state_ = state::done;
    if (at_.at.first_page()) return;

    (void)loop_.closes(identity_of_tokens(*contract_, at_.at.tokens));
    const bool lost = dies_with_session();
    spent_ = (contract_->next.single_use || lost) && can_recover(nullptr);
    if (lost && !spent_) end_without_session();
}

const diagnostics& chain_machine::why() const { return why_ ? *why_ : no_failure; }

chain_action chain_machine::poll(time_point now)
{
    if (state_ == state::pausing && now >= moment_) state_ = state::ready;

    switch (state_) {
        case state::ready:
            if (at_.at.first_page()) age_from(expiry_rule::clock::chain, now);
            state_ = state::in_flight;
            moment_ = now;
            sent_ = false;
            return fetch{good_until(), failures_ + throttles_ + 1, failures_ > 0};
        case state::pausing: return wait{moment_};
        case state::unauthorized: state_ = state::in_flight; return renew{};
        case state::in_flight:
            assert(false && "answer the fetch before polling again");
            return finish{errc::busy};  // an empty code would say that the walk is complete
        case state::done: break;
    }
    return finish{why_ ? why_->code : error_code()};
}

time_point chain_machine::good_until() const noexcept
{
    if (at_.at.first_page()) return time_point::max();
    if (spent_) return time_point::min();
    if (!can_recover(nullptr)) return time_point::max();

    const expiry_rule& e = contract_->expiry;
    if (e.ttl == duration::zero() || clock_at_ == time_point::max()) return time_point::max();
    return saturating_add(clock_at_, e.ttl);
}

// Sets the token's clock if `event` is what its contract counts from.
void chain_machine::age_from(expiry_rule::clock event, time_point t) noexcept
{
    if (contract_->expiry.counts == event) clock_at_ = t;
}

const std::string& chain_machine::redirected_to() const noexcept
{
    static const std::string nowhere;
    return trail_ ? trail_->to() : nowhere;
}

void chain_machine::end(diagnostics why)
{
    if (!why.code) why.code = errc::bad_response;  // a failure without a code would look complete
    why.connector = contract_->name;
    why.page = at_.pages;
    why.attempt = failures_ + throttles_ + 1;
    why.pages_delivered = at_.pages;
    why.records_delivered = at_.records;
    why.last_key = to_text(at_.last_key);
    why_ = std::make_shared<const diagnostics>(std::move(why));
    state_ = state::done;
}

void chain_machine::complete(page_verdict& out)
{
    out.last = true;
    at_.ended = true;
    at_.at = position();
    state_ = state::done;
}

void chain_machine::on_renewed()
{
    assert(state_ == state::in_flight);
    state_ = state::ready;
}

void chain_machine::on_abandoned()
{
    if (state_ != state::in_flight) return;
    if (contract_->next.single_use && sent_ && !at_.at.first_page()) spent_ = true;
    trail_.reset();
    state_ = state::ready;
}

page_verdict chain_machine::on_outlived(time_point now)
{
    assert(state_ == state::in_flight);
    page_verdict out;
    trail_.reset();
    const bool resumed = spent_ && bound_to_session();
    recover(now, nullptr,
            resumed ? "the session that the cursor belongs to is over"
                    : "the cursor would have died before its turn came",
            0, out);
    return out;
}

page_verdict chain_machine::on_failure(error_code ec, std::string detail, time_point now)
{
    page_facts facts;
    facts.is = page_facts::answer::failed;
    facts.status = 0;
    facts.code = ec;
    facts.said = std::move(detail);
    facts.failed_as = error_class::fatal;
    if (ec == condition::try_again) facts.failed_as = error_class::retry;
    if (ec == condition::rebuild) facts.failed_as = error_class::expired;
    return on_answer(facts, now);
}

page_verdict chain_machine::on_answer(const page_facts& facts, time_point now)
{
    assert(state_ == state::in_flight);
    page_verdict out;
    if (facts.status != 0) age_from(expiry_rule::clock::idle, now);
    // Whatever comes next begins where the page belongs, unless this answer leads on.
    const bool elsewhere = trail_ && trail_->passing();
    if (facts.is != page_facts::answer::moved) trail_.reset();
    switch (facts.is) {
        case page_facts::answer::page: on_page(facts, now, out); break;
        case page_facts::answer::end:
            if (elsewhere)
                end_elsewhere(facts);
            else
                end_by_sign(facts, out);
            break;
        case page_facts::answer::moved: on_moved(facts, out); break;
        case page_facts::answer::failed: on_failed(facts, now, out); break;
    }
    return out;
}

// A page for maintenance or a login may answer as the end does, but says nothing of the records.
void chain_machine::end_elsewhere(const page_facts& facts)
{
    diagnostics why = story(facts);
    why.code = errc::unexpected_redirect;
    why.what =
        "what is declared as the end came from where a passing redirect led: " + sentence(facts);
    why.next = advice::resume;
    why.mend = "resume later; if the API has moved, set request.url to where it redirects";
    end(std::move(why));
}

void chain_machine::on_page(const page_facts& facts, time_point now, page_verdict& out)
{
    if (key_track::identities(*contract_) && (!memory_ || memory_.use_count() > 1)) {
        memory_ = memory_ ? std::make_shared<key_memory>(*memory_)
                          : std::make_shared<key_memory>(*contract_, at_, *limits_);
    }
    key_track keys(*contract_, at_, memory_.get());
    if (!sort_records(facts, keys, out)) return;
    if (lacks_its_bound(out)) {
        excludes_ = true;
        restart_query(out);
        out.notices.push_back({notice::kind::recovered,
                               "the bound was left out though it is declared inclusive: the query "
                               "begins one value earlier"});
        return;
    }

    const std::uint64_t more = counted(facts, out);
    next_step step(*contract_, *limits_, at_, facts, more);
    if (!step.decide(out.notices)) return end(std::move(step.why));

    const bool end_shown = step.last();
    if (leaves_window(facts, more, end_shown)) return;
    const bool last = end_shown && !stops_at_window(more);
    if (!end_shown && !contract_->next.may_repeat && !no_circle(facts, step.token_identity()))
        return;
    if (!watch_progress(facts, keys, end_shown, out)) return;

    const std::uint64_t fresh = facts.records - out.dropped.size();
    keys.write(at_, memory_.get(), limits_->known_records);
    advance(facts, more, fresh, now);

    out.deliver = last || fresh > 0 || facts.records == 0;
    if (out.deliver) ++at_.pages;
    if (!out.dropped.empty()) {
        out.notices.push_back(
            {notice::kind::duplicates_dropped,
             std::to_string(out.dropped.size()) + " records had been delivered before"});
    }
    if (last) return complete(out);

    at_.at = step.next();
    // What follows the window's end has no cursor: only the whole query is left to ask for.
    if (end_shown) at_.skipping = at_.records > 0;
    state_ = state::ready;
    grow(out);
    keep_within_window(facts, out);
}

void chain_machine::advance(const page_facts& facts, std::uint64_t counted, std::uint64_t fresh,
                            time_point now)
{
    at_.records += fresh;
    at_.query_pages += 1;
    at_.query_records += counted;
    at_.full_page = std::max(at_.full_page, facts.records);
    if (fresh > 0) idle_rebuilds_ = 0;
    forget_failures();
    spent_ = renewed_ = false;
    age_from(expiry_rule::clock::token, now);
    at_.last_page = facts.print;
}

/* How many of the page's records are new to the query, for its total and its window. What a
   recovered query brings again is part of it; where two of its pages overlap, that is counted once.
   Counters point at places, so there every record counts. */
std::uint64_t chain_machine::counted(const page_facts& facts, const page_verdict& out) const
{
    const bool overlaps = contract_->next.inclusive && at_.query_pages > 0;
    return overlaps ? facts.records - out.dropped.size() : facts.records;
}

bool chain_machine::no_circle(const page_facts& facts, identity token)
{
    const auto before = loop_.closes(token);
    if (!before) return true;

    // The last record of an inclusive walk comes alone, and again under the same cursor.
    const bool alone = contract_->next.inclusive && facts.records == 1;
    if (!alone && equals_the_last(facts, at_)) {
        end(repeated_page(*contract_, facts));
        return false;
    }
    diagnostics why;
    why.code = errc::cursor_repeated;
    why.what = "the cursor after page " + std::to_string(at_.pages) +
               " was given before, after page " +
               std::to_string(at_.pages - std::min(at_.pages, loop_.seen() - *before));
    why.next = advice::resume;
    why.mend =
        "check that next.to reaches the server; if the API repeats its cursor on purpose, declare "
        "end same_token or next.may_repeat; else the server is at fault";
    end(std::move(why));
    return false;
}

bool chain_machine::sort_records(const page_facts& facts, key_track& keys, page_verdict& out)
{
    const std::size_t width = contract_->key.size();
    if (width == 0) return true;

    for (std::uint64_t i = 0; i < facts.records; ++i) {
        const auto v = keys.next(facts.keys.subspan(i * width, width), i);
        if (v == key_track::verdict::known) out.dropped.push_back(i);
        if (v != key_track::verdict::broken) continue;

        diagnostics why = repeated_page(*contract_, facts);
        why.pointer = keys.pointer;
        if (!equals_the_last(facts, at_)) {
            why.code = keys.code;
            why.what = keys.what;
            why.mend = keys.mend;
        }
        end(std::move(why));
        return false;
    }
    return true;
}

// What a walk must not do for ever. A page refused here is not delivered.
bool chain_machine::watch_progress(const page_facts& facts, const key_track& keys, bool last,
                                   page_verdict& out)
{
    // A recovered query may bring any number of old records first, but not of empty pages.
    const bool all_old = facts.records == out.dropped.size() && !at_.skipping;
    const bool nothing_new = facts.records == 0 || all_old;
    empty_run_ = nothing_new ? empty_run_ + 1 : 0;
    if (last || empty_run_ <= limits_->empty_pages) return watch_repeats(facts, keys, last, out);

    diagnostics why;
    why.code = errc::empty_pages;
    why.what =
        std::to_string(empty_run_) + " pages in a row without a new record, each with a cursor";
    why.status = facts.status;
    why.next = advice::resume;
    why.mend = "raise chain_limits::empty_pages if the API filters that much";
    end(std::move(why));
    return false;
}

bool chain_machine::watch_repeats(const page_facts& facts, const key_track& keys, bool last,
                                  page_verdict& out)
{
    // Records may hold the time of the answer: a page of nothing but the last one's is it again.
    const bool same_keys = !at_.skipping && out.dropped.size() == facts.records &&
                           facts.records == at_.last_page.records && keys.brings_only(at_.ties);
    const bool again = facts.records > 0 && (equals_the_last(facts, at_) || same_keys);
    identical_run_ = again ? identical_run_ + 1 : 0;
    if (!again) return true;

    // One record a page may well equal the next one; a whole page of them hardly. A counter that
    // is ignored brings the first page for every number, until the declared total seems reached.
    const std::uint32_t most = facts.records > 1 ? limits_->identical_pages : limits_->empty_pages;
    if (counts_pages(*contract_) || (!last && identical_run_ > most)) {
        end(repeated_page(*contract_, facts));
        return false;
    }
    out.notices.push_back({notice::kind::identical_page, "the page equals the one before it"});
    return true;
}

}  // namespace catena
