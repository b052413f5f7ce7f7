// The cases of the corpus retry-after that are about quota fields alone.
#include "rate_limit_fields_support.hpp"
#include "support/json_corpus.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <iostream>
#include <string>

using namespace catena;
namespace json = boost::json;

namespace {

// The longest wait for a quota of which nothing is left; nothing where one is empty for how long
// nobody says.
std::optional<duration> wait_for(const std::vector<quota_signal>& all)
{
    duration longest{};
    for (const quota_signal& s : all) {
        if (s.remaining != std::uint64_t(0)) continue;
        if (!s.reset_in) return std::nullopt;
        longest = std::max(longest, *s.reset_in);
    }
    return longest;
}

bool agrees(const json::value& wanted, std::optional<duration> got)
{
    if (wanted.is_string()) return !got;  // "own_backoff"
    return got == duration(std::chrono::seconds(wanted.to_number<std::int64_t>()));
}

/* Not told by fields: an answer without any, and GitHub's secondary limit. A limit on concurrency
   is left out, which is the own backoff that its case asks for. */
bool concerns_others(std::string_view id)
{
    return id == "none-429" || id == "github-secondary-no-hint" || id == "rl-concurrency";
}

}  // namespace

TEST_CASE("the corpus of quota fields is read as it says", "[quota][R6][R8][R15][corpus]")
{
    std::size_t good = 0;
    std::size_t judged = 0;
    for (const json::value& one : testing::json_corpus("retry-after/retry.json")) {
        const json::object& c = one.as_object();
        testing::header_lines lines;
        bool retry_after = false;
        for (const json::value& h : c.at("headers").as_array()) {
            lines.push_back({h.as_array()[0].as_string(), h.as_array()[1].as_string()});
            retry_after = retry_after || equal_ignoring_case(lines.back().name, "Retry-After");
        }
        const std::string id = json::value_to<std::string>(c.at("id"));
        if (retry_after || concerns_others(id)) continue;
        const auto now = read_http_date(c.at("now").as_string(), wall_time{});
        REQUIRE(now);
        const auto got = wait_for(testing::read_quotas(lines, {}, {}, *now));

        const json::object& expect = c.at("expect").as_object();
        bool right = false;
        for (const char* key : {"wait", "wait_s"})
            if (const json::value* w = expect.if_contains(key)) right = agrees(*w, got);
        if (const json::value* any = expect.if_contains("wait_any"))
            for (const json::value& w : any->as_array())
                right = right || agrees(w, got);
        // A malformed field leaves no signal: the caller's own backoff applies.
        const bool none = testing::read_quotas(lines, {}, {}, *now).empty();
        if (none && expect.contains("wait")) right = expect.at("wait").is_string();
        INFO(id);
        CHECK(right);
        good += right ? 1 : 0;
        ++judged;
    }
    std::cout << "quota fields: " << good << " of " << judged << '\n';
}
