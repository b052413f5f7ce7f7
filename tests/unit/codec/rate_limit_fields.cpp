#include "rate_limit_fields_support.hpp"

#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

struct table_row {
    header_lines lines;
    signals expect;
};

void check(const std::vector<table_row>& rows)
{
    for (const table_row& row : rows) {
        std::string shown;
        for (const header_view& h : row.lines)
            shown.append(h.name).append(": ").append(h.value).append("\n");
        INFO(shown);
        CHECK(read_quotas(row.lines) == row.expect);
    }
}

}  // namespace

TEST_CASE("RateLimit and RateLimit-Policy are joined by name", "[quota][R6]")
{
    check({
        {{{"RateLimit", R"("default";r=50;t=30)"}}, {{"default", {}, 50, 30s, {}}}},
        {{{"ratelimit", "default;r=0"}}, {{"default", {}, 0, {}, {}}}},
        {{{"RateLimit", R"("burst";r=7;t=5)"},
          {"RateLimit-Policy", R"("burst";q=100;w=60,"daily";q=1000;w=86400)"},
          {"RateLimit", R"("daily";r=0;t=400)"}},
         {{"burst", 100, 7, 5s, 60s}, {"daily", 1000, 0, 400s, 24h}}},
        {{{"RateLimit", R"("daily";r=3;t=400)"},
          {"RateLimit-Policy", R"("burst";q=100;w=60,"daily";q=1000;w=86400)"}},
         {{"daily", 1000, 3, 400s, 24h}, {"burst", 100, {}, {}, 60s}}},
        // A malformed field is none (R6 does without it), the other one still counts.
        {{{"RateLimit", R"("default";r=0;t=)"}}, {}},
        {{{"RateLimit", R"("default;r=0;t=30)"}, {"RateLimit-Policy", R"("default";q=100;w=60)"}},
         {{"default", 100, {}, {}, 60s}}},
        {{{"RateLimit", R"("default";r=5.5;t=-1, "other";r=-2;t=1.5)"}},
         {{"other", {}, 0, {}, {}}}},
        {{{"RateLimit", R"("a";r=101;t=1)"}, {"RateLimit-Policy", R"("a";q=100;w=0)"}},
         {{"a", 100, {}, 1s, {}}}},
        {{{"RateLimit", R"("a";r=0;t=9)"}, {"RateLimit-Policy", R"("a";q=0;w=60)"}},
         {{"a", {}, 0, 9s, 60s}}},
        {{{"RateLimit", R"("a";r=999999999999999;t=999999999999999)"}},
         {{"a", {}, 999999999999999, {}, {}}}},
        {{{"RateLimit", "100"}, {"RateLimit-Policy", "(1 2)"}}, {}},
    });
}

TEST_CASE("a quota of bytes or of concurrency is not read as one of requests", "[quota][R15]")
{
    check({
        {{{"RateLimit", R"("b";r=0;t=9, "a";r=5)"},
          {"RateLimit-Policy",
           R"("a";q=9;qu="requests";w=60, "b";q=65535;qu="content-bytes";w=10)"}},
         {{"a", 9, 5, {}, 60s}}},
        {{{"RateLimit", R"("conc";r=0)"},
          {"RateLimit-Policy", R"("conc";q=10;qu="concurrent-requests")"}},
         {}},
        {{{"RateLimit", R"("a";r=0;qu=bytes)"}}, {}},
        {{{"RateLimit", R"("a";r=0)"}, {"RateLimit-Policy", R"("a";q=10;qu=5)"}}, {}},
        {{{"RateLimit-Policy", R"("a";q=10;qu=request, "b";q=7;qu="bytes")"}},
         {{"a", 10, {}, {}, {}}}},
        {{{"RateLimit-Limit", "100, 100;w=60;qu=\"bytes\""}}, {{"", 100, {}, {}, {}}}},
        {{{"x-ratelimit-remaining-tokens", "0"},
          {"x-ratelimit-limit-tokens", "10"},
          {"x-ratelimit-reset-tokens", "6m0s"}},
         {}},
        {{{"anthropic-ratelimit-input-tokens-remaining", "0"}}, {}},
        {{{"x-token-ratelimit-remaining", "0"}}, {}},
        {{{"X-RateLimit-Remaining-Bytes", "0"}, {"X-RateLimit-Remaining-Complexity", "0"}}, {}},
    });
}

TEST_CASE("shares of one policy are different quotas, and their keys are not shown", "[quota][R6]")
{
    const auto one =
        read_quotas({{"RateLimit", R"("a";r=5;pk=:bWU=:, "a";r=0;t=9;pk=:eW91:)"},
                     {"RateLimit-Policy", R"("a";q=10;w=60;pk=:bWU=:, "a";q=20;w=60;pk=:eW91:)"}});
    REQUIRE(one.size() == 2);
    CHECK(one[0].limit == 10);
    CHECK(one[0].remaining == 5);
    CHECK(one[1].limit == 20);
    CHECK(one[1].remaining == 0);
    CHECK(one[0].name != one[1].name);
    CHECK(one[0].name.starts_with("a;pk="));
    CHECK(one[0].name.find("me") == std::string::npos);
    const auto half = read_quotas(
        {{"RateLimit", R"("a";r=5;pk=:bWU=:)"}, {"RateLimit-Policy", R"("a";q=10;w=60)"}});
    CHECK(half == signals{{one[0].name, 10, 5, {}, 60s}});
}

TEST_CASE("older versions of RateLimit are read", "[quota][R6]")
{
    check({
        {{{"RateLimit", "limit=100, remaining=50, reset=30"}}, {{"", 100, 50, 30s, {}}}},
        {{{"RateLimit", "limit=100, remaining=0, reset=30"}, {"RateLimit-Policy", "100;w=60"}},
         {{"w=60", 100, 0, 30s, 60s}}},
        {{{"RateLimit", "limit=50, remaining=1, reset=3"},
          {"RateLimit-Policy", "10;w=1, 50;w=60;comment=\"x\""}},
         {{"w=60", 50, 1, 3s, 60s}, {"w=1", 10, {}, {}, 1s}}},
        {{{"RateLimit-Limit", "100"}, {"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "30"}},
         {{"", 100, 0, 30s, {}}}},
        {{{"RateLimit-Limit", "100, 100;w=60"},
          {"RateLimit-Remaining", "9"},
          {"RateLimit-Reset", "30"}},
         {{"w=60", 100, 9, 30s, 60s}}},
        {{{"RateLimit-Limit", "100"},
          {"RateLimit-Remaining", "9"},
          {"RateLimit-Policy", "100;w=60, 5000;w=3600"}},
         {{"w=60", 100, 9, {}, 60s}, {"w=3600", 5000, {}, {}, 1h}}},
        {{{"RateLimit-Policy", "100;w=60"}}, {{"w=60", 100, {}, {}, 60s}}},
        {{{"RateLimit", "limit=10, remaining=4, reset=4"},
          {"RateLimit-Limit", "10"},
          {"RateLimit-Remaining", "4"},
          {"RateLimit-Reset", "4"}},
         {{"", 10, 4, 4s, {}}}},
        // Seconds to go by the standard, however many; GitLab writes the time of day.
        {{{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "1209600"}}, {{"", {}, 0, 336h, {}}}},
        {{{"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "1748948460"}}, {{"", {}, 0, 60s, {}}}},
        {{{"RateLimit-Name", "throttle_api"},
          {"RateLimit-Limit", "60"},
          {"RateLimit-Observed", "67"},
          {"RateLimit-ResetTime", "Tue, 03 Jun 2025 11:01:00 GMT"}},
         {{"throttle_api", 60, 0, 60s, {}}}},
    });
}

TEST_CASE("X-RateLimit fields and their look-alikes are read", "[quota][R6]")
{
    check({
        {{{"X-RateLimit-Limit", "5000"},
          {"X-RateLimit-Remaining", "4999"},
          {"X-RateLimit-Reset", "1748949300"},
          {"X-RateLimit-Used", "1"},
          {"X-RateLimit-Resource", "core"}},
         {{"core", 5000, 4999, 15min, {}}}},
        {{{"x-rate-limit-limit", "900"}, {"x-rate-limit-remaining", "0"}}, {{"", 900, 0, {}, {}}}},
        {{{"X-Ratelimit-Remaining", "59.0"}, {"X-Ratelimit-Used", "1"}}, {{"", {}, 59, {}, {}}}},
        {{{"X_RATELIMIT_LIMIT", "60"}, {"X_RATELIMIT_USED", "61"}}, {{"", 60, 0, {}, {}}}},
        {{{"x-ratelimit-limit-requests", "60"},
          {"x-ratelimit-remaining-requests", "59"},
          {"x-ratelimit-reset-requests", "6m0s"}},
         {{"requests", 60, 59, 6min, {}}}},
        {{{"anthropic-ratelimit-requests-limit", "50"},
          {"anthropic-ratelimit-requests-remaining", "0"},
          {"anthropic-ratelimit-requests-reset", "2025-06-03T11:00:07Z"}},
         {{"requests", 50, 0, 7s, {}}}},
        {{{"X-RateLimit-Limit", "5"},
          {"X-RateLimit-Remaining", "0"},
          {"X-RateLimit-Reset", "later"},
          {"X-RateLimit-Reset-After", "1.25"}},
         {{"", 5, 0, 1250ms, {}}}},
        {{{"X-RateLimit-Reset", "30"}}, {{"", {}, {}, 30s, {}}}},
        {{{"X-RateLimit-Limit", "10.5"}, {"X-RateLimit-Remaining", "3"}, {"X-RateLimit-Used", "5"}},
         {{"", 10, 3, {}, {}}}},
    });
}

TEST_CASE("several windows in one field are several quotas", "[quota][R6]")
{
    check({
        {{{"X-RateLimit-Limit", "10, 10;window=1, 500;window=60"},
          {"X-RateLimit-Remaining", "9"},
          {"X-RateLimit-Reset", "1"}},
         {{"w=1", 10, 9, 1s, 1s}, {"w=60", 500, {}, {}, 60s}}},
        {{{"X-RateLimit-Limit", "100;w=60"}, {"X-RateLimit-Remaining", "9"}},
         {{"w=60", 100, 9, {}, 60s}}},
        {{{"X-RateLimit-Limit", "100;window=60, 100;window=3600"}, {"X-RateLimit-Remaining", "9"}},
         {{"", {}, 9, {}, {}}, {"w=60", 100, {}, {}, 60s}, {"w=3600", 100, {}, {}, 1h}}},
        {{{"X-Rate-Limit-Limit", "15m"}, {"X-Rate-Limit-Remaining", "99"}},
         {{"", {}, 99, {}, 15min}}},
        {{{"X-RateLimit-Limit", "40"}, {"X-RateLimit-Interval-Seconds", "60"}},
         {{"", 40, {}, {}, 60s}}},
        {{{"X-RateLimit-Limit", "100, 100;w=60, 100;w=3600"}},
         {{"", 100, {}, {}, {}}, {"w=60", 100, {}, {}, 60s}, {"w=3600", 100, {}, {}, 1h}}},
        // Only the standard's own fields share RateLimit-Policy.
        {{{"X-RateLimit-Limit", "100"}, {"RateLimit-Policy", "100;w=60"}},
         {{"", 100, {}, {}, {}}, {"w=60", 100, {}, {}, 60s}}},
    });
}

TEST_CASE("a period in a field's name is a window of its own", "[quota][R6]")
{
    check({
        {{{"X-RateLimit-Limit-Second", "5"},
          {"X-RateLimit-Remaining-Second", "4"},
          {"X-RateLimit-Limit-Minute", "100"},
          {"X-RateLimit-Remaining-Minute", "0"}},
         {{"second", 5, 4, {}, 1s}, {"minute", 100, 0, {}, 60s}}},
        {{{"X-HubSpot-RateLimit-Daily", "250000"},
          {"X-HubSpot-RateLimit-Daily-Remaining", "249999"},
          {"X-HubSpot-RateLimit-Interval-Milliseconds", "10000"},
          {"X-HubSpot-RateLimit-Max", "100"},
          {"X-HubSpot-RateLimit-Remaining", "98"},
          {"X-HubSpot-RateLimit-Secondly", "10"},
          {"X-HubSpot-RateLimit-Secondly-Remaining", "9"}},
         {{"daily", 250000, 249999, {}, 24h}, {"", 100, 98, {}, 10s}, {"secondly", 10, 9, {}, 1s}}},
        {{{"X-RateLimit-Requests-Per-Hour-Remaining", "3"}},
         {{"requests-per-hour", {}, 3, {}, 1h}}},
        {{{"X-Daily-RateLimit-Remaining", "3"}}, {{"daily", {}, 3, {}, 24h}}},
        {{{"X-RateLimit-Remaining-Month", "3"}, {"X-RateLimit-Reset-Month", "1209600"}},
         {{"month", {}, 3, 336h, 744h}}},
        {{{"X-RateLimit-Remaining-Minutes", "3"}, {"X-RateLimit-Day-Week-Remaining", "3"}}, {}},
    });
}

TEST_CASE("used and limit in one field leave what remains", "[quota][R6]")
{
    check({
        {{{"X-Shopify-Shop-Api-Call-Limit", "32/40"}}, {{"", 40, 8, {}, {}}}},
        {{{"HTTP_X_SHOPIFY_SHOP_API_CALL_LIMIT", " 41 / 40 "}}, {{"", 40, 0, {}, {}}}},
        {{{"Sforce-Limit-Info", "api-usage=25/5000, per-app-api-usage=17/250(appName=x)"}},
         {{"", 5000, 4975, {}, {}}}},
        {{{"X-Shop-Api-Call-Limit", "32"}, {"Sforce-Limit-Info", "api-usage=/5"}}, {}},
        {{{"X-Shopify-Shop-Api-Call-Limit", "1/0"}}, {}},
    });
}

TEST_CASE("what is uncertain or nonsense is left out", "[quota][R6][R7]")
{
    check({
        {{{"X-RateLimit-Remaining", "-3"}, {"X-RateLimit-Reset", "42"}}, {{"", {}, 0, 42s, {}}}},
        {{{"X-RateLimit-Limit", "10"}, {"X-RateLimit-Remaining", "11"}}, {{"", 10, {}, {}, {}}}},
        {{{"X-RateLimit-Limit", "0"}, {"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "9"}},
         {}},
        {{{"X-RateLimit-Limit", "-1"}, {"X-RateLimit-Remaining", "-1"}}, {}},
        {{{"X-RateLimit-Limit", "1,000"}, {"X-RateLimit-Remaining", "999"}},
         {{"", {}, 999, {}, {}}}},
        {{{"X-RateLimit-Limit", "5, 7, 100;w=60"}, {"X-RateLimit-Remaining", "3"}},
         {{"", {}, 3, {}, {}}, {"w=60", 100, {}, {}, 60s}}},
        {{{"X-RateLimit-Limit", "5, 5;w=0"}, {"X-RateLimit-Reset", "30"}}, {{"", 5, {}, 30s, {}}}},
        {{{"X-RateLimit-Window", "0"}, {"X-RateLimit-Reset", "30"}}, {{"", {}, {}, 30s, {}}}},
        {{{"X-RateLimit-Remaining", "184467440737095516160"}}, {}},
        {{{"X-RateLimit-Limit", "unlimited"}, {"X-RateLimit-Remaining", ""}}, {}},
        {{{"X-RateLimit-Remaining", "18446744073709551615"}},
         {{"", {}, 18446744073709551615U, {}, {}}}},
        {{{"X-RateLimit-Remaining", "18446744073709551616"}}, {}},
        {{{"X-RateLimit-Remaining", "+5"}, {"X-RateLimit-Limit", "0x10"}}, {}},
        {{{"X-RateLimit-Remaining", "5"}, {"X-RateLimit-Remaining", "7"}}, {}},
        {{{"X-RateLimit-Remaining", "5"}, {"X-RateLimit-Remaining", " 5 "}}, {{"", {}, 5, {}, {}}}},
        {{{"X-RateLimit-Remaining-Search", "0"}, {"X-RateLimit-Limit-Remaining", "0"}}, {}},
        {{{"X-RateLimit", "10"}, {"X-RateLimit-Type", "0"}, {"Retry-Limit", "0"}, {"Limit", "0"}},
         {}},
        {{{"X-RateLimit-Remaining", "0"}, {"Age", "3"}}, {}},
        {{{"X-RateLimit-Remaining", "0"}, {"Age", "0"}}, {{"", {}, 0, {}, {}}}},
        {{{"X-RateLimit-Resource", "two words"}, {"X-RateLimit-Remaining", "1"}},
         {{"", {}, 1, {}, {}}}},
        {{{"X-RateLimit-Interval", "60"}}, {}},
    });
}

TEST_CASE("no two signals have one name, and there are never too many", "[quota][R6]")
{
    check({
        {{{"X-RateLimit-Remaining", "5"},
          {"X-Shopify-Shop-Api-Call-Limit", "32/40"},
          {"RateLimit-Remaining", "5"},
          {"Api-RateLimit-Remaining", "6"}},
         {{"", {}, 5, {}, {}}, {"#2", 40, 8, {}, {}}, {"#3", {}, 6, {}, {}}}},
    });
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += (i == 0 ? "\"n" : ",\"n") + std::to_string(i) + "\";q=5;r=1";
    std::vector<std::string> names;
    for (int i = 0; i < 100; ++i)
        names.push_back("V" + std::to_string(i) + "-RateLimit-Remaining");
    header_lines lines{{"RateLimit", many}, {"RateLimit-Policy", many}};
    CHECK(read_quotas(lines).size() == most_quota_signals);
    lines.clear();
    for (std::size_t i = 0; i < names.size(); ++i)
        lines.push_back({names[i], "1"});
    CHECK(read_quotas(lines).size() == 1);
    std::vector<std::string> values;
    for (std::size_t i = 0; i < names.size(); ++i)
        values.push_back(std::to_string(i));
    for (std::size_t i = 0; i < names.size(); ++i)
        lines[i].value = values[i];
    CHECK(read_quotas(lines).size() == most_quota_signals);
    const std::string long_name(100, 'n');
    const auto one = read_quotas({{"RateLimit", long_name + ";r=1"}});
    REQUIRE(one.size() == 1);
    CHECK(one[0].name.size() == 64);
}
