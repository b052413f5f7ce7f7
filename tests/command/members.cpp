#include "members.hpp"

#include "support/catch.hpp"

using namespace command;

TEST_CASE("the members of a record are the server's octets", "[command]")
{
    const std::string record =
        R"( { "id" : 12e-1 ,"a\u0062":"x\"}],y" , "n":null,"o":{"k":[1,{"]":2}]} ,"t":true, "":[]} )";
    const auto all = members_of(record);
    REQUIRE(all);
    REQUIRE(all->size() == 6);
    const std::pair<const char*, const char*> wanted[] = {
        {"id", "12e-1"}, {"ab", R"("x\"}],y")"},
        {"n", "null"},   {"o", R"({"k":[1,{"]":2}]})"},
        {"t", "true"},   {"", "[]"}};
    for (std::size_t i = 0; i < 6; ++i) {
        CHECK((*all)[i].name == wanted[i].first);
        CHECK((*all)[i].value == wanted[i].second);
    }
    CHECK(members_of("{}")->empty());
    CHECK(members_of(" { } ")->empty());
}

TEST_CASE("what is no object has no members, and what is cut is none", "[command]")
{
    for (const char* text : {"", " ", "[1]", "12", "\"a\"", "{", "{\"a\"", "{\"a\":", "{\"a\":1",
                             "{\"a\" 1}", "{\"a\":1,", "{\"a"}) {
        CAPTURE(text);
        CHECK_FALSE(members_of(text));
    }
}

TEST_CASE("a string's text has its escapes undone, all else is as it is", "[command]")
{
    CHECK(text_of(R"("a\nb\u00e9\"")") == "a\nb\u00e9\"");
    CHECK(text_of("1.50") == "1.50");
    CHECK(text_of("[1, 2]") == "[1, 2]");
    CHECK(text_of("").empty());
}
