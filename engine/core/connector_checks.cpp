#include "core/connector_checks.hpp"

#include <catena/core/http.hpp>

#include <algorithm>
#include <utility>

namespace catena::core {
namespace {

constexpr bool control(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

bool has_control(std::string_view text) noexcept
{
    return std::any_of(text.begin(), text.end(), control);
}

// RFC 9110, section 5.6.2
bool is_token(std::string_view text) noexcept
{
    constexpr std::string_view more = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               more.find(c) != std::string_view::npos;
    });
}

bool is_pointer(std::string_view text) noexcept
{
    if (!text.empty() && text[0] != '/') return false;
    for (std::size_t i = text.find('~'); i != std::string_view::npos; i = text.find('~', i + 1))
        if (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) return false;
    return true;
}

bool is_port(std::string_view text) noexcept
{
    if (text.empty() || text.size() > 5) return false;
    unsigned port = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
        port = port * 10 + static_cast<unsigned>(c - '0');
    }
    return port > 0 && port < 65536;
}

// What is wrong with "host:port", or "".
std::string_view authority_fault(std::string_view authority) noexcept
{
    if (authority.find('@') != std::string_view::npos) return "it holds user info";
    const std::size_t bracket = authority.find(']');
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (authority.substr(0, colon).empty()) return "it has no host";
    if (authority[0] == '[' && bracket == std::string_view::npos) return "its host is not closed";
    if (colon != std::string_view::npos && !is_port(authority.substr(colon + 1)))
        return "its port is no number from 1 to 65535";
    return "";
}

}  // namespace

std::string item(const std::string& pointer, std::size_t index)
{
    return pointer + '/' + std::to_string(index);
}

std::string pointer_token(std::string_view name)
{
    std::string out;
    for (const char c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

std::string name_of(token_target::place p)
{
    switch (p) {
        case token_target::place::query: return "query";
        case token_target::place::body: return "body";
        case token_target::place::header: return "header";
        case token_target::place::path: return "path";
        case token_target::place::url: break;
    }
    return "url";
}

std::string name_of(token_source::place p)
{
    switch (p) {
        case token_source::place::body: return "body";
        case token_source::place::header: return "header";
        case token_source::place::link: return "link";
        case token_source::place::last_record: return "last_record";
        case token_source::place::counter: break;
    }
    return "counter";
}

bool goes_to_url(const next_rule& n)
{
    return std::any_of(n.to.begin(), n.to.end(),
                       [](const token_target& t) { return t.to == token_target::place::url; });
}

url_parts split_url(std::string_view url) noexcept
{
    url_parts parts;
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos) return parts;
    parts.scheme = url.substr(0, colon);
    url.remove_prefix(colon + 3);
    const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
    parts.authority = url.substr(0, end);
    parts.rest = url.substr(end);
    return parts;
}

void connector_check::flaw(std::string pointer, std::string what, std::string mend)
{
    flaws_.push_back({std::move(pointer), std::move(what), std::move(mend)});
}

void connector_check::plain_text(const std::string& text, const std::string& pointer)
{
    if (has_control(text))
        flaw(pointer, "a control character stands in this text",
             "remove the line break, NUL or other control");
}

void connector_check::json_pointer(const std::string& text, const std::string& pointer)
{
    if (!is_pointer(text))
        flaw(pointer, "this is no JSON Pointer",
             "begin with \"/\" and write ~ as ~0 and / in a name as ~1, as in \"/meta/next\"");
}

void connector_check::member_pointer(const std::string& text, const std::string& pointer)
{
    if (text.empty())
        flaw(pointer, "an empty JSON Pointer is the whole document",
             "point to a member, as in \"/meta/next\"");
    else
        json_pointer(text, pointer);
}

void connector_check::header_name(const std::string& name, const std::string& pointer)
{
    if (!is_token(name))
        flaw(pointer, "this is no header name",
             "use letters, digits and hyphens, as in \"X-Next-Page\"");
}

void connector_check::request_header(const std::string& name, const std::string& pointer)
{
    header_name(name, pointer);
    for (const std::string_view own : {"Host", "Content-Length", "Connection", "Transfer-Encoding"})
        if (equal_ignoring_case(name, own))
            flaw(pointer, "the header " + std::string(own) + " is set by the library itself",
                 "remove it");
}

void connector_check::value(const setting& s, const std::string& pointer)
{
    plain_text(s.prefix, s.is_secret() ? pointer + "/prefix" : pointer);
    switch (s.from) {
        case setting::source::text: return plain_text(s.value, pointer);
        case setting::source::environment:
            if (s.value.empty() || s.value.find('=') != std::string::npos || has_control(s.value))
                flaw(pointer + "/$env", "this is no name of an environment variable",
                     "use letters, digits and underscores, as in \"API_TOKEN\"");
            return;
        case setting::source::file:
            if (s.value.empty() || s.value.find('\0') != std::string::npos)
                flaw(pointer + "/$file", "this is no file path",
                     "write the path of the secret's file");
    }
}

void connector_check::test(const sign& s, const std::string& pointer)
{
    if (!s.status && !s.header && !s.body && !s.equals && !s.contains)
        flaw(pointer, "a sign without a test holds always",
             "name at least one of status, header, body, equals, contains");
    if (s.status && (*s.status < 100 || *s.status > 599))
        flaw(pointer + "/status", "this is no HTTP status", "use a number from 100 to 599");
    if (s.status && *s.status >= 200 && *s.status < 300 && *s.status != 204 && !s.header &&
        !s.body && !s.equals && !s.contains)
        flaw(pointer + "/status", "every good page has this status, so the sign says nothing",
             "add header, body, equals or contains");
    if (s.header) header_name(*s.header, pointer + "/header");
    if (s.body) json_pointer(*s.body, pointer + "/body");
    if (s.header && s.body && (s.equals || s.contains))
        flaw(pointer, "equals and contains test one place, but both header and body are named",
             "name one of them");
    if (s.contains && s.contains->empty())
        flaw(pointer + "/contains", "every text contains the empty text",
             "name the words to look for");
}

void connector_check::url(const std::string& text, const std::string& pointer)
{
    if (text.empty())
        return flaw(pointer, "there is no URL",
                    "name the first page's URL, as in \"https://host/items\"");
    // No message holds the URL itself: what is wrong with it may be a credential in it.
    const std::string_view octets = text;
    if (has_control(octets) || octets.find(' ') != std::string_view::npos)
        return flaw(pointer, "a space or control character stands in the URL",
                    "percent-encode it: a space is %20");
    const url_parts parts = split_url(octets);
    if (!equal_ignoring_case(parts.scheme, "https") && !equal_ignoring_case(parts.scheme, "http"))
        return flaw(pointer, "this is no absolute URL of scheme http or https",
                    "begin with \"https://\"");
    const std::string_view fault = authority_fault(parts.authority);
    if (fault == "it holds user info")
        return flaw(pointer, "the URL holds user info",
                    "remove it and write \"auth\": {\"basic\": {\"user\": ..., \"password\": "
                    "{\"$env\": \"NAME\"}}}");
    if (!fault.empty())
        return flaw(pointer, "the URL cannot be used: " + std::string(fault),
                    "write it as \"https://host/path\" or \"https://host:port/path\"");
    if (parts.rest.find('#') != std::string_view::npos)
        flaw(pointer, "a fragment (\"#...\") is never sent to a server",
             "remove it, or write # as %23");
}

void connector_check::source(const token_source& s, const std::string& pointer)
{
    using place = token_source::place;
    const std::string where = pointer + '/' + name_of(s.from);
    switch (s.from) {
        case place::body: member_pointer(s.at, where); break;
        case place::header: header_name(s.at, where); break;
        case place::link:
            plain_text(s.at, where);
            if (s.at.empty()) flaw(where, "a link needs a relation", "name it, mostly \"next\"");
            break;
        case place::last_record: json_pointer(s.at, where); break;
        case place::counter:
            if (s.optional || s.keep)
                flaw(pointer, "a counter is computed and so never absent",
                     "remove optional and keep");
    }

    const bool selects = !s.where_at.empty() || !s.where_equals.empty() || !s.value_at.empty();
    if (selects && s.from != place::body)
        flaw(pointer, "where and value select in an array of the body",
             "use them with \"body\" only");
    if (selects && (s.where_at.empty() || s.value_at.empty()))
        flaw(pointer, "where and value belong together",
             "write both, as in \"where\": {\"/relation\": \"next\"}, \"value\": \"/url\"");
    json_pointer(s.where_at, pointer + "/where");
    json_pointer(s.value_at, pointer + "/value");
    if (s.optional && s.keep)
        flaw(pointer, "keep already allows the token to be absent", "remove optional");
}

void connector_check::target(const token_target& t, const std::string& pointer)
{
    using place = token_target::place;
    const std::string where = pointer + '/' + name_of(t.to);
    const bool has_no_body = c_.request.method == "GET" || c_.request.method == "HEAD";
    switch (t.to) {
        case place::query:
            plain_text(t.at, where);
            if (t.at.empty()) flaw(where, "a query parameter needs a name", "name it");
            break;
        case place::body:
            member_pointer(t.at, where);
            if (has_no_body)
                flaw(where, "a " + c_.request.method + " request has no body",
                     "set request.method to POST, or put the value in the query");
            break;
        case place::header: request_header(t.at, where); break;
        case place::path:
            plain_text(t.at, where);
            if (t.at.empty() || t.at[0] != '/')
                flaw(where, "a path begins with \"/\"", "write it as \"/v1/items/\"");
            if (t.at.find_first_of("?# ") != std::string::npos)
                flaw(where, "a path holds no space, ? or #", "percent-encode them");
            break;
        case place::url:
            if (t.as == token_target::form::json)
                flaw(pointer + "/as", "a URL is text", "remove \"as\"");
    }
}

}  // namespace catena::core
