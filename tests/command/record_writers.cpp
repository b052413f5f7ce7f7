#include "record_writers.hpp"

#include "support/catch.hpp"

using namespace command;

namespace {

std::string written(const catena::record_writer& write, const std::vector<std::string>& records,
                    bool goes_on = false)
{
    std::string out;
    bool first = !goes_on;
    for (const std::string& each : records) {
        write(each, first, out);
        first = false;
    }
    return out;
}

}  // namespace

TEST_CASE("CSV has a line of names, then each record's members under them", "[command]")
{
    CHECK(written(csv_writer({}, {}),
                  {R"({"id":1.50,"name":"a, b","tags":["x","y"]})",
                   R"({"name":"she said \"no\"\nand left","id":10000000000000000000001})",
                   R"({"id":null,"name":"","tags":{"k":1}})"}) ==
          "id,name,tags\n"
          "1.50,\"a, b\",\"[\"\"x\"\",\"\"y\"\"]\"\n"
          "10000000000000000000001,\"she said \"\"no\"\"\nand left\",\n"
          ",,\"{\"\"k\"\":1}\"\n");
}

TEST_CASE("CSV leaves no member out that nobody chose to leave out", "[command][C11]")
{
    CHECK_THROWS_WITH(written(csv_writer({}, {}), {R"({"id":1})", R"({"id":2,"new":3})"}),
                      Catch::Contains("\"new\"") && Catch::Contains("--columns"));
    CHECK(written(csv_writer({"new", "id"}, {}), {R"({"id":1})", R"({"id":2,"new":3,"old":4})"}) ==
          "new,id\n,1\n3,2\n");
    CHECK_THROWS_WITH(written(csv_writer({}, {}), {"[1]"}), Catch::Contains("objects"));
    CHECK_THROWS_WITH(written(csv_writer({}, {}), {R"({"a\nb":1})"}), Catch::Contains("line end"));
}

TEST_CASE("CSV goes on under the columns that stand in the file", "[command]")
{
    const std::string header = R"(b,"a ""x"", y",c)";
    CHECK(csv_fields(header) == std::vector<std::string>{"b", R"(a "x", y)", "c"});
    CHECK(written(csv_writer({}, header), {R"({"c":1,"a \"x\", y":2})"}, true) == ",2,1\n");
    CHECK_THROWS(written(csv_writer({}, header), {R"({"d":1})"}, true));
}

TEST_CASE("an array has commas between its records, lines have none", "[command]")
{
    CHECK(written(array_writer(), {"1", "{}"}) + end_of_array == "[\n1,\n{}\n]\n");
    CHECK(written(array_writer(), {"2"}, true) + end_of_array == ",\n2\n]\n");
    CHECK(written(line_writer(), {"{\n\"a\":\r\n1}", "2"}) == "{ \"a\":  1}\n2\n");
}
