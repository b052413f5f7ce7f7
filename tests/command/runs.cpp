// What `catena run` fetches is the server's own truth, however it is stopped on the way.
#include "command/command_line.hpp"
#include "support/catch.hpp"
#include "support/stored.hpp"
#include <catena/testing/mock_api.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <thread>

using namespace catena;
using namespace catena::testing;

namespace {

std::vector<std::string> sorted(std::vector<std::string> all)
{
    std::sort(all.begin(), all.end());
    return all;
}

std::vector<std::string> lines(const std::string& text)
{
    std::istringstream in(text);
    std::vector<std::string> all;
    for (std::string line; std::getline(in, line);)
        all.push_back(line);
    return all;
}

struct world {
    explicit world(std::uint64_t records, duration delay = {})
        : server(items_by_id(), make_dataset(items_by_id(), dataset_options(records)), {},
                 wire(delay))
    {
        shell.describe("api.json", server.described(items_by_id()));
    }

    static mock_api_options wire(duration delay)
    {
        mock_api_options o;
        o.delay = std::chrono::duration_cast<decltype(o.delay)>(delay);
        return o;
    }

    [[nodiscard]] std::vector<std::string> truth() { return sorted(server.records()); }

    mock_api server;
    command_line shell;
};

void wait_for_requests(mock_api& server, std::uint64_t n)
{
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (server.requests() < n && std::chrono::steady_clock::now() < patience)
        std::this_thread::yield();
}

}  // namespace

TEST_CASE("the standard output gets every record, the error output the verdict", "[command]")
{
    world w(500);
    const command_line::outcome o = w.shell.run({"run", "@api.json"});
    CHECK(o.code == 0);
    CHECK(sorted(lines(o.out)) == w.truth());
    CHECK(o.talk.find("complete") != std::string::npos);
    CHECK(o.talk.find('\x1b') == std::string::npos);  // no terminal, no escapes

    const command_line::outcome still = w.shell.run({"run", "@api.json", "--quiet"});
    CHECK(still.code == 0);
    CHECK(still.talk.empty());
}

TEST_CASE("a file's ending says what it becomes", "[command]")
{
    world w(300);
    CHECK(w.shell.run({"run", "@api.json", "-o", "@a.jsonl"}).code == 0);
    CHECK(sorted(lines_of(w.shell.file("a.jsonl"))) == w.truth());
    CHECK(w.shell.run({"run", "@api.json", "-o", "@b.jsonl.gz"}).code == 0);
    CHECK(sorted(lines_of(w.shell.file("b.jsonl.gz"))) == w.truth());
    CHECK(w.shell.run({"run", "@api.json", "-o", "@c.db"}).code == 0);
    CHECK(sorted(rows_of(w.shell.file("c.db"))) == w.truth());
    CHECK(w.server.violations() == 0);
}

TEST_CASE("bounds cut what is fetched", "[command]")
{
    world w(300);
    const command_line::outcome o =
        w.shell.run({"run", "@api.json", "--from", "0", "--to", "1000000", "--workers", "3"});
    CHECK(o.code == 0);
    CHECK(sorted(lines(o.out)) == w.truth());
    const command_line::outcome none =
        w.shell.run({"run", "@api.json", "--from", "1000000", "--to", "2000000"});
    CHECK(none.code == 0);
    CHECK(none.out.empty());
}

TEST_CASE("a run that is interrupted saves, says how to go on, and goes on so", "[command][U5]")
{
    world w(600, std::chrono::milliseconds(10));
    w.shell.start({"run", "@api.json", "-o", "@items.jsonl", "--workers", "2"});
    wait_for_requests(w.server, 12);
    w.shell.child().interrupt();
    const command_line::outcome o = w.shell.wait();
    CHECK(o.code == 130);
    CHECK(o.talk.find("records are safe in") != std::string::npos);
    const std::string again = "catena run " + w.shell.file("api.json") + " -o " +
                              w.shell.file("items.jsonl") + " --workers 2";
    CHECK(o.talk.find(again) != std::string::npos);
    const std::size_t before = lines_of(w.shell.file("items.jsonl")).size();
    CHECK(before < 600);

    CHECK(w.shell.run({"run", "@api.json", "-o", "@items.jsonl", "--workers", "2"}).code == 0);
    CHECK(sorted(lines_of(w.shell.file("items.jsonl"))) == w.truth());
}

TEST_CASE("a run that is killed goes on", "[command][S1]")
{
    world w(600, std::chrono::milliseconds(5));
    for (const std::uint64_t more : {8u, 9u, 20u}) {
        w.shell.start({"run", "@api.json", "-o", "@items.db"});
        wait_for_requests(w.server, w.server.requests() + more);
        w.shell.child().kill();
    }
    CHECK(w.shell.run({"run", "@api.json", "-o", "@items.db"}).code == 0);
    CHECK(sorted(rows_of(w.shell.file("items.db"))) == w.truth());
}

TEST_CASE("a run of so many pages stops after them, and the next one goes on", "[command]")
{
    world w(100);
    for (std::size_t run = 1; run <= 4; ++run) {
        const command_line::outcome o = w.shell.run(
            {"run", "@api.json", "-o", "@items.jsonl", "--max-pages", "3", "--workers", "1"});
        INFO(o.talk);
        CHECK(o.code == (run < 4 ? 3 : 0));
        CHECK(lines_of(w.shell.file("items.jsonl")).size() == std::min<std::size_t>(run * 30, 100));
    }
    CHECK(sorted(lines_of(w.shell.file("items.jsonl"))) == w.truth());
}

TEST_CASE("many chains keep to the number of pages together", "[command]")
{
    world w(300);
    int code = 3;
    std::size_t had = 0, runs = 0;
    while (code == 3 && ++runs < 60) {
        code = w.shell.run({"run", "@api.json", "-o", "@items.jsonl", "--max-pages", "2"}).code;
        const std::size_t has = lines_of(w.shell.file("items.jsonl")).size();
        CHECK(has <= had + 20);
        had = has;
    }
    CHECK(code == 0);
    CHECK(runs > 15);
    CHECK(sorted(lines_of(w.shell.file("items.jsonl"))) == w.truth());
}

TEST_CASE("one page is shown with one request, and nothing is kept", "[command]")
{
    world w(100);
    const command_line::outcome o = w.shell.run({"run", "@api.json", "--one-page"});
    CHECK(o.code == 0);
    CHECK(lines(o.out).size() == 10);
    CHECK(o.talk == "10 records on the first page; more follow\n");
    CHECK(w.server.requests() == 1);
}

TEST_CASE("a run that is only tried prints its first request without its secrets", "[command]")
{
    world w(100);
    connector c = w.server.described(items_by_id());
    c.request.headers.emplace_back("X-Api-Key", setting::from_environment("HOME"));
    ::setenv("CATENA_TEST_SHORT", "x", 1);
    c.request.headers.emplace_back("X-Pin", setting::from_environment("CATENA_TEST_SHORT"));
    c.request.query.emplace_back("token", setting::from_environment("HOME"));
    w.shell.describe("api.json", c);
    const command_line::outcome o = w.shell.run({"run", "@api.json", "--dry-run"});
    INFO(o.out);
    CHECK(o.code == 0);
    CHECK(o.out.starts_with("GET http://127.0.0.1:"));
    CHECK(o.out.find("limit=10") != std::string::npos);
    CHECK(o.out.find("X-Api-Key: ***") != std::string::npos);
    CHECK(o.out.find("X-Pin: ***") != std::string::npos);
    CHECK(o.out.find(std::getenv("HOME")) == std::string::npos);
    CHECK(w.server.requests() == 0);
}

TEST_CASE("an output that its reader closes ends the run", "[command]")
{
    world w(2'000);
    command_line shell;
    process reader;
    shell.describe("api.json", w.server.described(items_by_id()));
    REQUIRE(reader.start({"/bin/bash", "-c",
                          CATENA_COMMAND " run " + shell.file("api.json") +
                              " | head -n 1 >/dev/null; exit ${PIPESTATUS[0]}"}));
    CHECK(reader.wait() == 141);
}

TEST_CASE("a report is written as its ending says", "[command]")
{
    world w(100);
    for (const auto& [ending, begins] : {std::pair<std::string, std::string>{"html", "<!DOCTYPE"},
                                         {"json", "{"},
                                         {"txt", "complete"}}) {
        const command_line::outcome o = w.shell.run(
            {"run", "@api.json", "-o", "@" + ending + ".jsonl", "--report", "@audit." + ending});
        INFO(o.talk);
        CHECK(o.code == 0);
        const std::vector<std::string> report = lines_of(w.shell.file("audit." + ending));
        REQUIRE_FALSE(report.empty());
        CHECK(report.front().starts_with(begins));
    }
}
