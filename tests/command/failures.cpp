// Whatever goes wrong: an exit code that scripts can tell, and a text that says what to do next.
#include "command/command_line.hpp"
#include "support/catch.hpp"
#include <catena/testing/mock_api.hpp>

#include <fstream>

using namespace catena;
using namespace catena::testing;

TEST_CASE("words that are no command's get a suggestion and exit code 2", "[command][U17]")
{
    command_line shell;
    expect(shell.run({}), 2, {"--help"});
    expect(shell.run({"rum"}), 2, {"did you mean 'run'"});
    expect(shell.run({"run", "@a.json", "--worker", "3"}), 2, {"did you mean '--workers'"});
    expect(shell.run({"run", "@a.json", "--workers", "0"}), 2, {"--workers"});
    expect(shell.run({"run"}), 2, {"connector"});
}

TEST_CASE("a connector file that is none is told with the place of each flaw", "[command]")
{
    command_line shell;
    expect(shell.run({"run", "@none.json"}), 2, {"cannot read", "docs/connectors.md"});
    std::ofstream(shell.file("bad.json")) << R"({"name": "x",
  "request": {"ulr": "http://127.0.0.1/"}})";
    expect(shell.run({"run", "@bad.json"}), 2,
           {"bad.json is no connector", "line 2", "ulr", "url"});
    expect(shell.run({"plan", "@bad.json"}), 2, {"bad.json is no connector"});
}

TEST_CASE("an output that says nothing of its kind is refused before any request", "[command]")
{
    command_line shell;
    mock_api server(items_by_id(), make_dataset(items_by_id(), dataset_options(10)));
    shell.describe("api.json", server.described(items_by_id()));
    expect(shell.run({"run", "@api.json", "-o", "@items.xlsx"}), 2, {".jsonl", ".db"});
    expect(shell.run({"run", "@api.json", "-o", "@no/such/folder/items.db"}), 8, {"folder"});
    expect(shell.run({"run", "@api.json", "-o", "@x.db", "--state", "@y.db"}), 2, {"--state"});
    CHECK(server.requests() == 0);
}

TEST_CASE("an API that refuses ends with 4 and says how to go on", "[command][A3]")
{
    command_line shell;
    mock_api server(items_by_id(), make_dataset(items_by_id(), dataset_options(10)));
    shell.describe("api.json", server.described(items_by_id()));
    server.add(fault::answer(403, 0));
    expect(shell.run({"run", "@api.json", "-o", "@a.jsonl"}), 4, {"403", "go on with"});
}

TEST_CASE("another query into an old output is refused, naming what changed", "[command][S6]")
{
    command_line shell;
    mock_api server(items_by_id(), make_dataset(items_by_id(), dataset_options(30)));
    connector c = server.described(items_by_id());
    shell.describe("api.json", c);
    expect(shell.run({"run", "@api.json", "-o", "@a.jsonl"}), 0, {"complete"});
    c.request.query.emplace_back("colour", "red");
    shell.describe("api.json", c);
    expect(shell.run({"run", "@api.json", "-o", "@a.jsonl"}), 2, {"another query", "request"});
}

TEST_CASE("a secret that is not set is named, and nothing is asked", "[command][A13]")
{
    command_line shell;
    mock_api server(items_by_id(), make_dataset(items_by_id(), dataset_options(30)));
    connector c = server.described(items_by_id());
    c.request.headers.emplace_back("X-Api-Key", setting::from_environment("CATENA_NOT_SET"));
    shell.describe("api.json", c);
    expect(shell.run({"run", "@api.json"}), 2, {"CATENA_NOT_SET"});
    expect(shell.run({"run", "@api.json", "--dry-run"}), 2, {"CATENA_NOT_SET"});
    CHECK(server.requests() == 0);
}

TEST_CASE("a text holds one dataset in one form, and nothing is mixed into it", "[command][S6]")
{
    command_line shell;
    mock_api server(items_by_id(), make_dataset(items_by_id(), dataset_options(30)));
    connector c = server.described(items_by_id());
    shell.describe("api.json", c);
    c.name = "another";
    c.request.query.emplace_back("colour", "red");
    shell.describe("another.json", c);
    expect(shell.run({"run", "@api.json", "-o", "@a.csv", "--columns", "id,text"}), 0,
           {"complete"});
    const std::uint64_t asked = server.requests();
    expect(shell.run({"run", "@another.json", "-o", "@a.csv", "--columns", "id,text"}), 2,
           {"another query", "a.csv.state.lock"});
    expect(shell.run({"run", "@api.json", "-o", "@a.csv", "--columns", "text,id"}), 2,
           {"was begun as csv --columns id,text"});
    expect(shell.run({"run", "@api.json", "-o", "@a.csv", "--format", "jsonl"}), 2,
           {"was begun as csv"});
    expect(shell.run({"run", "@api.json", "-o", "@a.csv", "--name", "x"}), 2, {"--name"});
    expect(shell.run({"run", "@api.json", "-o", "@a.csv", "--columns", "id,text"}), 0,
           {"nothing was asked", "a.csv.state"});
    CHECK(server.requests() == asked);
}

TEST_CASE("words that make no sense are refused before anything is asked or made", "[command][U17]")
{
    command_line shell;
    mock_api server(items_by_id(), make_dataset(items_by_id(), dataset_options(30)));
    shell.describe("api.json", server.described(items_by_id()));
    const auto run = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"run", "@api.json"});
        return shell.run(more);
    };
    expect(run({"--from", "abc"}), 2, {"'abc'", "/id"});
    expect(run({"--from", "100", "--to", "50"}), 2, {"--from 100 is not below --to 50"});
    expect(run({"--from", "0", "--to", "0"}), 2, {"not below"});
    expect(run({"--report", "@no/such/a.html"}), 2, {"no folder"});
    expect(run({"--report", "@a.pdf"}), 2, {".html"});
    expect(run({"--one-page", "-o", "@a.jsonl"}), 2, {"--one-page only prints"});
    expect(run({"-o", "@a.db", "--format", "csv"}), 2, {"database"});
    expect(shell.run({"run", "@."}), 2, {"cannot read"});
    CHECK(server.requests() == 0);
}
