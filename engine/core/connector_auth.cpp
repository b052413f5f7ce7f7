// What can be wrong with a connector's proof of who asks.
#include "core/connector_checks.hpp"
#include <catena/core/auth_rule.hpp>
#include <catena/core/http.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace catena {

bool is_renewable(const auth_rule& a) noexcept
{
    using source = setting::source;
    switch (a.by) {
        case auth_rule::method::none: return false;
        case auth_rule::method::basic: return a.password.from == source::file;
        case auth_rule::method::bearer: return a.token.from == source::file;
        case auth_rule::method::oauth2:
        case auth_rule::method::provider: break;
    }
    return true;
}

namespace core {
namespace {

using method = auth_rule::method;

// Whether octets sent to this URL stay on this machine, as far as its text tells.
bool stays_here(std::string_view url)
{
    std::string_view host = split_url(url).authority;
    if (host.starts_with('[')) return host.substr(0, host.find(']') + 1) == "[::1]";
    host = host.substr(0, host.find(':'));
    return equal_ignoring_case(host, "localhost") || host == "127.0.0.1";
}

bool is_open(std::string_view url)
{
    return equal_ignoring_case(split_url(url).scheme, "http") && !stays_here(url);
}

}  // namespace

void connector_check::auth()
{
    const auth_rule& a = c_.auth;
    if (a.by == method::none) return;
    for (const auto& [name, ignored] : c_.request.headers)
        if (equal_ignoring_case(name, "Authorization"))
            flaw("/request/headers/" + pointer_token(name), "auth sets this header",
                 "remove it, or remove auth");
    if (is_open(c_.request.url) && !a.allow_plain_http)
        flaw("/auth", "the credentials would go over plain http, where others can read them",
             "use https, or set auth.allow_plain_http if the way is safe");

    switch (a.by) {
        case method::none: return;
        case method::basic:
            value(a.user, "/auth/basic/user");
            value(a.password, "/auth/basic/password");
            if (!a.user.is_secret() && a.user.value.find(':') != std::string::npos)
                flaw("/auth/basic/user", "a user's name cannot hold a colon (RFC 7617)",
                     "correct the name");
            return;
        case method::bearer:
            value(a.token, "/auth/bearer");
            if (a.token.value.empty())
                flaw("/auth/bearer", "there is no token", "refer to it: {\"$env\": \"NAME\"}");
            return;
        case method::oauth2: return oauth2();
        case method::provider:
            plain_text(a.name, "/auth/provider");
            if (a.name.empty())
                flaw("/auth/provider", "a provider needs a name to be asked for",
                     "name the credential");
    }
}

void connector_check::oauth2()
{
    const auth_rule& a = c_.auth;
    url(a.token_url, "/auth/oauth2/token_url");
    if (is_open(a.token_url) && !a.allow_plain_http)
        flaw("/auth/oauth2/token_url", "the client's secret would go over plain http",
             "use https, or set auth.allow_plain_http if the way is safe");
    value(a.client_id, "/auth/oauth2/client_id");
    value(a.client_secret, "/auth/oauth2/client_secret");
    value(a.refresh_token, "/auth/oauth2/refresh_token");
    plain_text(a.scope, "/auth/oauth2/scope");
    if (a.client_id.value.empty())
        flaw("/auth/oauth2/client_id", "the token server knows its clients by an id", "name it");

    const bool refreshes = a.granted_by == auth_rule::grant::refresh_token;
    if (refreshes == a.refresh_token.value.empty())
        flaw("/auth/oauth2/refresh_token",
             refreshes ? "this grant needs a refresh token" : "this grant has no refresh token",
             refreshes ? "refer to it: {\"$file\": \"/path\"}"
                       : "remove it, or set \"grant\": \"refresh_token\"");
    if (!refreshes && a.client_secret.value.empty())
        flaw("/auth/oauth2/client_secret", "this grant needs the client's secret",
             "refer to it: {\"$env\": \"NAME\"}");
    for (const auto& [name, s] : a.parameters) {
        const std::string where = "/auth/oauth2/parameters/" + pointer_token(name);
        plain_text(name, where);
        value(s, where);
        constexpr std::string_view own[] = {"grant_type", "client_id",     "client_secret",
                                            "scope",      "refresh_token", ""};
        if (std::find(std::begin(own), std::end(own), name) != std::end(own))
            flaw(where, "this parameter has a member of its own", "use that member");
    }
}

}  // namespace core
}  // namespace catena
