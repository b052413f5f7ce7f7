#pragma once

#include "support/catch.hpp"
#include <catena/codec/request_builder.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catena::testing {

using place = token_target::place;
using form = token_target::form;

inline std::optional<secret> vault(setting::source, const std::string& name)
{
    if (name == "GONE") return std::nullopt;
    if (name == "SPLIT") return secret("canary\r\nX-Evil: 1");
    return secret("canary-" + name);
}

inline request_builder made(const connector& c)
{
    diagnostics why;
    auto b = request_builder::make(std::make_shared<connector>(c), vault, why);
    INFO(why.what);
    REQUIRE(b.has_value());
    return std::move(b.value());
}

inline http_request built(const connector& c, const position& at)
{
    diagnostics why;
    auto r = made(c).build(at, why);
    INFO(why.pointer << ' ' << why.what);
    REQUIRE(r.has_value());
    return r.value();
}

inline value text(std::string s) { return {json_kind::string, std::move(s)}; }
inline value number(std::string s) { return {json_kind::number, std::move(s)}; }

inline position after(std::vector<value> tokens, std::vector<value> bound = {})
{
    position p;
    p.tokens = std::move(tokens);
    p.bound = std::move(bound);
    return p;
}

inline connector items(std::vector<token_target> to,
                       std::string url = "https://api.example.com/v1/items")
{
    connector c("items", std::move(url));
    c.next.to = std::move(to);
    for (std::size_t i = 0; i < c.next.to.size(); ++i)
        c.next.from.emplace_back(token_source::place::body, "/next" + std::to_string(i));
    return c;
}

inline std::string header_of(const http_request& r, std::string_view name)
{
    std::string found = "(none)";
    for (const header_field& h : r.headers)
        if (equal_ignoring_case(h.name, name)) found = found == "(none)" ? h.value : "(twice)";
    return found;
}

inline errc refusal(const connector& c, const position& at, diagnostics& why)
{
    const auto r = made(c).build(at, why);
    REQUIRE(!r.has_value());
    CHECK(r.error() == why.code);
    return static_cast<errc>(r.error().value());
}

inline setting hidden(const char* name, const char* prefix = "")
{
    return setting::from_environment(name, prefix);
}

}  // namespace catena::testing
