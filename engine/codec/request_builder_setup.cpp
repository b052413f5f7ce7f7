#include "codec/hidden_texts.hpp"
#include "codec/local_host.hpp"
#include "codec/request_builder_impl.hpp"
#include "codec/secret_text.hpp"
#include <catena/codec/decode.hpp>
#include <catena/codec/next_url.hpp>
#include <catena/core/identity.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace catena {

using codec::parameter;
using codec::request_draft;

namespace {

bool names(const std::vector<std::string>& list, std::string_view name)
{
    return std::find(list.begin(), list.end(), name) != list.end();
}

bool carries_credentials(const std::string& name, const setting& s)
{
    constexpr std::array<std::string_view, 3> always{"Authorization", "Proxy-Authorization",
                                                     "Cookie"};
    return s.is_secret() || codec::is_telling_name(name) ||
           std::any_of(always.begin(), always.end(),
                       [&](std::string_view n) { return equal_ignoring_case(n, name); });
}

const char* media_type_of(page_format f)
{
    switch (f) {
        case page_format::json: break;
        case page_format::xml: return "application/xml";
        case page_format::json_lines: return "application/x-ndjson, application/jsonl";
    }
    return "application/json";
}

bool belongs_to_transport(std::string_view name)
{
    constexpr std::array<std::string_view, 4> theirs{"Host", "Content-Length", "Connection",
                                                     "Transfer-Encoding"};
    return std::any_of(theirs.begin(), theirs.end(),
                       [&](std::string_view n) { return equal_ignoring_case(n, name); });
}

bool is_header_name(std::string_view name)
{
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
        const char l = static_cast<char>(c | 0x20);
        return (l >= 'a' && l <= 'z') || (c >= '0' && c <= '9') ||
               others.find(c) != std::string_view::npos;
    });
}

// Room for a tab, which the grammar of header values allows to those who write their own.
bool fits_own_header(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
}

bool has_header(const std::vector<header_field>& headers, std::string_view name)
{
    return std::any_of(headers.begin(), headers.end(),
                       [&](const header_field& h) { return equal_ignoring_case(h.name, name); });
}

std::string hex(std::uint64_t n, int digits)
{
    std::string out;
    while (digits-- > 0)
        out += "0123456789abcdef"[n >> (4 * digits) & 15];
    return out;
}

}  // namespace

error_code request_builder::impl::look_up(const setting& s, const secret_lookup& ask,
                                          const std::string& pointer, std::string& text,
                                          diagnostics& why)
{
    const error_code ec = codec::read_setting(s, ask, pointer, text, why);
    if (ec)
        why.connector = c->name;
    else if (s.is_secret())
        codec::hide(hidden, std::string_view(text).substr(s.prefix.size()));
    return ec;
}

error_code request_builder::impl::read_urls(diagnostics& why)
{
    boost::system::result<next_url> base = parse_url(c->request.url);
    if (!base.has_value()) {
        return refuse(why, errc::next_url_refused, "/request/url",
                      "this is no http or https URL that can be asked",
                      "write it as https://host/path");
    }
    own = std::move(base.value().to);
    own_is_local = codec::names_local_address(own.host);
    const std::string& target = base.value().target;
    const std::size_t mark = std::min(target.find('?'), target.size());
    path = target.substr(0, mark);
    if (mark < target.size()) first = codec::split_query(std::string_view(target).substr(mark + 1));

    for (std::size_t i = 0; i < c->origins.size(); ++i) {
        boost::system::result<next_url> other = parse_url(c->origins[i]);
        if (!other.has_value()) {
            return refuse(why, errc::next_url_refused, "/origins/" + std::to_string(i),
                          "this is no origin", "write it as https://host");
        }
        origins.push_back(std::move(other.value().to));
    }
    return {};
}

error_code request_builder::impl::read_query(const secret_lookup& ask, diagnostics& why)
{
    for (const auto& [name, from] : c->request.query) {
        std::string text;
        if (const error_code ec = look_up(from, ask, "/request/query/" + name, text, why))
            return ec;
        if (!from.is_secret() && !codec::is_telling_name(name)) {
            first.push_back(codec::make_parameter(name, text));
            continue;
        }
        first.push_back(codec::make_hidden_parameter(name, text, codec::ellipsis));
        if (from.is_secret()) secrets.push_back(first.back());
        credentials += first.back().text + '\n';
    }
    return {};
}

error_code request_builder::impl::read_headers(const secret_lookup& ask, diagnostics& why)
{
    for (const auto& [name, from] : c->request.headers) {
        const std::string pointer = "/request/headers/" + name;
        if (!is_header_name(name) || belongs_to_transport(name)) {
            return refuse(why, errc::bad_secret, "/request/headers",
                          "a header's name is no name, or one that only the transport may set",
                          "leave it out");
        }
        header_field h{name, {}};
        if (const error_code ec = look_up(from, ask, pointer, h.value, why)) return ec;
        if (!fits_own_header(h.value)) {
            return refuse(why, errc::bad_secret, pointer,
                          "its value holds a control character, which no header can carry",
                          "check the value's end for a line break");
        }
        if (carries_credentials(name, from)) {
            credentials += name + ':' + h.value + '\n';
            if (!from.is_secret()) codec::hide(hidden, h.value);
        } else {
            open_headers.push_back(h);
        }
        headers.push_back(std::move(h));
    }
    add_header({"Accept", media_type_of(c->format)});
    add_header({"Accept-Encoding", std::string(accept_encoding())});
    states_content = has_header(headers, "Content-Type");
    return {};
}

// Only so that a secret that cannot be read is told at once, and that budgets are told apart.
error_code request_builder::impl::read_auth(const secret_lookup& ask, diagnostics& why)
{
    const auth_rule& a = c->auth;
    if (a.by == auth_rule::method::none) return {};
    const std::array<std::pair<const setting*, const char*>, 6> parts{
        {{&a.user, "/auth/basic/user"},
         {&a.password, "/auth/basic/password"},
         {&a.token, "/auth/bearer"},
         {&a.client_id, "/auth/oauth2/client_id"},
         {&a.client_secret, "/auth/oauth2/client_secret"},
         {&a.refresh_token, "/auth/oauth2/refresh_token"}}};
    credentials += "auth " + a.name + a.token_url + a.scope + '\n';
    for (const auto& [part, pointer] : parts) {
        std::string text;
        if (const error_code ec = look_up(*part, ask, pointer, text, why)) return ec;
        credentials += text + '\n';
    }
    return {};
}

void request_builder::impl::add_header(const header_field& h)
{
    if (has_header(headers, h.name)) return;
    headers.push_back(h);
    open_headers.push_back(h);
}

error_code request_builder::impl::read_page_size(diagnostics& why)
{
    body = c->request.body;
    if (c->page_size.value == 0) return {};
    const value size{json_kind::number, std::to_string(c->page_size.value)};
    request_draft d(path, first, body);
    if (const char* flaw = d.place(c->page_size.to, size, request_draft::show::plain))
        return refuse(why, errc::cursor_refused, "/page_size/to", flaw, "correct the target");
    first = d.query();
    body = std::move(d.body);
    for (const header_field& h : d.headers)
        add_header(h);
    return {};
}

void request_builder::impl::finish()
{
    for (const parameter& p : first)
        if (!dropped(p.name)) later.push_back(p);
    key = to_text(own);
    // 32 bits of a hash: enough to tell budgets apart, too few to give a credential back.
    if (!credentials.empty()) {
        const catena::identity hash = identity_of(credentials);
        key += ' ' + hex(hash.low, 8);
        identity = hash.high != 0 ? hash.high : 1;
    }
    credentials.clear();
}

bool request_builder::impl::dropped(const std::string& name) const
{
    if (c->next.exclusive) return !names(c->next.keep, name);
    return names(c->next.drop, name);
}

}  // namespace catena
