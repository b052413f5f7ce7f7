// The corpus retry-after, as far as the field Retry-After itself is concerned.
#include "support/catch.hpp"
#include "support/json_corpus.hpp"
#include <catena/codec/retry_after.hpp>
#include <catena/core/http.hpp>

#include <boost/json.hpp>

#include <chrono>
#include <iostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;
namespace json = boost::json;

namespace {

/* The rest is the business of others: quota fields (X-RateLimit-*, RateLimit) are a codec of their
   own, and what GitHub means by a 403 is a connector's rule. */
bool concerns_others(const json::object& c)
{
    bool hint = false;
    for (const json::value& h : c.at("headers").as_array()) {
        const json::string& name = h.as_array()[0].as_string();
        if (equal_ignoring_case(name, "Retry-After")) return false;
        hint = hint || !equal_ignoring_case(name, "Date");
    }
    return hint;
}

std::optional<duration> wait_of(const json::object& c)
{
    std::vector<std::string_view> values;
    std::string_view date;
    for (const json::value& h : c.at("headers").as_array()) {
        const json::string& name = h.as_array()[0].as_string();
        const json::string& text = h.as_array()[1].as_string();
        if (equal_ignoring_case(name, "Retry-After")) values.push_back(text);
        if (equal_ignoring_case(name, "Date")) date = text;
    }
    const auto now = read_http_date(c.at("now").as_string(), wall_time{});
    REQUIRE(now);
    return read_retry_after(values, date, *now);
}

bool is(const json::value& expect, std::optional<duration> got)
{
    if (expect.is_string() && expect.as_string() == "own_backoff") return !got;
    if (expect.is_string()) return got && *got > std::chrono::hours(24 * 365);  // "cap"
    return got && *got == std::chrono::seconds(expect.to_number<std::int64_t>());
}

bool agrees(const json::object& expect, std::optional<duration> got)
{
    if (const json::value* wait = expect.if_contains("wait_s")) return is(*wait, got);
    if (const json::value* wait = expect.if_contains("wait")) return is(*wait, got);
    for (const json::value& one : expect.at("wait_any").as_array())
        if (is(one, got)) return true;
    return false;
}

}  // namespace

TEST_CASE("the corpus of Retry-After is read as it says", "[R1][corpus]")
{
    const json::array cases = testing::json_corpus("retry-after/retry.json");
    std::size_t good = 0;
    std::size_t judged = 0;
    std::cout << "retry-after, of others' concern:";
    for (const json::value& one : cases) {
        const json::object& c = one.as_object();
        if (concerns_others(c)) {
            std::cout << ' ' << c.at("id").as_string();
            continue;
        }
        ++judged;
        const std::optional<duration> got = wait_of(c);
        INFO(c.at("id") << ": " << (got ? got->count() : -1));
        const bool right = agrees(c.at("expect").as_object(), got);
        good += right ? 1 : 0;
        CHECK(right);
    }
    std::cout << "\nretry-after: " << good << " of " << judged << " (" << cases.size()
              << " in all)\n";
}
