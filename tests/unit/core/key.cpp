#include "support/catch.hpp"
#include <catena/core/key.hpp>

#include <random>

using namespace catena;

namespace {

__extension__ typedef __int128 wide;

// A random decimal and its value in units of 10^-12.
struct number {
    std::string text;
    wide units;
};

number draw(std::mt19937& chance)
{
    const int places = static_cast<int>(chance() % 5);
    const int power = static_cast<int>(chance() % 9) - 4;
    const std::int64_t digits =
        static_cast<std::int64_t>(chance() % 3 == 0 ? chance() % 20 : chance() % 1'000'000);
    std::string text = std::to_string(digits);
    if (places > 0) {
        if (text.size() <= std::size_t(places))
            text.insert(0, std::size_t(places) + 1 - text.size(), '0');
        text.insert(text.size() - std::size_t(places), 1, '.');
    }
    wide units = digits;
    for (int i = 0; i < 12 - places + power; ++i)
        units *= 10;
    const bool negative = chance() % 2 == 0;
    if (power != 0 || chance() % 4 == 0) {
        text += chance() % 2 == 0 ? 'e' : 'E';
        if (power >= 0 && chance() % 2 == 0) text += '+';
        text += std::to_string(power);
    }
    return {(negative ? "-" : "") + text, negative ? -units : units};
}

key_view field(json_kind k, std::string_view text, bool escaped = false)
{
    key_view v;
    v.kind = k;
    v.present = true;
    v.escaped = escaped;
    v.text = text;
    return v;
}

}  // namespace

TEST_CASE("numbers compare by exact value", "[C7][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 21u));
    CAPTURE(seed);
    std::mt19937 chance(seed);
    for (int i = 0; i < 5000; ++i) {
        const number a = draw(chance);
        const number b = draw(chance);
        CAPTURE(a.text, b.text);
        REQUIRE(is_number(a.text));
        REQUIRE(compare_numbers(a.text, b.text) == (a.units <=> b.units));
        REQUIRE(compare_numbers(a.text, a.text) == std::strong_ordering::equal);
    }
}

TEST_CASE("numbers beyond 64 bits keep their digits", "[C7]")
{
    struct row {
        const char *less, *more;
    };
    const row rows[] = {
        {"18446744073709551615", "18446744073709551616"},
        {"9", "10"},
        {"-10", "-9"},
        {"-0.1", "0"},
        {"1e400", "1.0000000000000000000000001e400"},
        {"9.99e5", "1e6"},
        {"1e-400", "1e-399"},
        {"0", "1e-999999999999"},
        {"123", "1e99999999999999999999"},
        {"-1e99999999999999999999", "1e-99999999999999999999"},
    };
    for (const row& r : rows) {
        CAPTURE(r.less, r.more);
        CHECK(compare_numbers(r.less, r.more) == std::strong_ordering::less);
        CHECK(compare_numbers(r.more, r.less) == std::strong_ordering::greater);
    }
    for (const char* zero : {"0", "-0", "0.000", "0e9", "-0.0E-7"})
        CHECK(compare_numbers("0", zero) == std::strong_ordering::equal);
    for (const char* hundred : {"100", "1e2", "1.00E+2", "0.1e3", "10000e-2"})
        CHECK(compare_numbers("100", hundred) == std::strong_ordering::equal);
}

TEST_CASE("what is no number is told from what is", "[C7]")
{
    for (const char* good : {"0", "-1", "1.5", "1e5", "1E-5", "007"})
        CHECK(is_number(good));
    for (const char* bad :
         {"", "-", "+1", ".5", "5.", "1e", "1e+", "1 ", "0x1", "NaN", "1.2.3", "1e5.0"})
        CHECK_FALSE(is_number(bad));
}

TEST_CASE("a key field's type says how it compares", "[P11]")
{
    const field_view ten(json_kind::string, "10"), nine(json_kind::string, "9");
    CHECK(compare_fields(key_type::automatic, ten, nine) == std::strong_ordering::less);
    CHECK(compare_fields(key_type::number, ten, nine) == std::strong_ordering::greater);
    const field_view n10(json_kind::number, "10"), n9(json_kind::number, "9");
    CHECK(compare_fields(key_type::automatic, n10, n9) == std::strong_ordering::greater);
    CHECK(compare_fields(key_type::text, n10, n9) == std::strong_ordering::less);
    CHECK(compare_fields(key_type::text, {json_kind::string, "\xff"}, {json_kind::string, "a"}) ==
          std::strong_ordering::greater);
}

TEST_CASE("a key's identity depends on where its fields end")
{
    const auto id = [](std::vector<std::string> parts) {
        std::vector<field_view> key;
        for (const std::string& p : parts)
            key.emplace_back(json_kind::string, p);
        return identity_of_key(key);
    };
    CHECK(id({"a", "bc"}) == id({"a", "bc"}));
    CHECK(id({"a", "bc"}) != id({"ab", "c"}));
    CHECK(id({"a", "bc"}) != id({"a", "bc", ""}));
}

TEST_CASE("escapes are undone in strings only, and a key shows as one short line")
{
    CHECK(value_of(field(json_kind::string, "a\\u0062", true)).text == "ab");
    CHECK(value_of(field(json_kind::string, "a\\u0062", false)).text == "a\\u0062");
    CHECK(value_of(field(json_kind::number, "1e5")).text == "1e5");

    const std::vector<value> key = {{json_kind::string, "a\nb"}, {json_kind::number, "7"}};
    CHECK(to_text(key) == "a?b,7");
    const std::vector<value> wide_key = {{json_kind::string, std::string(79, 'x') + "\xc3\xa9z"}};
    CHECK(to_text(wide_key) == std::string(79, 'x') + "...");
}
