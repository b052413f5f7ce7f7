// Naughty strings as cursors: each comes back as it was from every place, or is refused.
#include "support/catch.hpp"
#include "support/corpora.hpp"
#include <catena/codec/next_url.hpp>
#include <catena/codec/request_builder.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cstddef>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;
namespace json = boost::json;
using place = token_target::place;

namespace {

request_builder builder(place to, const char* at)
{
    connector c("naughty", "https://h.example/i?a=1");
    c.request.body = to == place::body ? "{\"a\": 1.0}" : "";
    c.next.from.emplace_back(token_source::place::body, "/next");
    c.next.to.emplace_back(to, at, token_target::form::text);
    diagnostics why;
    auto b = request_builder::make(std::make_shared<connector>(c), nullptr, why);
    REQUIRE(b.has_value());
    return std::move(b.value());
}

// Written apart from the library's own, on purpose: %XX and nothing else is undone.
std::string undone(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        REQUIRE(i + 2 < text.size());
        out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
        i += 2;
    }
    return out;
}

// The cursor as a server would find it, or nothing where it was refused.
std::optional<std::string> found(const request_builder& b, place to, const std::string& cursor)
{
    position at;
    at.tokens.push_back({json_kind::string, cursor});
    diagnostics why;
    const auto r = b.build(at, why);
    if (!r.has_value()) {
        CHECK(r.error() == errc::cursor_refused);
        return std::nullopt;
    }
    const http_request& sent = r.value();
    for (const char c : sent.target)
        CHECK((c > ' ' && c < 0x7f));
    CHECK(parse_url(request_builder::url_of(sent)).has_value());
    switch (to) {
        case place::query:
            return undone(std::string_view(sent.target).substr(sizeof "/i?a=1&c=" - 1));
        case place::path:
            return undone(std::string_view(sent.target)
                              .substr(3, sent.target.size() - 3 - (sizeof "?a=1" - 1)));
        case place::header:
            for (const header_field& h : sent.headers)
                if (h.name == "X-Cursor") return h.value;
            return "(not sent)";
        default: break;
    }
    return json::value_to<std::string>(json::parse(sent.body).at("c"));
}

}  // namespace

TEST_CASE("every naughty string survives as a cursor or is refused", "[P19][A6][A14][corpus]")
{
    const auto text = testing::corpus("naughty-strings/blns.json");
    if (!text) return;
    const auto strings = json::value_to<std::vector<std::string>>(json::parse(*text));
    struct target {
        place to;
        const char* at;
        const char* name;
    };
    for (const target& t :
         {target{place::query, "c", "query"}, target{place::path, "/p/", "path"},
          target{place::body, "/c", "body"}, target{place::header, "X-Cursor", "header"}}) {
        const request_builder b = builder(t.to, t.at);
        std::size_t same = 0;
        std::vector<std::string> refused;
        for (const std::string& cursor : strings) {
            INFO(t.name << ": " << cursor);
            const auto got = found(b, t.to, cursor);
            if (!got) refused.push_back(cursor);
            if (got) CHECK(*got == cursor);
            same += got ? 1 : 0;
        }
        std::cout << "naughty-strings, " << t.name << ": " << same << " of " << strings.size()
                  << " the same, " << refused.size() << " refused\n";
        CHECK(same + refused.size() == strings.size());
        if (t.to == place::query || t.to == place::body) CHECK(refused.empty());
        // Dots would be a directory; controls and blanks at an end do not survive a header.
        for (const std::string& cursor : refused) {
            const bool dots = cursor == "." || cursor == "..";
            const bool blanks = cursor.starts_with(' ') || cursor.ends_with(' ');
            const bool control = std::any_of(cursor.begin(), cursor.end(), [](char c) {
                return (c >= 0 && c < ' ') || c == 0x7f;
            });
            INFO(t.name << ": " << cursor);
            CHECK((t.to == place::path ? dots : blanks || control));
        }
    }
}
