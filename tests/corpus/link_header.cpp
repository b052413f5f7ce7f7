// The corpus link-header: which URL comes next, given the Link lines of an answer.
#include "support/catch.hpp"
#include "support/json_corpus.hpp"
#include <catena/codec/link_header.hpp>
#include <catena/codec/next_url.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;
namespace json = boost::json;

namespace {

// As the page reader does: find the link, then resolve it. What follows is a URL or "error:...".
std::string next_of(const json::object& c)
{
    const auto base = json::value_to<std::string>(c.at("base"));
    const auto texts = json::value_to<std::vector<std::string>>(c.at("headers"));
    const std::vector<std::string_view> lines(texts.begin(), texts.end());
    const auto link = find_link(lines, "next", base);
    if (!link.has_value()) return "error:malformed";
    if (!link.value()) return "end";
    url_refusal why{};
    const auto url = resolve_next(base, *link.value(), {}, why);
    if (!url.has_value()) return std::string("error:") + to_text(why);
    return url.value().same_page ? "error:loop" : url.value().text();
}

bool agrees(const json::object& expect, const std::string& got)
{
    if (const json::value* error = expect.if_contains("error")) {
        // Two links that differ are one kind of malformed link here.
        const std::string kind = error->as_string() == "ambiguous"
                                     ? std::string("malformed")
                                     : json::value_to<std::string>(*error);
        return got == "error:" + kind;
    }
    if (const json::value* next = expect.if_contains("next"))
        return next->is_null() ? got == "end" : got == next->as_string();
    for (const json::value& one : expect.at("next_any").as_array())
        if (got == one.as_string()) return true;
    return false;
}

}  // namespace

TEST_CASE("the corpus of Link headers is read as it says", "[P21][P23][corpus]")
{
    const json::array cases = testing::json_corpus("link-header/link.json");
    std::size_t good = 0;
    for (const json::value& one : cases) {
        const json::object& c = one.as_object();
        const std::string got = next_of(c);
        INFO(c.at("id") << ": " << got);
        const bool right = agrees(c.at("expect").as_object(), got);
        good += right ? 1 : 0;
        CHECK(right);
    }
    std::cout << "link-header: " << good << " of " << cases.size() << '\n';
}
