#include "codec/hidden_texts.hpp"
#include "codec/request_builder_draft.hpp"
#include "codec/request_builder_query.hpp"
#include "codec/secret_text.hpp"
#include "core/base64.hpp"
#include <catena/codec/next_url.hpp>
#include <catena/codec/token_exchange.hpp>
#include <catena/core/identity.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cassert>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <utility>

namespace catena {
namespace {

namespace json = boost::json;

constexpr std::uint64_t longest_life = 10ULL * 365 * 24 * 60 * 60;  // seconds

// A member of `o` as text, or nothing.
std::string_view text_of(const json::object& o, std::string_view name)
{
    const json::value* const v = o.if_contains(name);
    const json::string* const s = v ? v->if_string() : nullptr;
    return s ? std::string_view(s->data(), s->size()) : std::string_view();
}

// Seconds; some servers write them as a text. Unreadable ones count as none.
std::optional<duration> life_in(const json::object& o)
{
    const json::value* const v = o.if_contains("expires_in");
    if (!v) return std::nullopt;
    std::uint64_t seconds = 0;
    if (const auto* n = v->if_int64()) {
        if (*n < 0) return duration::zero();
        seconds = static_cast<std::uint64_t>(*n);
    } else if (const auto* s = v->if_string()) {
        const auto [end, ec] = std::from_chars(s->data(), s->data() + s->size(), seconds);
        if (ec != std::errc() || end != s->data() + s->size()) return std::nullopt;
    } else {
        return std::nullopt;
    }
    return std::chrono::seconds(std::min(seconds, longest_life));
}

void add_parameter(std::string& body, std::string_view name, std::string_view text)
{
    if (!body.empty()) body += '&';
    body += codec::make_parameter(name, text).text;
}

bool may_pass(int status)
{
    return status >= 500 || status == 408 || status == 425 || status == 429;
}

std::string encoded(std::string_view text)
{
    std::string out;
    codec::append_encoded(out, text);
    return out;
}

}  // namespace

boost::system::result<token_exchange> token_exchange::make(const auth_rule& a,
                                                           const secret_lookup& look_up,
                                                           diagnostics& why)
{
    assert(a.by == auth_rule::method::oauth2);
    token_exchange out;
    const boost::system::result<next_url> url = parse_url(a.token_url);
    if (!url.has_value()) {
        why.code = errc::next_url_refused;
        why.pointer = "/auth/oauth2/token_url";
        why.what = "this is no http or https URL that can be asked";
        why.mend = "write it as https://host/path";
        return why.code;
    }
    out.refreshes_ = a.granted_by == auth_rule::grant::refresh_token;
    out.name_ = "the token server " + to_text(url->to);
    out.blank_.method = "POST";
    out.blank_.to = url->to;
    out.blank_.target = out.blank_.shown_target = url->target;
    out.blank_.headers = {{"Accept", "application/json"},
                          {"Content-Type", "application/x-www-form-urlencoded"}};
    // Whether a lost request was answered is unknown, and a refresh token may work once.
    out.blank_.repeatable = !out.refreshes_;

    std::string id, client_secret;
    const std::string at = "/auth/oauth2/";
    error_code ec = codec::read_setting(a.client_id, look_up, at + "client_id", id, why);
    if (!ec)
        ec =
            codec::read_setting(a.client_secret, look_up, at + "client_secret", client_secret, why);
    if (!ec)
        ec = codec::read_setting(a.refresh_token, look_up, at + "refresh_token", out.refresh_token_,
                                 why);
    if (ec) return ec;

    add_parameter(out.fixed_, "grant_type",
                  out.refreshes_ ? "refresh_token" : "client_credentials");
    if (!a.scope.empty()) add_parameter(out.fixed_, "scope", a.scope);
    const bool in_header = a.client_in == auth_rule::client_place::header && !client_secret.empty();
    if (in_header) {
        // RFC 6749, section 2.3.1: both are form-encoded before they are joined.
        const std::string pair = core::to_base64(encoded(id) + ':' + encoded(client_secret));
        out.blank_.headers.push_back({"Authorization", "Basic " + pair});
        codec::hide(out.hidden_, pair);
    } else {
        add_parameter(out.fixed_, "client_id", id);
        if (!client_secret.empty()) add_parameter(out.fixed_, "client_secret", client_secret);
    }
    for (const auto& [name, s] : a.parameters) {
        std::string text;
        ec = codec::read_setting(s, look_up, at + "parameters/" + name, text, why);
        if (ec) return ec;
        add_parameter(out.fixed_, name, text);
        if (s.is_secret()) codec::hide(out.hidden_, text);
    }
    codec::hide(out.hidden_, client_secret);
    codec::hide(out.hidden_, out.refresh_token_);
    out.blank_.credentials =
        identity_of(out.fixed_ + '\n' + id + '\n' + client_secret + '\n' + out.refresh_token_).low;
    out.identity_ = to_text(url->to) + url->target + ' ' + std::to_string(out.blank_.credentials);
    return out;
}

http_request token_exchange::request() const
{
    http_request r = blank_;
    r.body = fixed_;
    if (refreshes_) add_parameter(r.body, "refresh_token", refresh_token_);
    r.hidden = hidden_;
    return r;
}

boost::system::result<token_grant> token_exchange::read(int status, std::string_view body,
                                                        std::string& why)
{
    json::error_code ec;
    const json::value v = json::parse(json::string_view(body.data(), body.size()), ec);
    const json::object* const o = ec ? nullptr : v.if_object();
    why = name_ + " answered " + std::to_string(status);
    if (o) {
        for (const char* member : {"error", "error_description"})  // RFC 6749, section 5.2
            if (const auto said = text_of(*o, member); !said.empty())
                why += ": " + codec::without_hidden(said, {}, hidden_);
    } else if (!body.empty()) {
        why += " with something that is no JSON object";
    }
    if (status != 200)
        return make_error_code(may_pass(status) ? errc::credentials_unavailable
                                                : errc::credentials_refused);
    if (!o) {
        if (body.empty()) why += " with an empty body";
        return make_error_code(errc::credentials_unavailable);
    }
    // Before anything else is judged: the old one may be dead from now on.
    std::optional<secret> renewed;
    if (const auto next = text_of(*o, "refresh_token"); !next.empty() && refreshes_) {
        refresh_token_ = next;
        codec::hide(hidden_, next);
        renewed = secret(refresh_token_);
    }
    const std::string_view token = text_of(*o, "access_token");
    if (token.empty() || !codec::fits_header(token)) {
        why += token.empty() ? ": there is no access_token in it"
                             : ": its access_token cannot go in a header";
        return make_error_code(errc::credentials_refused);
    }
    const std::string_view type = text_of(*o, "token_type");
    if (!type.empty() && !equal_ignoring_case(type, "bearer")) {
        why += ": its token_type is not Bearer (RFC 6750)";
        return make_error_code(errc::credentials_refused);
    }
    token_grant out;
    out.proof = credential(secret("Bearer " + std::string(token)), life_in(*o));
    out.refresh_token = std::move(renewed);
    why.clear();
    return out;
}

}  // namespace catena
