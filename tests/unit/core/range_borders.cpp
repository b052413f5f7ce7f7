#include "core/moment.hpp"
#include "support/catch.hpp"
#include "unit/core/range_support.hpp"
#include <catena/core/range_math.hpp>

#include <optional>
#include <set>
#include <stdexcept>

using namespace catena;
using catena::testing::field_of;
using catena::testing::key_source;
using catena::testing::precedes;
using catena::testing::rule_of;

namespace {

std::string unsigned_digits(std::size_t count, char first, char rest)
{
    return first + std::string(count - 1, rest);
}

// The moment a text means, in milliseconds since 1970.
std::optional<std::int64_t> milliseconds(std::string_view text,
                                         moment_form f = moment_form::rfc3339)
{
    const auto m = core::read_moment(text, f);
    if (!m) return std::nullopt;
    return m->seconds * 1000 + m->atto / 1'000'000'000'000'000;
}

}  // namespace

TEST_CASE("a date-time is read with its offset, and only where it names one moment", "[range]")
{
    CHECK(milliseconds("1970-01-01T00:00:00Z") == 0);
    CHECK(milliseconds("2026-01-02T03:04:05Z") == 1767323045000);
    CHECK(milliseconds("2026-01-02T05:04:05+02:00") == 1767323045000);
    CHECK(milliseconds("2026-01-02T05:04:05+0200") == 1767323045000);
    CHECK(milliseconds("2026-01-01T15:34:05.250-11:30") == 1767323045250);
    CHECK(milliseconds("2026-01-02 03:04:05z") == 1767323045000);
    CHECK(milliseconds("1969-12-31T23:59:59.750Z") == -250);
    CHECK(milliseconds("0000-01-01T00:00:00Z") == -62167219200000);
    CHECK(milliseconds("9999-12-31T23:59:59Z") == 253402300799000);
    for (const char* none :
         {"2026-01-02T23:59:60Z", "2026-01-02T03:04:05", "2026-01-02", "2026-02-29T00:00:00Z",
          "2026-13-01T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:60:05Z",
          "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+02",
          "2026-01-02T03:04:05Zx", "2026-01-02T03:04Z", "2026-01-02T03:04:05.1234567890123456789Z",
          "1767323045", "", "soon", "+026-01-02T03:04:05Z", "2026-01-02T03:04:05+02:60"}) {
        CAPTURE(none);
        CHECK_FALSE(milliseconds(none));
    }
}

TEST_CASE("a number is a moment where the filter takes numbers", "[range]")
{
    CHECK(milliseconds("1767323045", moment_form::seconds) == 1767323045000);
    CHECK(milliseconds("1767323045.25", moment_form::seconds) == 1767323045250);
    CHECK(milliseconds("1.767323045e9", moment_form::seconds) == 1767323045000);
    CHECK(milliseconds("1767323045250", moment_form::milliseconds) == 1767323045250);
    CHECK(milliseconds("-0.25", moment_form::seconds) == -250);
    CHECK(milliseconds("-250", moment_form::milliseconds) == -250);
    CHECK(milliseconds("5", moment_form::milliseconds) == 5);
    CHECK(milliseconds("2026-01-02T03:04:05Z", moment_form::milliseconds) == 1767323045000);
    CHECK_FALSE(milliseconds("1767323045", moment_form::rfc3339));
    CHECK_FALSE(milliseconds("1e300", moment_form::seconds));
    CHECK_FALSE(milliseconds("9999999999999999", moment_form::seconds));
}

TEST_CASE("borders compare by what they mean", "[range]")
{
    const auto less = [](const range_rule& by, const char* a, const char* b) {
        CAPTURE(a, b);
        CHECK(compare_in(by, a, b) == std::strong_ordering::less);
        CHECK(compare_in(by, b, a) == std::strong_ordering::greater);
        CHECK(compare_in(by, a, a) == std::strong_ordering::equal);
    };
    less(rule_of(range_type::integer), "9", "10");
    less(rule_of(range_type::integer), "-10", "-9");
    less(rule_of(range_type::text), "10", "9");
    less(rule_of(range_type::text), "", "\n");
    less(rule_of(range_type::text), "z", "\xc3\xa9");
    less(rule_of(range_type::decimal), "15e-1000000000000", "1.5");
    less(rule_of(range_type::time), "2026-01-01T01:00:00+02:00", "2026-01-01T00:00:00Z");
    less(rule_of(range_type::time), "2026-01-01T00:00:00Z",
         "2026-01-01T00:00:00.000000000000000001Z");
    range_rule list = rule_of(range_type::values);
    list.values = {"open", "closed", "all"};
    less(list, "open", "closed");
    less(list, "closed", "all");
}

TEST_CASE("a key is inside an interval, beside it or of another kind", "[range]")
{
    const interval part("10", "20");
    const range_rule by = rule_of(range_type::integer);
    const auto at = [&](json_kind k, const char* text) {
        return where_in(by, part, field_view(k, text));
    };
    CHECK(at(json_kind::number, "9") == side::before);
    CHECK(at(json_kind::number, "10") == side::inside);
    CHECK(at(json_kind::string, "19") == side::inside);
    CHECK(at(json_kind::number, "1.9e1") == side::inside);
    CHECK(at(json_kind::number, "20") == side::after);
    CHECK(at(json_kind::number, "-15") == side::before);
    for (const char* other : {"", "abc", "15a", "+15", "15.5", " 15"}) {
        CAPTURE(other);
        CHECK(at(json_kind::string, other) == side::unreadable);
    }
    CHECK(at(json_kind::number, "15.5") == side::unreadable);
    CHECK(at(json_kind::null, "null") == side::unreadable);
    CHECK(at(json_kind::boolean, "true") == side::unreadable);
    CHECK(where_in(by, interval(), field_view(json_kind::number, "7")) == side::inside);
    CHECK(where_in(by, interval(), field_view(json_kind::string, "x")) == side::unreadable);
    CHECK(where_in(rule_of(range_type::decimal), part, field_view(json_kind::number, "15.5")) ==
          side::inside);
    CHECK(where_in(rule_of(range_type::text), interval("", "b"),
                   field_view(json_kind::string, "")) == side::inside);
    CHECK(where_in(rule_of(range_type::text), part, field_view(json_kind::number, "15")) ==
          side::unreadable);
}

TEST_CASE("a moment is placed by what it means, and a leap second not at all", "[range]")
{
    const range_rule by = rule_of(range_type::time);
    const interval part("2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z");
    const auto at = [&](const char* text) {
        return where_in(by, part, field_view(json_kind::string, text));
    };
    CHECK(at("2026-01-01T01:59:59.999+02:00") == side::before);
    CHECK(at("2026-01-01T02:00:00+02:00") == side::inside);
    CHECK(at("2026-01-01T00:59:59.999999Z") == side::inside);
    CHECK(at("2026-01-01T03:00:00+02:00") == side::after);
    CHECK(at("2026-01-01T00:30:60Z") == side::unreadable);
    CHECK(at("2026-01-01") == side::unreadable);
    CHECK(where_in(by, part, field_view(json_kind::number, "1767225600")) == side::unreadable);
    CHECK(where_in(rule_of(range_type::time, moment_form::seconds), part,
                   field_view(json_kind::number, "1767225600")) == side::inside);
    CHECK(where_in(by, part, field_view(json_kind::null, "null")) == side::unreadable);
}

TEST_CASE("moments that are written alike compare as those that are not", "[range][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 7u));
    CAPTURE(seed);
    std::mt19937 draw(seed);
    const range_rule by = rule_of(range_type::time, static_cast<moment_form>(seed % 3));
    key_source keys(by, draw);
    for (int i = 0; i < 3000; ++i) {
        std::string key = keys.next();
        std::string border = keys.next();
        // Near each other, and with days and hours that may be none.
        if (draw() % 3 == 0)
            border = key.substr(0, 19) + border.substr(std::min<std::size_t>(19, border.size()));
        if (draw() % 3 == 0) key[draw() % key.size()] = "0123456789Z.:T-"[draw() % 15];
        CAPTURE(key, border);
        const auto at = core::read_moment(key, by.time);
        const auto other = core::read_moment(border, by.time);
        if (!other) continue;
        const side above = where_in(by, interval(border, std::nullopt), field_of(by, key));
        const side below = where_in(by, interval(std::nullopt, border), field_of(by, key));
        REQUIRE(above == (!at ? side::unreadable : *at < *other ? side::before : side::inside));
        REQUIRE(below == (!at ? side::unreadable : *at < *other ? side::inside : side::after));
    }
}

TEST_CASE("of a list a key is where its value stands in it", "[range]")
{
    range_rule by = rule_of(range_type::values);
    by.values = {"a", "b", "c"};
    const interval part("b", std::nullopt);
    const auto at = [&](const char* text) {
        return where_in(by, part, field_view(json_kind::string, text));
    };
    CHECK(at("a") == side::before);
    CHECK(at("b") == side::inside);
    CHECK(at("c") == side::after);
    CHECK(at("d") == side::unreadable);
    by.by.clear();
    CHECK(at("d") == side::inside);
    const std::vector<interval> parts = divide(by, {}, 100);
    REQUIRE(parts.size() == 3);
    CHECK(parts[1] == part);
    CHECK(divide(by, part, 100) == std::vector<interval>{part});
    CHECK_FALSE(middle_of(by, "a", "c"));
}

TEST_CASE("the middle of two borders lies strictly between them", "[range][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 13u));
    CAPTURE(seed);
    std::mt19937 draw(seed);
    const duration steps[] = {std::chrono::seconds(1), std::chrono::milliseconds(1),
                              std::chrono::nanoseconds(1), std::chrono::minutes(5)};
    std::size_t found = 0;
    for (int i = 0; i < 3000; ++i) {
        const auto type = static_cast<range_type>(draw() % 4);
        const range_rule by =
            rule_of(type, static_cast<moment_form>(draw() % 3), steps[draw() % 4]);
        key_source keys(by, draw);
        std::string a = keys.next();
        std::string b = keys.next();
        if (compare_in(by, a, b) > 0) std::swap(a, b);
        CAPTURE(static_cast<int>(type), a, b);
        const auto middle = middle_of(by, a, b);
        if (compare_in(by, a, b) == 0) {
            REQUIRE_FALSE(middle);
            continue;
        }
        if (!middle) continue;
        ++found;
        CAPTURE(*middle);
        REQUIRE(is_border(by, *middle));
        REQUIRE(precedes(by, a, *middle));
        REQUIRE(precedes(by, *middle, b));
        if (type == range_type::text || type == range_type::time) continue;
        const double share = share_before(by, interval(a, b), *middle);
        REQUIRE(share <= 0.5 + 1e-9);
        REQUIRE(share >= (type == range_type::integer ? 0.33 : 0.49));
    }
    CHECK(found > 2400);
}

TEST_CASE("the middle is the number, moment or short text that people expect", "[range]")
{
    const auto middle = [](const range_rule& by, const char* a, const char* b) {
        return middle_of(by, a, b).value_or("none");
    };
    const range_rule integer = rule_of(range_type::integer);
    CHECK(middle(integer, "10", "20") == "15");
    CHECK(middle(integer, "10", "12") == "11");
    CHECK(middle(integer, "10", "11") == "none");
    CHECK(middle(integer, "11", "10") == "none");
    CHECK(middle(integer, "-3", "4") == "0");
    CHECK(middle(integer, "-4", "-2") == "-3");
    CHECK(middle(integer, "1e3", "2000.0") == "1500");
    const range_rule decimal = rule_of(range_type::decimal);
    CHECK(middle(decimal, "1", "2") == "1.5");
    CHECK(middle(decimal, "-0.1", "0.2") == "0.05");
    CHECK(middle(decimal, "0", "1e-30") == "0.0000000000000000000000000000005");
    const range_rule time = rule_of(range_type::time);
    CHECK(middle(time, "2026-01-01T00:00:00Z", "2026-01-02T02:00:00+02:00") ==
          "2026-01-01T12:00:00Z");
    CHECK(middle(time, "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z") == "none");
    CHECK(middle(rule_of(range_type::time, moment_form::rfc3339, std::chrono::milliseconds(1)),
                 "1969-12-31T23:59:59Z", "1970-01-01T00:00:00.5Z") == "1969-12-31T23:59:59.750Z");
    CHECK(middle(rule_of(range_type::time, moment_form::milliseconds), "1000", "4000") == "2000");
    CHECK(middle(rule_of(range_type::time, moment_form::seconds, std::chrono::milliseconds(10)),
                 "-1", "0.5") == "-0.25");
    const range_rule text = rule_of(range_type::text);
    CHECK(middle(text, "a", "c") == "b");
    CHECK(middle(text, "a", "b") == "aP");
    CHECK(middle(text, "a", "bx") == "b");
    CHECK(middle(text, "az", "b") == "a}");
    CHECK(middle(text, "a~~", "b") == "a~~P");
    CHECK(middle(text, "", "b") == "A");
    CHECK(middle(text, "", "!") == "none");
    CHECK(middle(text, "k\xc3\xa9", "k\xc3\xbc") == "k\xc3\xb3");
}

TEST_CASE("integers of a thousand digits are halved exactly", "[range]")
{
    const range_rule by = rule_of(range_type::integer);
    const std::string low = unsigned_digits(1000, '2', '0');
    const std::string high = unsigned_digits(1000, '2', '0').substr(0, 999) + "4";
    CHECK(middle_of(by, low, high) == low.substr(0, 999) + "2");
    CHECK(middle_of(by, '-' + high, '-' + low) == '-' + low.substr(0, 999) + "2");
    CHECK(middle_of(by, '-' + low, low) == "0");
    CHECK(where_in(by, interval(low, high), field_view(json_kind::number, low)) == side::inside);
    CHECK(where_in(by, interval(low, high), field_view(json_kind::number, high)) == side::after);
    CHECK(divide(by, interval(low, high), 1000).size() == 4);
    CHECK(divide(by, interval("0", high), 1000).size() == 1000);
    CHECK(share_before(by, interval("0", high), unsigned_digits(1000, '1', '0')) ==
          Approx(0.5).epsilon(1e-12));
}

TEST_CASE("a share is about what lies before a key", "[range]")
{
    const range_rule integer = rule_of(range_type::integer);
    CHECK(share_before(integer, interval("100", "200"), "125") == Approx(0.25));
    CHECK(share_before(integer, interval("100", "200"), "100") == 0);
    CHECK(share_before(integer, interval("100", "200"), "5") == 0);
    CHECK(share_before(integer, interval("100", "200"), "200") == 1);
    CHECK(share_before(integer, interval("100", std::nullopt), "200") == 0);
    CHECK(share_before(integer, interval("100", "200"), "soon") == 0);
    CHECK(share_before(rule_of(range_type::decimal), interval("-1", "1"), "0.5") == Approx(0.75));
    CHECK(share_before(rule_of(range_type::time),
                       interval("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
                       "2026-01-01T06:00:00Z") == Approx(0.25));
    CHECK(share_before(rule_of(range_type::text), interval("a", "e"), "c") ==
          Approx(0.5).margin(0.01));
    range_rule list = rule_of(range_type::values);
    list.values = {"a", "b", "c", "d"};
    CHECK(share_before(list, {}, "c") == Approx(0.5));
    CHECK(share_before(list, interval("b", std::nullopt), "c") == 1);
    CHECK(share_before(list, interval("b", std::nullopt), "a") == 0);
}

TEST_CASE("ranges over several keys are all their combinations, up to a limit", "[range]")
{
    const std::vector<std::vector<interval>> lists = {{{"a", std::nullopt}, {"b", std::nullopt}},
                                                      {{"1", "2"}, {"2", "3"}, {"3", "4"}}};
    const std::vector<range> all = product(lists);
    REQUIRE(all.size() == 6);
    CHECK(all[0] == range({{"a", std::nullopt}, {"1", "2"}}));
    CHECK(all[1] == range({{"a", std::nullopt}, {"2", "3"}}));
    CHECK(all[5] == range({{"b", std::nullopt}, {"3", "4"}}));
    CHECK(product({}) == std::vector<range>{range()});
    CHECK(product({{}, {{"1", "2"}}}).empty());
    CHECK(product(lists, 6).size() == 6);
    CHECK_THROWS_AS(product(lists, 5), std::length_error);
}
