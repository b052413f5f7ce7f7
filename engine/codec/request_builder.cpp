#include "codec/hidden_texts.hpp"
#include "codec/request_builder_impl.hpp"
#include <catena/codec/next_url.hpp>

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

namespace catena {

using codec::parameter;
using codec::request_draft;

namespace {

bool is_absent(const value& v) { return v.kind == json_kind::null && v.text.empty(); }

bool in_url(const token_target& t)
{
    return t.to == token_target::place::query || t.to == token_target::place::path;
}

}  // namespace

error_code request_builder::impl::refuse(diagnostics& why, errc code, std::string pointer,
                                         std::string what, std::string mend) const
{
    why.code = code;
    why.connector = c->name;
    why.pointer = std::move(pointer);
    why.what = std::move(what);
    why.mend = std::move(mend);
    why.next = advice::resume;
    return code;
}

const value* request_builder::impl::url_token(const position& at) const
{
    for (std::size_t i = 0; i < at.tokens.size(); ++i)
        if (c->next.to[i].to == token_target::place::url && !is_absent(at.tokens[i]))
            return &at.tokens[i];
    return nullptr;
}

error_code request_builder::impl::place(request_draft& d, const token_target& to, const value& v,
                                        const std::string& pointer, diagnostics& why) const
{
    if (to.to == token_target::place::url || is_absent(v)) return {};
    const char* flaw = d.place(to, v);
    if (!flaw) return {};
    return refuse(why, errc::cursor_refused, pointer,
                  std::string("the value cannot be put into the request: ") + flaw,
                  "correct the target; check what the connector takes for the value");
}

error_code request_builder::impl::place_tokens(request_draft& d, const position& at, room where,
                                               diagnostics& why) const
{
    using source = token_source::place;
    for (std::size_t i = 0; i < c->next.to.size(); ++i) {
        if (where == room::beside_url && in_url(c->next.to[i])) continue;
        const std::string pointer = "/next/to/" + std::to_string(i);
        error_code ec;
        if (!at.first_page())
            ec = place(d, c->next.to[i], at.tokens[i], pointer, why);
        else if (i < c->next.from.size() && c->next.from[i].from == source::counter)
            // The server's own default for a first page need not be the connector's start.
            ec = place(d, c->next.to[i], {json_kind::number, std::to_string(c->next.from[i].start)},
                       pointer, why);
        if (ec) return ec;
    }
    return {};
}

error_code request_builder::impl::place_bound(request_draft& d, const position& at, room where,
                                              diagnostics& why) const
{
    const std::vector<token_target>& to = c->expiry.recover.to;
    for (std::size_t i = 0; i < std::min(to.size(), at.bound.size()); ++i) {
        if (where == room::beside_url && in_url(to[i])) continue;
        const bool parameter = to[i].to == token_target::place::query;
        if (parameter && !at.first_page() && dropped(to[i].at)) continue;
        const std::string pointer = "/expiry/recover/rebuild/to/" + std::to_string(i);
        if (const error_code ec = place(d, to[i], at.bound[i], pointer, why)) return ec;
    }
    return {};
}

// A size of the chain's own, in place of the connector's where that would stand.
error_code request_builder::impl::place_size(request_draft& d, const position& at, room where,
                                             diagnostics& why) const
{
    const page_size_rule& size = c->page_size;
    if (at.size == 0 || size.value == 0) return {};
    if (where == room::beside_url && in_url(size.to)) return {};
    const bool parameter = size.to.to == token_target::place::query;
    if (parameter && !at.first_page() && dropped(size.to.at)) return {};
    const value number{json_kind::number, std::to_string(at.size)};
    const char* flaw = d.place(size.to, number, request_draft::show::plain);
    if (!flaw) return {};
    return refuse(why, errc::cursor_refused, "/page_size/to", flaw, "correct the target");
}

void request_builder::impl::hide_tokens(std::vector<std::string>& texts, const position& at,
                                        std::string_view target) const
{
    for (std::size_t i = 0; i < at.tokens.size(); ++i) {
        const bool counter =
            i < c->next.from.size() && c->next.from[i].from == token_source::place::counter;
        if (c->next.to[i].to == token_target::place::url)
            codec::hide_target(texts, target, path);
        else if (!counter)
            codec::hide(texts, at.tokens[i].text);
    }
    for (const value& bound : at.bound)
        codec::hide(texts, bound.text);
}

boost::system::result<http_request> request_builder::impl::sent(request_draft&& d, origin to,
                                                                whose it, const position& at,
                                                                diagnostics& why) const
{
    http_request r;
    r.method = c->request.method;
    r.to = std::move(to);
    r.own_address = own_is_local && r.to == own;
    r.target = d.target();
    r.shown_target = d.shown();
    r.headers = std::move(d.headers);
    r.body = std::move(d.body);
    if (!r.body.empty() && !states_content)
        r.headers.push_back({"Content-Type", "application/json"});
    r.repeatable = !c->next.single_use || at.first_page();
    r.own_origin = it == whose::ours;
    if (r.own_origin) r.credentials = identity;
    r.hidden = hidden;
    hide_tokens(r.hidden, at, r.target);

    const auto splits = [](char o) { return static_cast<unsigned char>(o) <= 0x20 || o == 0x7f; };
    if (std::any_of(r.target.begin(), r.target.end(), splits)) {
        return refuse(why, errc::cursor_refused, "/next/to",
                      "the path holds a blank or control character", "percent-encode it");
    }
    return r;
}

boost::system::result<http_request> request_builder::impl::build_url(const std::string& url,
                                                                     const position& at, room where,
                                                                     const credential* proof,
                                                                     diagnostics& why) const
{
    const boost::system::result<next_url> read = parse_url(url);
    if (!read.has_value()) {
        return refuse(why, errc::next_url_refused, "/next/to",
                      "what stands for the next URL is no absolute http or https URL",
                      "take the next URL itself, or put the value elsewhere than in the URL");
    }
    url_policy policy;
    policy.allowed = origins;
    policy.longest = url.size() * 3 + 64;  // whoever took the token limited it
    url_refusal reason{};
    boost::system::result<next_url> to = resolve_next(to_text(own) + path, url, policy, reason);
    if (!to.has_value()) {
        return refuse(why, errc::next_url_refused, "/next/to",
                      "the next URL leads from " + to_text(own) + " to " +
                          to_text(read.value().to) + ": " + to_text(reason),
                      "name that origin in `origins` if it is to be trusted");
    }

    const bool ours = to.value().credentials;
    request_draft d(to.value().target, path, body);
    d.headers = ours ? headers : open_headers;
    for (const parameter& p : secrets) {
        if (ours)
            d.add_if_missing(p);
        else
            d.drop(p.name);
    }
    // A next URL says which query it continues; a redirect only where it is answered.
    if (where == room::beside_url && !url_token(at)) {
        if (const error_code ec = place_size(d, at, where, why)) return ec;
        if (const error_code ec = place_bound(d, at, where, why)) return ec;
    }
    if (const error_code ec = place_tokens(d, at, where, why)) return ec;
    boost::system::result<http_request> r =
        sent(std::move(d), std::move(to.value().to), ours ? whose::ours : whose::another, at, why);
    if (!r.has_value()) return r;
    if (where == room::beside_url) codec::hide_target(r->hidden, r->target, path);
    if (ours && proof != nullptr) add_proof(*r, *proof);
    return r;
}

void request_builder::impl::add_proof(http_request& r, const credential& proof)
{
    r.headers.push_back({proof.header, std::string(proof.value.reveal())});
    codec::hide(r.hidden, proof);
}

request_builder::request_builder() : impl_(std::make_unique<impl>()) {}
request_builder::~request_builder() = default;
request_builder::request_builder(request_builder&&) noexcept = default;
request_builder& request_builder::operator=(request_builder&&) noexcept = default;

boost::system::result<request_builder> request_builder::make(std::shared_ptr<const connector> c,
                                                             const secret_lookup& look_up,
                                                             diagnostics& why)
{
    request_builder out;
    impl& i = *out.impl_;
    i.c = std::move(c);
    error_code ec = i.read_urls(why);
    if (!ec) ec = i.read_query(look_up, why);
    if (!ec) ec = i.read_headers(look_up, why);
    if (!ec) ec = i.read_auth(look_up, why);
    if (!ec) ec = i.read_page_size(why);
    if (ec) return ec;
    i.finish();
    return out;
}

error_code request_builder::impl::check_tokens(const position& at, diagnostics& why) const
{
    if (at.first_page() || at.tokens.size() == c->next.to.size()) return {};
    return refuse(why, errc::cursor_refused, "/next/to",
                  "the position has another number of tokens than the connector",
                  "use the checkpoint with the connector that it was made with");
}

bool request_builder::impl::is_secret(std::string_view name) const
{
    return std::any_of(secrets.begin(), secrets.end(),
                       [&](const parameter& p) { return p.name == name; });
}

/* Where a redirect leaves out what says which page is meant, or which records, something else is
   answered there. A next URL is the server's own, and it may know another way to the same. */
error_code request_builder::impl::check_query(const position& at, const std::string& url,
                                              bool at_home, diagnostics& why) const
{
    if (url_token(at)) return {};
    // What is answered at another origin may be a file made of the query; at our own it is an API.
    std::vector<parameter> asked;
    if (at_home)
        for (const parameter& p : at.first_page() ? first : later)
            if (!codec::is_telling_name(p.name) && !is_secret(p.name)) asked.push_back(p);
    request_draft d(path, asked, {});
    d.body = body;
    if (at_home)
        if (const error_code ec = place_size(d, at, room::whole_request, why)) return ec;
    if (const error_code ec = place_bound(d, at, room::whole_request, why)) return ec;
    if (const error_code ec = place_tokens(d, at, room::whole_request, why)) return ec;
    const std::size_t query = url.find('?');
    const std::vector<parameter> wanted = d.query();
    const parameter* const lost = codec::lost_parameter(
        wanted,
        query == std::string::npos ? std::string_view() : std::string_view(url).substr(query + 1));
    if (lost == nullptr) return {};
    return refuse(why, errc::unexpected_redirect, "Location",
                  "the redirect leads to a URL without the parameter " + lost->name +
                      " of this request: what is answered there would be something else",
                  "set request.url to where the API is now");
}

boost::system::result<http_request> request_builder::build(const position& at, diagnostics& why,
                                                           const credential* proof) const
{
    const impl& i = *impl_;
    constexpr auto everywhere = impl::room::whole_request;
    if (const error_code ec = i.check_tokens(at, why)) return ec;
    if (const value* url = i.url_token(at))
        return i.build_url(url->text, at, everywhere, proof, why);

    request_draft d(i.path, at.first_page() ? i.first : i.later, i.body);
    d.headers = i.headers;
    if (const error_code ec = i.place_size(d, at, everywhere, why)) return ec;
    if (const error_code ec = i.place_bound(d, at, everywhere, why)) return ec;
    if (const error_code ec = i.place_tokens(d, at, everywhere, why)) return ec;
    auto r = i.sent(std::move(d), i.own, impl::whose::ours, at, why);
    if (r && proof != nullptr) impl::add_proof(*r, *proof);
    return r;
}

boost::system::result<http_request> request_builder::build(const position& at,
                                                           const std::string& url, diagnostics& why,
                                                           const credential* proof) const
{
    if (const error_code ec = impl_->check_tokens(at, why)) return ec;
    auto r = impl_->build_url(url, at, impl::room::beside_url, proof, why);
    if (!r.has_value()) return r;
    if (const error_code ec = impl_->check_query(at, url, is_own(r->to), why)) return ec;
    return r;
}

bool request_builder::is_own(const origin& to) const noexcept
{
    const origin& own = impl_->own;
    const bool over_tls = !own.tls && own.port == 80 && to.tls && to.port == 443;
    return to == own || (over_tls && to.host == own.host);
}

std::string request_builder::url_of(const http_request& r) { return to_text(r.to) + r.target; }

std::uint64_t request_builder::credentials() const noexcept { return impl_->identity; }

const std::string& request_builder::budget_key() const noexcept { return impl_->key; }

}  // namespace catena
