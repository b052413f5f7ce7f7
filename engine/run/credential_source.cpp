#include "run/credential_source.hpp"

#include "codec/hidden_texts.hpp"
#include "codec/request_builder_draft.hpp"
#include <catena/codec/fixed_credential.hpp>
#include <catena/codec/retry_after.hpp>
#include <catena/engine.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <utility>
#include <vector>

namespace catena {

namespace asio = boost::asio;

namespace {

std::string name_of(const auth_rule& a, const std::optional<token_exchange>& tokens)
{
    if (tokens) return tokens->name();
    if (a.by == auth_rule::method::provider) return "the credential provider \"" + a.name + '"';
    const setting& s = a.by == auth_rule::method::basic ? a.password : a.token;
    return s.from == setting::source::file ? "the file " + s.value : "the connector";
}

exchange_outcome outcome_of(error_code ec, int status) noexcept
{
    if (ec || status >= 500) return exchange_outcome::trouble;
    return status == 429 ? exchange_outcome::refused : exchange_outcome::good;
}

}  // namespace

credential_source::credential_source(const auth_rule& rule, std::string connector,
                                     std::optional<token_exchange> tokens, services s)
    : rule_(rule),
      connector_(std::move(connector)),
      who_(name_of(rule, tokens)),
      tokens_(std::move(tokens)),
      world_(std::move(s))
{
    if (world_.queue) share_ = world_.queue->add(limits_rule());
}

bool credential_source::good() const noexcept { return life_.good(world_.clock->now()); }

bool credential_source::ask(waiter& w)
{
    using step = credential_life::step;
    const step todo = life_.ask(world_.clock->now());
    const bool ready = todo == step::use || todo == step::use_and_fetch;
    if (!ready && !w.place_) w.place_ = waiting_.insert(waiting_.end(), &w);
    if (todo == step::fetch || todo == step::use_and_fetch) begin();
    if (todo == step::fail)
        asio::post(world_.executor, [self = shared_from_this()] { self->tell_failed(); });
    return ready;
}

void credential_source::withdraw(waiter& w) noexcept
{
    if (!w.place_) return;
    waiting_.erase(*w.place_);
    w.place_.reset();
}

void credential_source::refused(std::uint64_t generation) noexcept
{
    if (generation == life_.generation()) refused_ = true;
    life_.refused(generation);
}

void credential_source::begin()
{
    ++round_;
    self_ = shared_from_this();
    const time_point now = world_.clock->now();
    world_.wakes->set(*this, saturating_add(now, world_.options->credential_wait));
    if (rule_.by == auth_rule::method::oauth2) {
        queued_ = true;
        const budget::request wants{share_, false};
        // Not within the caller: a grant may come at once.
        asio::post(world_.executor, [self = shared_from_this(), round = round_, wants] {
            if (self->stopped_ || self->round_ != round || !self->queued_) return;
            self->world_.queue->ask(*self, wants, lane::urgent, time_point::max());
        });
    } else if (rule_.by == auth_rule::method::provider) {
        ask_provider();
    } else {
        look_up();
    }
}

void credential_source::look_up()
{
    diagnostics why;
    auto found = fixed_credential(rule_, world_.options->secrets, why);
    if (found) return later({}, std::move(*found));
    failed_why_ = why.what;
    later(errc::credentials_refused, {});
}

void credential_source::ask_provider()
{
    const auto& provider = world_.options->credentials;
    failed_why_.clear();
    if (!provider) {
        failed_why_ = who_ + " is not there";
        return later(errc::credentials_refused, {});
    }
    auto done = [self = shared_from_this(), mail = mail_, round = round_](error_code ec,
                                                                          credential given) {
        const std::lock_guard lock(mail->mutex);
        if (mail->closed) return;
        asio::post(self->world_.executor, [self, round, ec, given = std::move(given)]() mutable {
            self->on_given(round, ec, std::move(given));
        });
    };
    try {
        provider->async_fetch(rule_.name, refused_,
                              asio::bind_cancellation_slot(abort_.slot(), std::move(done)));
    } catch (const std::exception& e) {
        std::vector<std::string> hidden;
        codec::hide(hidden, current_);
        failed_why_ = who_ + " threw: " + codec::without_hidden(e.what(), {}, hidden);
        later(errc::credentials_refused, {});
    } catch (...) {
        failed_why_ = who_ + " threw something that is no std::exception";
        later(errc::credentials_refused, {});
    }
}

// What is known at once is told like all else: never inside the call that asked.
void credential_source::later(error_code ec, credential given)
{
    asio::post(world_.executor,
               [self = shared_from_this(), round = round_, ec, given = std::move(given)]() mutable {
                   self->on_given(round, ec, std::move(given));
               });
}

// What throws here must not keep the permit, nor leave the host's run().
void credential_source::granted(const budget::permit& p)
{
    queued_ = false;
    permit_ = p;
    std::string trouble = who_ + " could not be asked: ";
    try {
        return send();
    } catch (const std::exception& e) {
        trouble += codec::without_hidden(e.what(), {}, tokens_->hidden());
    } catch (...) {
        trouble += "the transport threw";
    }
    world_.queue->release(permit_, exchange_outcome::unknown);
    fail(errc::credentials_unavailable, std::move(trouble));
}

void credential_source::send()
{
    body_.clear();
    times_.clear();
    status_ = 0;
    request_ = tokens_->request();
    request_.headers.push_back({"User-Agent", world_.options->user_agent});
    auto done = [self = shared_from_this(), round = round_](error_code ec, exchange_report r) {
        self->on_answer(round, ec, r);
    };
    world_.wire->async_exchange(
        request_, *this,
        asio::bind_cancellation_slot(abort_.slot(),
                                     asio::bind_executor(world_.executor, std::move(done))));
}

error_code credential_source::on_head(const response_head& head)
{
    status_ = head.status;
    for (const header_view& h : head.headers)
        if (equal_ignoring_case(h.name, "Retry-After") || equal_ignoring_case(h.name, "Date"))
            times_.push_back({std::string(h.name), std::string(h.value)});
    return {};
}

void credential_source::heed_retry_after()
{
    std::vector<std::string_view> waits;
    std::string_view date;
    for (const header_field& h : times_) {
        if (equal_ignoring_case(h.name, "Date"))
            date = h.value;
        else
            waits.push_back(h.value);
    }
    if (waits.empty() || (status_ != 429 && status_ < 500)) return;
    if (const auto wait = read_retry_after(waits, date, world_.clock->wall_now()))
        (void)world_.queue->hold_until(saturating_add(world_.clock->now(), *wait));
}

error_code credential_source::on_body(std::string_view octets)
{
    if (body_.size() + octets.size() > token_exchange::most_octets) return errc::limit_exceeded;
    body_ += octets;
    return {};
}

void credential_source::on_answer(std::uint64_t round, error_code ec, const exchange_report& report)
{
    if (stopped_) return;
    if (!ec) heed_retry_after();
    world_.queue->release(permit_, outcome_of(ec, status_));
    if (round == round_ && life_.fetching()) {
        std::string why;
        if (ec == errc::limit_exceeded) {
            fail(errc::credentials_refused, who_ + " sends more than " +
                                                std::to_string(token_exchange::most_octets) +
                                                " octets");
        } else if (ec) {
            why = who_ + " could not be asked: " + ec.message();
            if (!report.detail.empty())
                why += ": " + codec::without_hidden(report.detail, {}, tokens_->hidden());
            fail(ec == condition::try_again ? errc::credentials_unavailable
                                            : errc::credentials_refused,
                 std::move(why));
        } else if (auto given = tokens_->read(status_, body_, why)) {
            std::string trouble;
            if (given->refresh_token) trouble = keep(*given->refresh_token);
            take(std::move(given->proof), trouble);
        } else {
            fail(given.error(), std::move(why));
        }
    }
    if (!stopped_) world_.queue->pump();
}

// @return What the user must know of it.
std::string credential_source::keep(const secret& refresh_token)
{
    const auto& keeper = world_.options->keep_refresh_token;
    if (!keeper)
        return "; its new refresh token is lost with this run, unless "
               "engine_options::keep_refresh_token keeps it";
    try {
        keeper(connector_, refresh_token);
    } catch (...) {
        return "; engine_options::keep_refresh_token threw, and its new refresh token may be lost";
    }
    return {};
}

void credential_source::on_given(std::uint64_t round, error_code ec, credential given)
{
    if (stopped_ || round != round_ || !life_.fetching()) return;
    if (!ec) return take(std::move(given));
    std::string why = std::move(failed_why_);
    if (why.empty()) why = who_ + " failed: " + ec.message();
    fail(ec == condition::try_again ? errc::credentials_unavailable : errc::credentials_refused,
         std::move(why));
}

void credential_source::take(credential given, const std::string& trouble)
{
    const auto keep_alive = shared_from_this();
    if (refused_ && given.value == current_.value)
        return fail(errc::credentials_refused,
                    who_ + " gave the credential again that the API had refused");
    if (given.header.empty() || given.value.empty() || !codec::fits_header(given.header) ||
        !codec::fits_header(given.value.reveal()))
        return fail(errc::credentials_refused, who_ + " gave something that no header can carry");
    end_fetch();
    refused_ = false;
    life_.fetched(world_.clock->now(), given.good_for);
    current_ = std::move(given);
    news_ = who_ + " gave new credentials" + trouble;
    tell([](waiter& w) { w.proven(); });
}

// Whoever is told may ask again, or end others that wait.
template <class Tell>
void credential_source::tell(Tell to)
{
    const auto keep = shared_from_this();
    for (std::size_t left = waiting_.size(); left > 0 && !waiting_.empty(); --left) {
        waiter& w = *waiting_.front();
        withdraw(w);
        to(w);
    }
}

void credential_source::fail(error_code ec, std::string why)
{
    const auto keep_alive = shared_from_this();
    end_fetch();
    life_.failed(world_.clock->now());
    failed_as_ = ec;
    failed_why_ = std::move(why);
    tell_failed();
}

void credential_source::tell_failed()
{
    if (stopped_ || life_.fetching()) return;
    const error_code ec = failed_as_;
    const std::string why = failed_why_;
    tell([&](waiter& w) { w.not_proven(ec, why); });
}

// Too long: whatever the fetch still brings is not looked at.
void credential_source::wake()
{
    const auto keep = shared_from_this();
    abort_.emit(asio::cancellation_type::terminal);
    if (std::exchange(queued_, false)) world_.queue->withdraw(*this);
    fail(errc::credentials_unavailable,
         who_ + " did not answer within engine_options::credential_wait");
}

// Its callers keep it alive: this may be the last but one owner.
void credential_source::end_fetch() noexcept
{
    world_.wakes->cancel(*this);
    self_.reset();
}

void credential_source::stop() noexcept
{
    if (std::exchange(stopped_, true)) return;
    const auto keep = std::move(self_);
    {
        const std::lock_guard lock(mail_->mutex);
        mail_->closed = true;
    }
    world_.wakes->cancel(*this);
    if (world_.queue) world_.queue->withdraw(*this);
    for (waiter* const w : waiting_)
        w->place_.reset();
    waiting_.clear();
    abort_.emit(asio::cancellation_type::terminal);
}

}  // namespace catena
