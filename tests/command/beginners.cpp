// What those who begin meet first: each wrong step is told with the next one, and leaves nothing.
#include "command/command_line.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/stored.hpp"
#include <catena/testing/mock_api.hpp>

#include <chrono>
#include <filesystem>
#include <thread>

using namespace catena;
using namespace catena::testing;

namespace {

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

void expect_plain(const command_line::outcome& o, int code, const std::vector<std::string>& told)
{
    expect(o, code, told);
    INFO(o.talk);
    CHECK_FALSE(has(o.talk, "::"));
}

struct world {
    explicit world(std::uint64_t records = 100)
        : server(items_by_id(), make_dataset(items_by_id(), dataset_options(records)))
    {
        shell.describe("api.json", server.described(items_by_id()));
    }

    /// Whether `name` or a file that belongs to it is there.
    [[nodiscard]] bool is_there(const std::string& name) const
    {
        for (const char* part : {"", ".state", ".state.lock", ".lock"})
            if (std::filesystem::exists(shell.file(name + part))) return true;
        return false;
    }

    mock_api server;
    command_line shell;
};

/// Bounded, as what is waited for may never come.
template <class Condition>
bool comes(const Condition& is_there)
{
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_there() && std::chrono::steady_clock::now() < patience)
        std::this_thread::yield();
    return is_there();
}

/// An address that nobody listens on.
connector nobody()
{
    connector c = items_by_id();
    c.request.url = "http://127.0.0.1:" + std::to_string(free_port()) + "/v1/items";
    return c;
}

}  // namespace

TEST_CASE("a column that no record has is refused before anything is written", "[command][U17]")
{
    world w;
    expect_plain(w.shell.run({"run", "@api.json", "-o", "@a.csv", "--columns", "id,amuont"}), 2,
                 {"\"amuont\"", "did you mean \"amount\"", "--rare-columns"});
    CHECK_FALSE(w.is_there("a.csv"));
    const command_line::outcome o =
        w.shell.run({"run", "@api.json", "--format", "csv", "--columns", "id,zzz"});
    expect_plain(o, 2, {"\"zzz\""});
    CHECK(o.out.empty());
    const std::vector<std::string> rare{"run",    "@api.json",     "-o", "@a.csv", "--columns",
                                        "id,zzz", "--rare-columns"};
    expect_plain(w.shell.run(rare), 0, {"complete"});
    const std::vector<std::string> lines = lines_of(w.shell.file("a.csv"));
    REQUIRE(lines.size() == 101);
    CHECK(lines.front() == "id,zzz");
    expect_plain(w.shell.run({"run", "@api.json", "--rare-columns"}), 2, {"--columns"});
}

TEST_CASE("a record that does not fit into CSV asks for other words", "[command][C11]")
{
    const mock_api api([](const http_request& ask, const arrival&) {
        const bool second = ask.target.find("cursor=") != std::string::npos;
        return scripted_answer(200, second ? R"({"items":[{"id":3,"new":1}]})"
                                           : R"({"items":[{"id":1,"old":5},{"id":2}],"next":"x"})");
    });
    connector c = items_by_id();
    c.range.clear();
    c.request.url = api.url() + "/v1/items";
    command_line shell;
    shell.describe("api.json", c);
    expect_plain(shell.run({"run", "@api.json", "-o", "@a.csv", "--max-pages", "1"}), 3,
                 {"go on with"});
    expect_plain(shell.run({"run", "@api.json", "-o", "@a.csv"}), 2,
                 {"\"new\"", "--columns", "2 records are safe"});
    CHECK(lines_of(shell.file("a.csv")) == std::vector<std::string>{"id,old", "1,5", "2,"});
    // Chosen columns are looked for on the first page and on no other, also of a run that goes on.
    expect_plain(shell.run({"run", "@api.json", "-o", "@b.csv", "--columns", "id,old"}), 0,
                 {"complete"});
    const std::vector<std::string> some{"run",       "@api.json", "-o",          "@c.csv",
                                        "--columns", "id,old",    "--max-pages", "1"};
    expect_plain(shell.run(some), 3, {});
    expect_plain(shell.run(some), 0, {"complete"});
    for (const char* name : {"b.csv", "c.csv"})
        CHECK(lines_of(shell.file(name)) == std::vector<std::string>{"id,old", "1,5", "2,", "3,"});
}

TEST_CASE("a run that is refused leaves no file that was not there", "[command]")
{
    world w;
    connector c = w.server.described(items_by_id());
    c.request.headers.emplace_back("X-Api-Key", setting::from_environment("CATENA_NOT_SET"));
    w.shell.describe("secret.json", c);
    for (const char* name : {"a.jsonl", "b.json.gz", "c.csv", "d.db"}) {
        expect_plain(w.shell.run({"run", "@secret.json", "-o", std::string("@") + name}), 2,
                     {"CATENA_NOT_SET"});
        CHECK_FALSE(w.is_there(name));
        w.server.add(fault::answer(403, w.server.requests()));
        expect_plain(w.shell.run({"run", "@api.json", "-o", std::string("@") + name}), 4,
                     {"nothing was fetched yet", "go on with"});
        CHECK_FALSE(w.is_there(name));
        expect_plain(w.shell.run({"run", "@api.json", "-o", std::string("@") + name}), 0,
                     {"complete"});
        CHECK(w.is_there(name));
    }
    // What an earlier run has stays, whatever is refused later.
    c = w.server.described(items_by_id());
    c.request.query.emplace_back("colour", "red");
    w.shell.describe("other.json", c);
    for (const char* name : {"a.jsonl", "d.db"}) {
        expect_plain(w.shell.run({"run", "@other.json", "-o", std::string("@") + name}), 2,
                     {"another query"});
        CHECK(w.is_there(name));
    }
    CHECK(lines_of(w.shell.file("a.jsonl")).size() == 100);
    CHECK(rows_of(w.shell.file("d.db")).size() == 100);
}

TEST_CASE("a connector that is mended before anything came begins anew", "[command][S6]")
{
    world w;
    connector wrong = w.server.described(items_by_id());
    wrong.request.query.emplace_back("colour", "red");
    w.shell.describe("wrong.json", wrong);
    for (const char* name : {"a.jsonl", "b.json.gz", "c.csv"}) {
        const std::string out = std::string("@") + name;
        // Killed before its first page was kept: the files stay, and hold nothing.
        const std::uint64_t before = w.server.requests();
        w.server.add(fault::answer(503, before));
        w.shell.start({"run", "@wrong.json", "-o", out});
        REQUIRE(comes([&] { return w.server.requests() > before && w.is_there(name); }));
        w.shell.child().kill();
        expect_plain(w.shell.run({"run", "@api.json", "-o", out}), 0, {"complete: 100 records"});
        expect_plain(w.shell.run({"run", "@wrong.json", "-o", out}), 2, {"another query"});
    }
    CHECK(lines_of(w.shell.file("a.jsonl")).size() == 100);
}

TEST_CASE("one page tells what it waits for, and of no checkpoint", "[command]")
{
    command_line shell;
    shell.describe("api.json", nobody());
    shell.start({"run", "@api.json", "--one-page"});
    std::string talk;
    CHECK(comes([&] {
        talk = plain_text(shell.file("talk"));
        return has(talk, "; asking again\n");
    }));
    shell.child().kill();
    CHECK(has(talk, "refused"));

    world w;
    w.server.add(fault::answer(403, 0));
    const command_line::outcome o = w.shell.run({"run", "@api.json", "--one-page"});
    expect_plain(o, 4, {"403"});
    CHECK_FALSE(has(o.talk, "checkpoint"));
}

TEST_CASE("one page whose reader has gone is no trouble of the disk", "[command]")
{
    mock_api_options slow;
    slow.delay = std::chrono::milliseconds(300);
    const mock_api api(items_by_id(), make_dataset(items_by_id(), dataset_options(20)), {}, slow);
    command_line shell;
    shell.describe("api.json", api.described(items_by_id()));
    process reader;
    REQUIRE(reader.start({"/bin/bash", "-c",
                          CATENA_COMMAND " run " + shell.file("api.json") +
                              " --one-page | true; exit ${PIPESTATUS[0]}"}));
    CHECK(reader.wait() == 141);
    CHECK_FALSE(has(reader.output(), "cannot write"));
}

TEST_CASE("a wait that is longer than allowed names the option that allows it", "[command][R9]")
{
    const mock_api api([](const http_request&, const arrival&) {
        scripted_answer a(429, "{}");
        a.headers = {{"Retry-After", "7200"}};
        return a;
    });
    connector c = items_by_id();
    c.request.url = api.url() + "/v1/items";
    command_line shell;
    shell.describe("api.json", c);
    const command_line::outcome o = shell.run({"run", "@api.json"});
    expect_plain(o, 3, {"--max-wait", "run it again in 2 h", "nothing was kept to go on from"});
    CHECK_FALSE(has(o.talk, "checkpoint"));
    expect_plain(shell.run({"run", "@api.json", "-o", "@a.jsonl"}), 3,
                 {"--max-wait", "go on with"});
    expect_plain(shell.run({"run", "@api.json", "--max-wait", "1"}), 2, {"--max-wait 1", "90s"});
    shell.start({"run", "@api.json", "--max-wait", "3h"});
    const std::uint64_t before = api.requests();
    CHECK(comes([&] { return api.requests() > before; }));
    shell.child().interrupt();
    CHECK(shell.wait().code == 130);
}

TEST_CASE("why a run is unverified is told in one line, also where it is quiet", "[command]")
{
    world w;
    connector c = w.server.described(items_by_id());
    c.key.clear();
    c.range.clear();
    c.sorted = order::none;
    w.shell.describe("api.json", c);
    const command_line::outcome o = w.shell.run({"run", "@api.json", "--quiet"});
    expect_plain(o, 6, {"unverified: ", "key", "--allow-unverified"});
    CHECK(o.talk.find('\n') == o.talk.size() - 1);
    CHECK(w.shell.run({"run", "@api.json", "--quiet", "--allow-unverified"}).talk.empty());
    expect_plain(w.shell.run({"run", "@api.json"}), 6, {"unverified: 100 records", "\n  - "});
}

TEST_CASE("bounds are of the first range, and others stay open", "[command]")
{
    world w;
    connector c = w.server.described(items_by_id());
    c.range.push_back(c.range.front());
    c.range.back().by = "/amount";
    c.range.back().lower->to.at = "least";
    c.range.back().upper->to.at = "most";
    w.shell.describe("api.json", c);
    const command_line::outcome o = w.shell.run({"run", "@api.json", "--from", "1", "--to", "9"});
    INFO(o.talk);
    CHECK_FALSE(has(o.talk, "one interval for each range"));
}
