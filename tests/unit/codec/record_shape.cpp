#include "codec/record_shape.hpp"

#include "support/catch.hpp"

#include <string>

using catena::codec::record_shape;

TEST_CASE("a field that changes its type is told once, and nothing else is", "[C11]")
{
    record_shape shape;
    CHECK_FALSE(shape.changes_in(R"({"id": 1, "at": "x", "on": true, "in": {}, "all": []})"));
    CHECK_FALSE(shape.changes_in(R"({"id": 2, "at": null, "more": 1, "on": false})"));
    CHECK(shape.changes_in(R"({"id": "3", "at": "y", "on": true})") ==
          "records look different from now on: /id is a string and was a number");
    CHECK_FALSE(shape.changes_in(R"({"id": "4"})"));
    CHECK_FALSE(shape.changes_in(R"({"id": 5})"));
    CHECK(shape.changes_in(R"({"in": [], "all": {}, "more": -1})") ==
          "records look different from now on: /in is an array and was an object, "
          "/all is an object and was an array");
    CHECK_FALSE(shape.changes_in(R"("text")"));
    CHECK_FALSE(shape.changes_in("[1]"));
    CHECK_FALSE(shape.changes_in(""));
}

TEST_CASE("what is remembered of records is bounded, and names are printable", "[C11]")
{
    record_shape shape;
    std::string many = "{";
    for (int i = 0; i < 1000; ++i)
        many += (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + "\":1";
    (void)shape.changes_in(many + "}");
    CHECK(shape.changes_in(R"({"f255": "x", "f256": "x", "f999": "x"})") ==
          "records look different from now on: /f255 is a string and was a number");
    record_shape other;
    const std::string long_name(65, 'n');
    (void)other.changes_in("{\"a\\u0007b\":1,\"" + long_name + "\":1}");
    CHECK(other.changes_in("{\"a\\u0007b\":\"\",\"" + long_name + "\":\"\"}") ==
          "records look different from now on: /a b is a string and was a number");
}
