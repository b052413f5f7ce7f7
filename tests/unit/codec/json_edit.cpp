#include "codec/json_edit.hpp"

#include "support/catch.hpp"
#include <catena/core/json_text.hpp>

#include <string>

using namespace catena;
using codec::with_value_at;

TEST_CASE("a member is set and every other octet stays", "[json_edit][C7]")
{
    struct row {
        std::string json, pointer, value, expect;
    };
    const row rows[] = {
        {"", "/a", "1", R"({"a":1})"},
        {"  ", "/a/b", "1", R"({"a":{"b":1}})"},
        {"{}", "/a", "1", R"({"a":1})"},
        {"{ }", "/a", "1", R"({"a":1 })"},
        {R"({"a":0})", "/a", "1", R"({"a":1})"},
        {R"({"a":0})", "", "[]", "[]"},
        {" {\"a\" : 1.50 , \"b\":[ 2e0 ] }\n", "/c", "3",
         " {\"a\" : 1.50 , \"b\":[ 2e0 ],\"c\":3 }\n"},
        {R"({"b":{"c":"}\"]"},"a":1})", "/a", "2", R"({"b":{"c":"}\"]"},"a":2})"},
        {R"({"v":{"x":1},"q":"{"})", "/v/after", R"("t")", R"({"v":{"x":1,"after":"t"},"q":"{"})"},
        {R"({"v":null})", "/v/after", "1", R"({"v":{"after":1}})"},
        {"null", "/a", "1", R"({"a":1})"},
        {R"({"l":[{"p":1},{"p":2}]})", "/l/1/p", "3", R"({"l":[{"p":1},{"p":3}]})"},
        {R"({"l":[[1],[2]]})", "/l/0", "9", R"({"l":[9,[2]]})"},
        {R"({"a/b":1,"m~n":2,"":3})", "/a~1b", "7", R"({"a/b":7,"m~n":2,"":3})"},
        {R"({"a/b":1,"m~n":2,"":3})", "/m~0n", "7", R"({"a/b":1,"m~n":7,"":3})"},
        {R"({"a/b":1,"m~n":2,"":3})", "/", "7", R"({"a/b":1,"m~n":2,"":7})"},
        {R"({"\u0061":1})", "/a", "2", R"({"\u0061":2})"},
        {"{}", "/a~1\"b", "1", R"({"a/\"b":1})"},
        {R"({"a":1,"b":1})", "/b", "2", R"({"a":1,"b":2})"},
    };
    for (const row& r : rows) {
        INFO(r.json << ' ' << r.pointer);
        const auto got = with_value_at(r.json, r.pointer, r.value);
        REQUIRE(got);
        CHECK(*got == r.expect);
    }
}

TEST_CASE("a place that cannot be there is refused", "[json_edit][C6]")
{
    for (const auto& [json, pointer] : {std::pair{"[1]", "/1"},
                                        {"[1]", "/-"},
                                        {"[1]", "/00"},
                                        {"[1]", "/x"},
                                        {"[1]", "/"},
                                        {R"({"a":1})", "/a/b"},
                                        {R"({"a":"s"})", "/a/b"},
                                        {R"({"a":1,"a":2})", "/a"},
                                        {R"({"a":1,"\u0061":2})", "/a"},
                                        {R"({"a":1)", "/a"},
                                        {R"({"a" 1})", "/a"},
                                        {R"({"a":1 "b":2})", "/b"},
                                        {R"({"a":1} x)", "/a"},
                                        {R"({"a":"x)", "/a"},
                                        {R"({a:1})", "/a"},
                                        {"{}", "a"},
                                        {"}", "/a"}}) {
        INFO(json << ' ' << pointer);
        CHECK(!with_value_at(json, pointer, "0"));
    }
}

TEST_CASE("a deep body costs no stack", "[json_edit][C2]")
{
    const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
    const std::string json = "{\"d\":" + deep + "}";
    const auto got = with_value_at(json, "/x", "1");
    REQUIRE(got);
    CHECK(*got == "{\"d\":" + deep + ",\"x\":1}");
}

TEST_CASE("members of an object come in order, with their octets", "[json_edit]")
{
    const auto members = codec::members_of(R"( {"a":"x\"y", "b" : 1.0,"a":[{}] } )");
    REQUIRE(members);
    REQUIRE(members->size() == 3);
    CHECK(members->at(0).name == "a");
    CHECK(members->at(0).value == R"("x\"y")");
    CHECK(members->at(1).value == "1.0");
    CHECK(members->at(2).value == "[{}]");
    CHECK(codec::members_of("{}")->empty());
    for (const char* other : {"", "[]", "1", "{} {}", "{\"a\":}", "{\"a\":1,}"})
        CHECK(!codec::members_of(other));
}

TEST_CASE("a JSON string gives its text back, lone surrogates too", "[json_edit][C5]")
{
    for (const std::string escaped : {R"(\ud800)", R"(a\udfffb)", R"(\ud83d\ude00)",
                                      R"(\"\\\u0000\u001f)", R"(\ud800\ud800x)"}) {
        const std::string text = unescape(escaped).text;
        const std::string again = codec::json_string(text);
        INFO(escaped << ' ' << again);
        CHECK(unescape(again.substr(1, again.size() - 2)).text == text);
        CHECK(again.find("\xed\xa0") == std::string::npos);
    }
    CHECK(codec::json_string("\xed\xa0\x80") == R"("\ud800")");
    CHECK(codec::json_string("\xed\xbf\xbf") == R"("\udfff")");
    CHECK(codec::json_string("\xed\x9f\xbf") == "\"\xed\x9f\xbf\"");  // U+D7FF is a character
}
