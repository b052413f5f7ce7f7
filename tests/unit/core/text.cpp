#include "core/printable.hpp"
#include "support/catch.hpp"
#include <catena/core/http.hpp>
#include <catena/core/identity.hpp>
#include <catena/core/json_text.hpp>
#include <catena/core/key.hpp>

#include <set>
#include <string>
#include <vector>

using namespace catena;

TEST_CASE("identities are MurmurHash3 x64 128 with seed 0")
{
    CHECK(identity_of("") == identity{0, 0});
    CHECK(identity_of("hello") == identity{0xcbd8a7b341bd9b02u, 0x5b1e906a48ae1d19u});
    CHECK(identity_of("The quick brown fox jumps over the lazy dog") ==
          identity{0xe34bbc7bbc071b6cu, 0x7a433ca9c49a9347u});
}

TEST_CASE("texts of every length have identities of their own")
{
    std::set<identity> seen;
    for (std::size_t n = 0; n < 100; ++n)
        for (const char c : {'\0', 'a'})
            if (n > 0 || c == 'a') CHECK(seen.insert(identity_of(std::string(n, c))).second);
}

TEST_CASE("JSON escapes are undone", "[C5]")
{
    struct row {
        const char *inner, *text;
        bool lone;
    };
    const row rows[] = {
        {"", "", false},
        {"plain", "plain", false},
        {R"(\"\\\/\b\f\n\r\t)", "\"\\/\b\f\n\r\t", false},
        {R"(\u0041\u00e9\u20AC)", "A\xc3\xa9\xe2\x82\xac", false},
        {R"(\ud83d\ude00!)", "\xf0\x9f\x98\x80!", false},
        {R"(\ud83d)", "\xed\xa0\xbd", true},
        {R"(\ude00\ud83d)", "\xed\xb8\x80\xed\xa0\xbd", true},
        {R"(\ud83dx)", "\xed\xa0\xbdx", true},
    };
    for (const row& r : rows) {
        CAPTURE(r.inner);
        const unescaped u = unescape(r.inner);
        CHECK(u.text == r.text);
        CHECK(u.lone_surrogate == r.lone);
    }
    CHECK(unescape("\\u0000").text == std::string(1, '\0'));
}

TEST_CASE("quoting and unescaping any octets leads back to them", "[C5]")
{
    std::string all;
    for (int i = 0; i < 256; ++i)
        all += static_cast<char>(i);
    const std::string quoted = quote(all);
    CHECK(unescape(std::string_view(quoted).substr(1, quoted.size() - 2)).text == all);
    CHECK(quote("a\"\\\n") == R"("a\"\\\u000a")");
}

TEST_CASE("an origin shows its port only where it is not the scheme's own")
{
    CHECK(to_text(origin{true, "host", 443}) == "https://host");
    CHECK(to_text(origin{false, "host", 443}) == "http://host:443");
    CHECK(to_text(origin{false, "::1", 80}) == "http://[::1]");
}

TEST_CASE("header names compare without case, and the first field counts")
{
    const header_view fields[] = {{"ETag", "1"}, {"link", "2"}, {"Link", "3"}};
    REQUIRE(find_header(fields, "LINK") != nullptr);
    CHECK(find_header(fields, "LINK")->value == "2");
    CHECK(find_header(fields, "Lin") == nullptr);
    CHECK_FALSE(equal_ignoring_case("k", "\xe2\x84\xaa"));
    CHECK_FALSE(equal_ignoring_case("[", "{"));
}

TEST_CASE("a text for messages has nothing that a terminal obeys or that is not seen", "[A12]")
{
    CHECK(printable("a\x1b[2J\x7f\nb") == "a [2J  b");
    CHECK(printable("plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80") ==
          "plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
    CHECK(printable("\xc2\x9b\xc2\x85|\xc2\xa0", 200, '#') == "##|\xc2\xa0");
    for (const char* unseen :
         {"\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad", "\xe2\x80\xae",
          "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8", "\xe2\x81\xa9", "\xe2\x80\x8e",
          "\xe2\x80\x8f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xd8\x9c", "\xef\xbb\xbf"}) {
        CAPTURE(unseen);
        CHECK(printable(unseen, 200, '#') == "#");
        CHECK(to_text(std::vector<value>{{json_kind::string, unseen}}) == "?");
    }
    CHECK(to_text(std::vector<value>{{json_kind::string, "a\xc2\x9b"}}) == "a?");

    // Cut, overlong, a surrogate, beyond Unicode: one mark for each octet.
    CHECK(printable("\xff|\xc3") == "?|?");
    CHECK(printable("\xc0\xaf|\xe0\x80\xaf|\xed\xa0\x80|\xf4\x90\x80\x80") == "??|???|???|????");
    CHECK(printable("\xe2\x82|\xf0\x9f\x98") == "??|???");
    CHECK(printable("\xc3\xa9\xc3\xa9\xc3\xa9", 2) == "\xc3\xa9\xc3\xa9");
    CHECK(printable("abc", 0).empty());
}
