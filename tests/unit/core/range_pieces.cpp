#include "support/catch.hpp"
#include "unit/core/range_support.hpp"
#include <catena/core/range_math.hpp>

#include <algorithm>
#include <functional>

using namespace catena;
using catena::testing::field_of;
using catena::testing::key_source;
using catena::testing::precedes;
using catena::testing::rule_of;

namespace {

// Consecutive, in ascending order and from end to end.
void require_chain(const range_rule& by, const interval& whole, const std::vector<interval>& parts)
{
    REQUIRE(!parts.empty());
    REQUIRE(parts.front().lower == whole.lower);
    REQUIRE(parts.back().upper == whole.upper);
    for (std::size_t i = 1; i < parts.size(); ++i) {
        REQUIRE(parts[i].lower == parts[i - 1].upper);
        REQUIRE(is_border(by, *parts[i].lower));
        REQUIRE(precedes(by, *parts[i - 1].lower, *parts[i].lower));
    }
    if (parts.size() > 1) REQUIRE(precedes(by, *parts.back().lower, *whole.upper));
}

std::size_t takers(const range_rule& by, const std::vector<interval>& parts, field_view key)
{
    return static_cast<std::size_t>(std::count_if(
        parts.begin(), parts.end(),
        [&](const interval& part) { return where_in(by, part, key) == side::inside; }));
}

}  // namespace

TEST_CASE("every key is inside just one piece, whatever its type", "[P17][P28][range][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 41u));
    CAPTURE(seed);
    std::mt19937 draw(seed);
    const duration steps[] = {std::chrono::seconds(1), std::chrono::microseconds(100),
                              std::chrono::hours(1)};
    for (int i = 0; i < 60; ++i) {
        const auto type = static_cast<range_type>(draw() % 4);
        const range_rule by =
            rule_of(type, static_cast<moment_form>(draw() % 3), steps[draw() % 3]);
        key_source keys(by, draw);
        interval whole(keys.next(), keys.next());
        if (compare_in(by, *whole.lower, *whole.upper) > 0) std::swap(whole.lower, whole.upper);
        const std::size_t pieces = draw() % 40;
        CAPTURE(static_cast<int>(type), *whole.lower, *whole.upper, pieces);
        const std::vector<interval> parts = divide(by, whole, pieces);
        REQUIRE(parts.size() <= std::max<std::size_t>(pieces, 1));
        require_chain(by, whole, parts);

        std::vector<std::string> probes;
        for (int k = 0; k < 30; ++k)
            probes.push_back(keys.next());
        for (const interval& part : parts) {
            probes.push_back(*part.lower);
            probes.push_back(*part.upper);
        }
        for (const std::string& key : probes) {
            CAPTURE(key);
            const field_view field = field_of(by, key);
            const bool within = where_in(by, whole, field) == side::inside;
            REQUIRE(takers(by, parts, field) == (within ? 1u : 0u));
        }
    }
}

TEST_CASE("small integer intervals are divided evenly, exhaustively", "[range]")
{
    const range_rule by = rule_of(range_type::integer);
    for (int low = -6; low <= 6; ++low)
        for (int high = low + 1; high <= 8; ++high)
            for (std::size_t pieces = 1; pieces <= 16; ++pieces) {
                CAPTURE(low, high, pieces);
                const interval whole(std::to_string(low), std::to_string(high));
                const std::vector<interval> parts = divide(by, whole, pieces);
                const auto length = static_cast<std::size_t>(high - low);
                REQUIRE(parts.size() == std::min(pieces, length));
                require_chain(by, whole, parts);
                for (int key = low - 2; key <= high + 2; ++key) {
                    const std::string text = std::to_string(key);
                    const bool within = key >= low && key < high;
                    REQUIRE(takers(by, parts, {json_kind::number, text}) == (within ? 1u : 0u));
                }
                for (const interval& part : parts) {
                    const auto size =
                        static_cast<std::size_t>(std::stoi(*part.upper) - std::stoi(*part.lower));
                    REQUIRE(size >= length / parts.size());
                    REQUIRE(size <= length / parts.size() + 1);
                }
            }
}

TEST_CASE("parts are even by what they hold, not by how they are written", "[range]")
{
    const auto shares = [](const range_rule& by, const interval& whole, std::size_t pieces) {
        const std::vector<interval> parts = divide(by, whole, pieces);
        REQUIRE(parts.size() == pieces);
        for (std::size_t i = 1; i < parts.size(); ++i)
            REQUIRE(share_before(by, whole, *parts[i].lower) ==
                    Approx(static_cast<double>(i) / static_cast<double>(pieces)).margin(0.02));
    };
    for (const std::size_t pieces : {2u, 3u, 7u, 64u}) {
        CAPTURE(pieces);
        shares(rule_of(range_type::integer), interval("0", "1000000"), pieces);
        shares(rule_of(range_type::decimal), interval("-0.5", "0.5"), pieces);
        shares(rule_of(range_type::decimal), interval("0", "3e-9"), pieces);
        shares(rule_of(range_type::time), interval("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
               pieces);
        shares(rule_of(range_type::text), interval("a", "z"), pieces);
        shares(rule_of(range_type::text), interval("user-0", "user-9"), pieces);
        shares(rule_of(range_type::text), interval("", "\xe4\xb8\x80"), pieces);
    }
}

TEST_CASE("an interval without an end, or without inside, stays whole", "[range]")
{
    const range_rule by = rule_of(range_type::integer);
    for (const interval& whole :
         {interval(), interval("5", std::nullopt), interval(std::nullopt, "5"), interval("5", "5"),
          interval("6", "5"), interval("5", "6"), interval("x", "z")})
        CHECK(divide(by, whole, 10) == std::vector<interval>{whole});
    CHECK(divide(by, interval("0", "100"), 0).size() == 1);
    CHECK(divide(rule_of(range_type::time),
                 interval("2026-01-01T00:00:00Z", "2026-01-01T00:00:03Z"), 10)
              .size() == 3);
    CHECK(divide(rule_of(range_type::text), interval("a", "a!"), 10).size() == 1);
}

TEST_CASE("text borders are short and can be read", "[range]")
{
    const range_rule by = rule_of(range_type::text);
    for (const interval& part : divide(by, interval("a", "zzzzzz"), 8)) {
        if (*part.upper == "zzzzzz") continue;
        CAPTURE(*part.upper);
        CHECK(part.upper->size() <= 2);
        CHECK(std::all_of(part.upper->begin(), part.upper->end(),
                          [](char c) { return c > ' ' && c < 0x7f; }));
    }
}

/* A server that keeps integers (or times in whole steps) and filters as its edges say, asked for
   each part with what would be sent. */
TEST_CASE("what an edge is sent covers the interval, whichever sides the server includes",
          "[P17][range]")
{
    const bool lower_in = GENERATE(true, false);
    const bool upper_in = GENERATE(true, false);
    const auto type = GENERATE(range_type::integer, range_type::time);
    CAPTURE(lower_in, upper_in, static_cast<int>(type));
    range_rule by = rule_of(type, moment_form::seconds);
    by.lower = range_edge({token_target::place::query, "from"}, lower_in);
    by.upper = range_edge({token_target::place::query, "to"}, upper_in);

    for (int low = -4; low < 8; ++low)
        for (int high = low + 1; high < 10; ++high) {
            const auto from = lower_to_send(by, std::to_string(low));
            const auto to = upper_to_send(by, std::to_string(high));
            REQUIRE(from);
            REQUIRE(to);
            for (int key = -6; key < 12; ++key) {
                CAPTURE(low, high, key, *from, *to);
                const auto above = compare_in(by, std::to_string(key), *from);
                const auto below = compare_in(by, std::to_string(key), *to);
                const bool answered =
                    (lower_in ? above >= 0 : above > 0) && (upper_in ? below <= 0 : below < 0);
                const bool wanted = key >= low && key < high;
                REQUIRE((!wanted || answered));
                // No more than the one key that an inclusive edge of times brings.
                const bool extra = type == range_type::time && upper_in && key == high;
                REQUIRE(answered == (wanted || extra));
            }
        }
}

TEST_CASE("what is sent is rounded away from the interval", "[range]")
{
    range_rule by = rule_of(range_type::time);
    by.lower = range_edge({token_target::place::query, "from"}, true);
    by.upper = range_edge({token_target::place::query, "to"}, true);
    const char* const text = "2026-01-01T02:00:00.25+02:00";
    CHECK(lower_to_send(by, text) == "2026-01-01T00:00:00Z");
    CHECK(upper_to_send(by, text) == "2026-01-01T00:00:01Z");
    by.lower->inclusive = false;
    CHECK(lower_to_send(by, text) == "2025-12-31T23:59:59Z");
    by.resolution = std::chrono::milliseconds(1);
    CHECK(lower_to_send(by, text) == "2026-01-01T00:00:00.249Z");
    CHECK(upper_to_send(by, text) == "2026-01-01T00:00:00.250Z");
    by.time = moment_form::milliseconds;
    CHECK(upper_to_send(by, text) == "1767225600250");
    CHECK(upper_to_send(by, "1767225600250.5") == "1767225600251");
    by.time = moment_form::seconds;
    CHECK(lower_to_send(by, text) == "1767225600.249");
}

TEST_CASE("nothing is sent where nothing covers the interval", "[range]")
{
    range_rule by = rule_of(range_type::text);
    CHECK_FALSE(lower_to_send(by, "a"));
    CHECK_FALSE(upper_to_send(by, "a"));
    by.lower = by.upper = range_edge({token_target::place::query, "x"}, false);
    CHECK_FALSE(lower_to_send(by, "a"));
    CHECK(upper_to_send(by, "a") == "a");
    by.type = range_type::decimal;
    CHECK_FALSE(lower_to_send(by, "1.5"));
    CHECK(upper_to_send(by, "1.50e0") == "1.5");
    by.lower->inclusive = true;
    CHECK(lower_to_send(by, "1.5") == "1.5");
    CHECK_FALSE(lower_to_send(by, "abc"));
    by.type = range_type::integer;
    CHECK_FALSE(lower_to_send(by, "1.5"));
    by.type = range_type::time;
    CHECK_FALSE(upper_to_send(by, "yesterday"));
    CHECK_FALSE(upper_to_send(by, "9999-12-31T23:59:59.5Z"));
    CHECK(lower_to_send(by, "9999-12-31T23:59:59.5Z") == "9999-12-31T23:59:59Z");
}

TEST_CASE("a record beside its part is expected at a border that is sent, and nowhere else",
          "[P11][P24][range]")
{
    range_rule by = rule_of(range_type::integer);
    by.lower = range_edge({token_target::place::query, "from"}, false);
    by.upper = range_edge({token_target::place::query, "to"}, false);
    const interval part("10", "20");
    const auto may = [&](const char* key) {
        return may_answer(by, part, {json_kind::number, key});
    };
    CHECK(may("10"));
    CHECK(may("9"));
    CHECK_FALSE(may("8"));
    CHECK(may("20"));
    CHECK_FALSE(may("21"));
    CHECK_FALSE(may("15.5"));
    by.lower->inclusive = true;
    CHECK_FALSE(may("9"));
    by.upper.reset();
    CHECK(may("500"));
    CHECK_FALSE(may("9"));
    by.upper = by.lower;
    by.lower.reset();
    CHECK(may("-5"));
    CHECK_FALSE(may("20"));

    // A server that sorts without regard to case answers B between a and c.
    by = rule_of(range_type::text);
    by.lower = by.upper = range_edge({token_target::place::query, "x"}, true);
    CHECK_FALSE(may_answer(by, interval("a", "c"), {json_kind::string, "B"}));
    CHECK(may_answer(by, interval("a", "c"), {json_kind::string, "c"}));

    range_rule list = rule_of(range_type::values);
    list.values = {"a", "b"};
    CHECK(may_answer(list, interval("a", std::nullopt), {json_kind::string, "a"}));
    CHECK_FALSE(may_answer(list, interval("a", std::nullopt), {json_kind::string, "b"}));
}
