#include "core/next_step.hpp"
#include "core/splitmix.hpp"
#include <catena/core/chain_machine.hpp>

#include <boost/system/errc.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace catena {
namespace {

// A server may echo the cursor that it refuses, perhaps cut short: strikes out what begins as one.
void strike_out(std::string& text, std::string_view cursor)
{
    constexpr std::size_t enough = 8;
    constexpr std::string_view mark = "(cursor)";
    if (cursor.size() < 4) return;  // counters and page numbers are no secrets
    const std::string_view head = cursor.substr(0, enough);
    // The search goes on behind the mark: a cursor may be a part of it.
    for (std::size_t at = text.find(head); at != std::string::npos;
         at = text.find(head, at + mark.size())) {
        std::size_t length = head.size();
        while (length < cursor.size() && at + length < text.size() &&
               text[at + length] == cursor[length])
            ++length;
        text.replace(at, length, mark);
    }
}

std::string without_cursors(std::string text, const std::vector<value>& tokens)
{
    for (const value& t : tokens) {
        if (t.text.find("://") == std::string::npos) {
            strike_out(text, t.text);
            continue;
        }
        // Of a whole URL it is the query's values that point somewhere.
        for (std::size_t at = t.text.find('='); at != std::string::npos;) {
            const std::size_t end = std::min(t.text.find('&', at), t.text.size());
            strike_out(text, std::string_view(t.text).substr(at + 1, end - at - 1));
            at = t.text.find('=', end);
        }
    }
    return text;
}

// Failures before a request can have left. All others leave it open whether it was answered.
bool never_sent(const error_code& ec) noexcept
{
    return ec == errc::timed_out_resolve || ec == errc::timed_out_connect ||
           ec == errc::timed_out_tls || ec == errc::proxy_refused || ec == errc::proxy_failed ||
           ec == errc::credentials_unavailable || ec == boost::system::errc::connection_refused;
}

const char* how_to_mend(const error_code& ec, bool first_page)
{
    if (ec == errc::unauthorized) return "check the credentials that the connector refers to";
    if (ec == errc::credentials_refused) return "check the connector's `auth`, then resume";
    if (ec == errc::credentials_unavailable)
        return "check that what the connector's `auth` names is there, then resume";
    if (ec == errc::forbidden) return "the credentials are known but lack the right; ask for it";
    if (!first_page && (ec == errc::not_found || ec == errc::refused))
        return "if this is how the API says that a cursor has died, name it in expiry.signs; if it "
               "is how the walk ends, name it in `end`";
    if (ec == errc::not_found) return "check request.url";
    if (ec == errc::wrong_content)
        return "check request.url; an API that answers in XML needs \"format\": \"xml\"";
    if (ec == errc::wrong_encoding)
        return "set the header Accept-Encoding to \"identity\", or build with what is missing";
    if (ec == errc::not_tls) return "check the scheme of request.url: http or https";
    if (ec == errc::error_in_page)
        return "if trying again helps, say so in `errors` (class retry); if the cursor has died, "
               "in "
               "expiry.signs";
    if (ec == errc::tls_untrusted) return "set trust::roots_file if the server has a CA of its own";
    if (ec == errc::proxy_refused)
        return "check proxy_rules, or the variables https_proxy, http_proxy, all_proxy and "
               "no_proxy";
    if (ec == errc::records_missing)
        return first_page ? "correct the member `records`"
                          : "correct the member `records`; or set its `absent` to empty";
    if (ec == errc::limit_exceeded) return "ask for smaller pages, or raise the limit named";
    if (ec == errc::next_url_refused) return "name the origin in `origins` if it is trusted";
    if (ec == errc::address_barred) return "name the host in trusted_hosts if it is meant";
    if (ec == errc::unexpected_redirect) return "set request.url to where the server redirects";
    return "";
}

}  // namespace

std::string chain_machine::sentence(const page_facts& facts) const
{
    std::string text = facts.status == 0 ? "the request failed"
                                         : "the server answered " + std::to_string(facts.status);
    if (!facts.said.empty()) text += ": " + without_cursors(facts.said, at_.at.tokens);
    return text;
}

diagnostics chain_machine::story(const page_facts& facts) const
{
    diagnostics why;
    why.code = facts.code;
    why.what = sentence(facts);
    why.status = facts.status;
    why.octet = facts.octet;
    why.pointer = facts.pointer;
    return why;
}

// Whether the single-use token in flight may be used up. A refusal for the rate uses up nothing.
bool chain_machine::has_spent(const page_facts& facts) const noexcept
{
    return contract_->next.single_use && !at_.at.first_page() && facts.code != errc::rate_limited &&
           !never_sent(facts.code);
}

bool chain_machine::can_recover(const value* fresh_token) const noexcept
{
    switch (contract_->expiry.recover.by) {
        case recovery_rule::method::fail: return false;
        case recovery_rule::method::token_from:
            return fresh_token != nullptr && !fresh_token->text.empty() &&
                   fresh_token->text.size() <= limits_->token_octets;
        case recovery_rule::method::rebuild: return true;
        case recovery_rule::method::rescan:
            return contract_->sorted != order::none || at_.known.size() >= at_.records;
    }
    return false;
}

// Points the chain at a query of its own for what follows the last key.
void chain_machine::restart_query(page_verdict& out)
{
    out.new_session = true;
    const recovery_rule& r = contract_->expiry.recover;
    at_.at.tokens.clear();
    if (r.by == recovery_rule::method::rebuild && !at_.last_key.empty()) {
        const std::size_t leading = std::min(r.to.size(), at_.last_key.size());
        // Behind an exclusive bound the rest of a tie group would be lost: go one group back. Also
        // where none is declared, since the bound alone does not say so.
        const bool back = (r.includes == recovery_rule::bound::exclusive || excludes_) &&
                          leading < contract_->key.size();
        if (back)
            at_.at.bound = at_.previous_bound;
        else
            at_.at.bound.assign(at_.last_key.begin(),
                                at_.last_key.begin() + std::ptrdiff_t(leading));
    }
    at_.query_pages = at_.query_records = 0;
    at_.skipping = at_.records > 0;
    ++at_.rebuilds;
    loop_ = loop_guard();  // a new query has tokens of its own
    memory_.reset();       // what at_ knows is all that it may bring again
    at_.last_page = page_print();
    age_from(expiry_rule::clock::token, time_point::max());
    age_from(expiry_rule::clock::chain, time_point::max());
    spent_ = false;
    state_ = state::ready;
}

/* A bound that includes brings the last record again. If it does not, the server leaves the bound
   out, and with it the rest of the tie group (or that record has gone, and asking costs little). */
bool chain_machine::lacks_its_bound(const page_verdict& out) const
{
    const recovery_rule& r = contract_->expiry.recover;
    return r.by == recovery_rule::method::rebuild && !excludes_ &&
           r.includes == recovery_rule::bound::inclusive && r.to.size() < contract_->key.size() &&
           at_.skipping && at_.query_pages == 0 && !at_.at.bound.empty() && out.dropped.empty();
}

void chain_machine::recover(time_point now, const value* fresh_token, std::string reason,
                            int status, page_verdict& out)
{
    diagnostics why;
    why.status = status;
    why.next = advice::resume;
    if (!can_recover(fresh_token)) {
        why.code = errc::cursor_expired;
        why.what = reason + "; nothing can replace it";
        why.mend =
            contract_->expiry.recover.by == recovery_rule::method::fail
                ? "describe expiry.recover: rebuild with a key filter, rescan, or token_from"
                : "the declared recovery is not possible here: no fresh token came, or too many "
                  "records to remember (chain_limits::known_records)";
        return end(std::move(why));
    }
    if (++idle_rebuilds_ > limits_->rebuilds) {
        why.code = errc::no_progress;
        why.what =
            reason + "; " + std::to_string(limits_->rebuilds) + " recoveries brought no new record";
        why.mend = "ask for smaller pages, or wait and resume";
        return end(std::move(why));
    }

    if (fresh_token != nullptr &&
        contract_->expiry.recover.by == recovery_rule::method::token_from) {
        at_.at.tokens.assign(1, *fresh_token);
        ++at_.rebuilds;
        // Where the new token begins is the server's choice: what came before may come again.
        at_.skipping = at_.records > 0;
        loop_ = loop_guard();
        (void)loop_.closes(identity_of_tokens(*contract_, at_.at.tokens));
        age_from(expiry_rule::clock::token, now);
        spent_ = false;
        state_ = state::ready;
    } else {
        restart_query(out);
    }
    forget_failures();
    out.notices.push_back({notice::kind::recovered, std::move(reason)});
}

void chain_machine::on_failed(const page_facts& facts, time_point now, page_verdict& out)
{
    const bool paged = !at_.at.first_page();
    const value* fresh = facts.fresh_token ? &*facts.fresh_token : nullptr;
    if (can_shrink(facts)) return retry(facts, now, out);

    switch (facts.failed_as) {
        case error_class::expired:
            if (facts.code == errc::session_lost && contract_->session.any() &&
                !dies_with_session()) {
                out.new_session = true;
                return retry(facts, now, out);
            }
            if (paged)
                return recover(now, fresh, "the cursor died: " + sentence(facts), facts.status,
                               out);
            break;
        case error_class::retry: return retry(facts, now, out);
        case error_class::auth:
            if (facts.code != errc::unauthorized || renewed_ || !is_renewable(contract_->auth))
                break;
            renewed_ = true;
            state_ = state::unauthorized;
            out.notices.push_back({notice::kind::credentials_refused, sentence(facts)});
            return;
        case error_class::caller:
        case error_class::fatal: break;
    }

    diagnostics why = story(facts);
    if (facts.code == errc::unauthorized && renewed_)
        why.what += " (again, after the credentials were renewed)";
    why.next = at_.pages > 0 ? advice::resume : advice::none;
    why.mend = facts.mend.empty() ? how_to_mend(facts.code, at_.pages == 0) : facts.mend;
    end(std::move(why));
}

void chain_machine::forget_failures() noexcept
{
    failures_ = throttles_ = shrinks_ = 0;
    failing_for_ = {};
}

void chain_machine::give_up(const page_facts& facts, bool in_time)
{
    diagnostics why = story(facts);
    why.next = advice::resume;
    if (!in_time)
        why.mend = "resume when the server is well again, or raise chain_limits::retry_time";
    else if (why.code == errc::rate_limited)
        why.mend = "describe the API's limits in `limits`";
    else if (why.code == errc::wrong_content || why.code == errc::credentials_unavailable)
        why.mend = how_to_mend(why.code, at_.pages == 0);
    else if (at_.pages == 0)
        why.mend = "check request.url and that the server is there; then run it again";
    else
        why.mend = "resume when the server is well again";
    end(std::move(why));
}

void chain_machine::retry(const page_facts& facts, time_point now, page_verdict& out)
{
    if (facts.retry_after && *facts.retry_after > limits_->longest_hold) {
        diagnostics why = story(facts);
        why.code = errc::hold_too_long;
        why.next = advice::resume_after;
        why.retry_in = *facts.retry_after;
        why.mend = "resume after that time, or raise chain_limits::longest_hold";
        return end(std::move(why));
    }
    const bool throttled = facts.code == errc::rate_limited;
    const bool smaller = can_shrink(facts);
    const bool last = throttled ? throttles_ + 1 >= limits_->throttles
                                : failures_ + 1 - shrinks_ >= limits_->attempts;
    if (last && !smaller) return give_up(facts, true);

    const duration pause = pause_after(facts, smaller);
    if (!throttled) {
        const duration asked = facts.retry_after ? duration::zero() : pause;
        failing_for_ += std::max(now - moment_, duration::zero()) + asked;
        const bool in_time =
            limits_->retry_time == duration::zero() || failing_for_ < limits_->retry_time;
        if (!in_time) return give_up(facts, false);
    }
    ++(throttled ? throttles_ : failures_);

    moment_ = saturating_add(now, pause);
    out.notices.push_back({notice::kind::retry, sentence(facts)});
    if (smaller) shrink(out);

    if (has_spent(facts))
        recover(now, nullptr, "a single-use cursor may have been used up: " + sentence(facts),
                facts.status, out);
    else if (moment_ >= good_until())
        recover(now, nullptr, "the cursor would not outlive the wait", facts.status, out);
    if (state_ != state::done) state_ = state::pausing;
}

void chain_machine::on_outage(error_code last, duration span)
{
    if (state_ == state::done) return;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span).count();
    diagnostics why;
    why.code = last;
    why.what = "the server has given nothing but failures for " + std::to_string(seconds) +
               " s: " + why.code.message();
    why.next = advice::resume;
    why.mend = "resume when the server is well again, or raise chain_limits::longest_outage";
    end(std::move(why));
}

duration chain_machine::pause_after(const page_facts& facts, bool smaller)
{
    if (facts.retry_after) return std::max(*facts.retry_after, limits_->least_pause);
    // Whoever finds a page too large is well, and may be asked for a smaller one at once.
    if (smaller && facts.failed_as != error_class::retry) return limits_->least_pause;
    const bool throttled = facts.code == errc::rate_limited;
    // A 403 for the rate is a secondary limit, and who returns too soon is locked out for longer.
    const bool secondary = facts.status == 403 && throttled;
    return secondary ? std::max(backoff(throttled), limits_->forbidden_pause) : backoff(throttled);
}

/* The ceiling is twice `first_backoff` at first and doubles up to `longest_backoff`. Below it the
   pause is chance, so that chains which failed together do not return together: from
   `first_backoff` up, which is "full jitter" as AWS measured it to cost the fewest requests, but
   for a floor that leaves a server in trouble alone for a second whatever the draw. After a 429
   the upper half of that range only: such a server is well and counts, nothing but time helps,
   and some of them punish who returns early. */
duration chain_machine::backoff(bool throttled)
{
    const std::uint32_t tries = failures_ + throttles_ + 1;
    duration step = limits_->first_backoff;
    for (std::uint32_t i = 0; i < tries && step < limits_->longest_backoff; ++i)
        step = step > limits_->longest_backoff / 2 ? limits_->longest_backoff : step * 2;
    step = std::min(step, limits_->longest_backoff);

    const duration floor = throttled ? step / 2 : std::min(limits_->first_backoff, step);
    const auto room = static_cast<std::uint64_t>((step - floor).count());
    const auto extra = static_cast<duration::rep>(room == 0 ? 0 : core::draw(chance_) % room);
    return std::max(floor + duration(extra), limits_->least_pause);
}

}  // namespace catena
