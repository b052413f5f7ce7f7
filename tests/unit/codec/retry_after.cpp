#include "support/catch.hpp"
#include <catena/codec/retry_after.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;
using namespace std::chrono_literals;
using std::chrono::sys_days;

namespace {

constexpr wall_time now = sys_days(std::chrono::year(2025) / 6 / 3) + 11h;

std::optional<duration> wait(std::vector<std::string_view> values, std::string_view date = {},
                             wall_time received = now)
{
    return read_retry_after(values, date, received);
}

}  // namespace

TEST_CASE("the three forms of an HTTP date name one moment", "[retry_after][R1]")
{
    const wall_time expect = sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;
    for (const std::string_view text :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun Nov  6 08:49:37 1994", "Sun Nov 06 08:49:37 1994",
          " \tSun, 06 Nov 1994 08:49:37 GMT "}) {
        INFO(text);
        CHECK(read_http_date(text, now) == expect);
    }
}

TEST_CASE("an HTTP date with one octet out of place is none", "[retry_after][R1]")
{
    for (const std::string_view whole :
         {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun Nov  6 08:49:37 1994"}) {
        for (std::size_t cut = 0; cut < whole.size(); ++cut)
            CHECK(!read_http_date(whole.substr(0, cut), now));
        CHECK(!read_http_date(std::string(whole) + "x", now));
        for (std::size_t i = 0; i < whole.size(); ++i) {
            std::string text(whole);
            text[i] = '?';
            INFO(text);
            CHECK(!read_http_date(text, now));
        }
    }
}

TEST_CASE("an impossible date is none", "[retry_after][R1]")
{
    for (const std::string_view text :
         {"Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
          "Wed, 29 Feb 2023 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
          "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
          "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
          "Sun, 06 Nov 94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 +0000",
          "Sun,  06 Nov 1994 08:49:37 GMT", "Thursday, 29-Feb-23 08:49:37 GMT"}) {
        INFO(text);
        CHECK(!read_http_date(text, now));
    }
    CHECK(read_http_date("Thu, 29 Feb 2024 23:59:60 GMT", now) ==
          wall_time(sys_days(std::chrono::year(2024) / 3 / 1)));
}

TEST_CASE("two digits of a year mean the latest one not over 50 years ahead", "[retry_after][R1]")
{
    const auto year_of = [](std::string_view yy, wall_time received) {
        const auto at =
            read_http_date("Monday, 01-Jan-" + std::string(yy) + " 00:00:00 GMT", received);
        REQUIRE(at);
        return static_cast<int>(
            std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*at)).year());
    };
    CHECK(year_of("25", now) == 2025);
    CHECK(year_of("74", now) == 2074);
    CHECK(year_of("75", now) == 2075);  // 49 and a half years ahead
    CHECK(year_of("76", now) == 1976);
    CHECK(year_of("00", now) == 2000);
    CHECK(year_of("99", now) == 1999);
    CHECK(read_http_date("Sunday, 01-Dec-75 00:00:00 GMT", now) ==
          wall_time(sys_days(std::chrono::year(1975) / 12 / 1)));
    const wall_time late = sys_days(std::chrono::year(2099) / 12 / 31);
    CHECK(year_of("00", late) == 2100);
    CHECK(year_of("49", late) == 2149);
    CHECK(year_of("50", late) == 2050);
}

TEST_CASE("of several values the longest counts, unreadable ones none", "[retry_after][R1]")
{
    CHECK(wait({"5", "60", "7"}) == 60s);
    CHECK(wait({"5", "later"}) == 5s);
    CHECK(wait({"5", "Tue, 03 Jun 2025 11:01:00 GMT"}) == 60s);
    CHECK(!wait({"later", ""}));
    CHECK(!wait({}));
}

TEST_CASE("a wait beyond what a duration holds is the longest one", "[retry_after][R1][R9]")
{
    CHECK(wait({"99999999999999999999999999"}) == duration::max());
    CHECK(wait({"9223372036854775807"}) == duration::max());
    CHECK(wait({"9223372037"}) == duration::max());
    CHECK(wait({"9223372036"}) == 9223372036s);
    CHECK(wait({"Fri, 31 Dec 9999 23:59:59 GMT"}) == duration::max());
    CHECK(wait({"Sat, 01 Jan 0001 00:00:00 GMT"}) == 0s);
    CHECK(read_http_date("Fri, 31 Dec 9999 23:59:59 GMT", now) == wall_time::max());
    CHECK(read_http_date("Sat, 01 Jan 0000 00:00:00 GMT", now) == wall_time::min());
}

TEST_CASE("a date is measured against the server's own clock", "[retry_after][R1][R14]")
{
    const std::string_view until = "Tue, 03 Jun 2025 12:00:30 GMT";
    CHECK(wait({until}) == 3630s);
    CHECK(wait({until}, "Tue, 03 Jun 2025 12:00:00 GMT") == 30s);
    CHECK(wait({until}, "Tue Jun  3 13:00:00 2025") == 0s);
    CHECK(wait({until}, "yesterday") == 3630s);
    CHECK(wait({until}, {}, now + 3629s + 1ms) == 1s);  // never shorter than what was asked for
    CHECK(wait({"30"}, "Tue, 03 Jun 2020 12:00:00 GMT") == 30s);
}
