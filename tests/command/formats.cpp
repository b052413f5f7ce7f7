// Each output, whole after a run, also one that was stopped and went on.
#include "command/command_line.hpp"
#include "support/catch.hpp"
#include "support/stored.hpp"
#include <catena/testing/mock_api.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>

using namespace catena;
using namespace catena::testing;

namespace {

std::string joined(const std::vector<std::string>& lines)
{
    std::string text;
    for (const std::string& line : lines)
        text += line + '\n';
    return text;
}

}  // namespace

TEST_CASE("one JSON array is whole after runs that were stopped", "[command]")
{
    const connector c = items_by_id();
    mock_api server(c, make_dataset(c, dataset_options(100)));
    command_line shell;
    shell.describe("api.json", server.described(c));
    for (const std::string name : {"items.json", "items.json.gz"}) {
        int code = 3;
        for (int run = 0; code == 3 && run < 20; ++run)
            code = shell.run({"run", "@api.json", "-o", "@" + name, "--max-pages", "4"}).code;
        CHECK(code == 0);
        // Once more: what ends the array is not there twice.
        CHECK(shell.run({"run", "@api.json", "-o", "@" + name}).code == 0);
        const auto all = boost::json::parse(joined(lines_of(shell.file(name))));
        CHECK(all.as_array().size() == 100);
    }
    const command_line::outcome o = shell.run({"run", "@api.json", "--format", "json"});
    CHECK(o.code == 0);
    CHECK(boost::json::parse(o.out).as_array().size() == 100);
}

TEST_CASE("no records are an empty array, and a CSV of nothing", "[command]")
{
    const connector c = items_by_id();
    mock_api server(c, {});
    command_line shell;
    shell.describe("api.json", server.described(c));
    CHECK(shell.run({"run", "@api.json", "--format", "json"}).out == "[]\n");
    for (const std::string name : {"none.json", "none.json.gz"}) {
        CHECK(shell.run({"run", "@api.json", "-o", "@" + name}).code == 0);
        CHECK(lines_of(shell.file(name)) == std::vector<std::string>{"[]"});
    }
    CHECK(shell.run({"run", "@api.json", "-o", "@none.csv"}).code == 0);
    CHECK(lines_of(shell.file("none.csv")).empty());
}

TEST_CASE("CSV goes on under its header", "[command]")
{
    const connector c = items_by_id();
    mock_api server(c, make_dataset(c, dataset_options(60)));
    command_line shell;
    shell.describe("api.json", server.described(c));
    const std::vector<std::string> words{"run",       "@api.json", "-o",          "@items.csv",
                                         "--columns", "id,amount", "--max-pages", "2"};
    int code = 3;
    for (int run = 0; code == 3 && run < 20; ++run)
        code = shell.run(words).code;
    CHECK(code == 0);
    std::vector<std::string> lines = lines_of(shell.file("items.csv"));
    REQUIRE(lines.size() == 61);
    CHECK(lines.front() == "id,amount");
    std::sort(lines.begin(), lines.end());
    CHECK(std::adjacent_find(lines.begin(), lines.end()) == lines.end());
}
