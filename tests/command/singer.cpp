// Messages of Singer: what a target has read up to a STATE is what the next run does not bring.
#include "command/command_line.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include <catena/testing/mock_api.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <thread>

using namespace catena;
using namespace catena::testing;
namespace json = boost::json;

namespace {

/// What a target makes of a stream: records that a STATE stands behind are kept with it.
struct target {
    void read(const std::string& stream)
    {
        std::istringstream in(stream);
        std::vector<std::string> since;
        bool schema = false;
        for (std::string line; std::getline(in, line);) {
            if (in.eof()) break;  // cut where the run was killed
            const json::object message = json::parse(line).as_object();
            const std::string type = message.at("type").as_string().c_str();
            if (type == "SCHEMA") {
                schema = true;
                CHECK(message.at("stream") == "items");
                CHECK(json::serialize(message.at("key_properties")) == R"(["id"])");
                CHECK(message.at("schema").at("type") == "object");
                CHECK(message.at("schema").at("additionalProperties") == true);
                continue;
            }
            REQUIRE(schema);
            if (type == "RECORD") {
                CHECK(message.at("stream") == "items");
                const std::size_t at = line.find("\"record\":") + 9;
                since.push_back(line.substr(at, line.size() - at - 1));
                continue;
            }
            REQUIRE(type == "STATE");
            ++states;
            for (std::string& each : since)
                kept.push_back(std::move(each));
            since.clear();
            state = json::serialize(message.at("value"));
        }
        lost += since.size();
    }
    /// As a user would: the last one.
    void save(const std::string& path) const { std::ofstream(path) << *state << '\n'; }

    std::vector<std::string> kept;  ///< Octet for octet.
    std::optional<std::string> state;
    std::size_t states = 0, lost = 0;
};

std::vector<std::string> sorted(std::vector<std::string> all)
{
    std::sort(all.begin(), all.end());
    return all;
}

struct world {
    explicit world(std::size_t records, std::chrono::milliseconds delay = {})
        : server(items_by_id(), make_dataset(items_by_id(), dataset_options(records)), {},
                 wire(delay))
    {
        shell.describe("api.json", server.described(items_by_id()));
    }
    static mock_api_options wire(std::chrono::milliseconds delay)
    {
        mock_api_options o;
        o.delay = delay;
        return o;
    }
    static std::vector<std::string> words(std::vector<std::string> more = {})
    {
        more.insert(more.begin(), {"run", "@api.json", "--format", "singer"});
        return more;
    }

    mock_api server;
    command_line shell;
};

}  // namespace

TEST_CASE("Singer gets a schema, each record as it was sent, and states behind them", "[command]")
{
    world w(200);
    const command_line::outcome o = w.shell.run(world::words());
    INFO(o.talk);
    CHECK(o.code == 0);
    CHECK(o.out.starts_with("{\"type\":\"SCHEMA\""));
    target t;
    t.read(o.out);
    CHECK(sorted(t.kept) == sorted(w.server.records()));
    CHECK(t.lost == 0);
    CHECK(t.states > 1);
    // What is complete brings nothing any more, but for its state.
    t.save(w.shell.file("state.json"));
    const std::uint64_t asked = w.server.requests();
    const command_line::outcome again = w.shell.run(world::words({"--state", "@state.json"}));
    CHECK(again.code == 0);
    CHECK(w.server.requests() == asked);
    target second;
    second.read(again.out);
    CHECK(second.kept.empty());
    CHECK(second.state == t.state);
}

TEST_CASE("a Singer run goes on behind the last state that its target has told", "[command]")
{
    for (const char* workers : {"1", "5"}) {
        CAPTURE(workers);
        world w(150);
        target all;
        int code = 3;
        for (int run = 0; code == 3 && run < 60; ++run) {
            const command_line::outcome o = w.shell.run(
                world::words({"--state", "@state.json", "--max-pages", "3", "--workers", workers}));
            INFO(o.talk);
            code = o.code;
            CHECK((code == 0 || o.talk.find("the last STATE") != std::string::npos));
            all.read(o.out);
            all.save(w.shell.file("state.json"));
        }
        CHECK(code == 0);
        CHECK(all.lost == 0);
        CHECK(sorted(all.kept) == sorted(w.server.records()));
    }
}

TEST_CASE("killed or cut off anywhere, what a target has kept comes once, and all the rest comes",
          "[command][S1][S10]")
{
    world w(600, std::chrono::milliseconds(4));
    target all;
    for (const std::uint64_t more : {8u, 9u, 12u, 17u}) {
        w.shell.start(world::words({"--state", "@state.json", "--workers", "4"}));
        const std::uint64_t enough = w.server.requests() + more;
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (w.server.requests() < enough && std::chrono::steady_clock::now() < patience)
            std::this_thread::yield();
        w.shell.child().kill();
        all.read(plain_text(w.shell.file("out")));
        if (all.state) all.save(w.shell.file("state.json"));
    }
    const std::size_t before = all.kept.size();
    CHECK(before < 600);
    const command_line::outcome o =
        w.shell.run(world::words({"--state", "@state.json", "--workers", "4"}));
    INFO(o.talk);
    CHECK(o.code == 0);
    all.read(o.out);
    CHECK(sorted(all.kept) == sorted(w.server.records()));
    CHECK(all.kept.size() > before);
}

TEST_CASE("each state of a stream is one to go on from", "[command][S10]")
{
    world w(120);
    const command_line::outcome whole = w.shell.run(world::words({"--workers", "3"}));
    std::string prefix;
    std::istringstream in(whole.out);
    for (std::string line; std::getline(in, line);) {
        prefix += line + '\n';
        if (line.find("\"STATE\"") == std::string::npos) continue;
        target t;
        t.read(prefix);
        // Whole messages, in a file that grows, are taken as well.
        std::ofstream(w.shell.file("state.json"), std::ios::app) << line << '\n';
        const command_line::outcome o = w.shell.run(world::words({"--state", "@state.json"}));
        INFO(o.talk);
        CHECK(o.code == 0);
        t.read(o.out);
        CHECK(sorted(t.kept) == sorted(w.server.records()));
    }
}

TEST_CASE("a state that is none, or was changed, is refused before anything is asked",
          "[command][S5][S6]")
{
    world w(60);
    target t;
    t.read(w.shell.run(world::words({"--max-pages", "2", "--workers", "1"})).out);
    REQUIRE(t.state);
    const std::uint64_t asked = w.server.requests();
    const auto run = [&](const std::string& text) {
        std::ofstream(w.shell.file("state.json")) << text;
        const command_line::outcome o = w.shell.run(world::words({"--state", "@state.json"}));
        return std::to_string(o.code) + ' ' + o.talk;
    };
    std::string changed = *t.state;
    changed.replace(changed.find("\"pages\":2"), 9, "\"pages\":3");
    std::string newer = *t.state;
    newer.replace(newer.find("\"catena\":1"), 10, "\"catena\":2");
    for (const auto& [text, told] :
         {std::pair<std::string, std::string>{"{}", "no state of catena's"},
          {"[1]", "no STATE"},
          {t.state->substr(0, 200), "no STATE"},
          {changed, "was changed"},
          {newer, "another version"},
          {"{\"bookmarks\":{}}", "no state of catena's"}}) {
        const std::string o = run(text);
        INFO(o);
        CHECK(o.starts_with("8 "));
        CHECK(o.find(told) != std::string::npos);
    }
    connector other = w.server.described(items_by_id());
    other.request.query.emplace_back("colour", "red");
    w.shell.describe("api.json", other);
    const std::string o = run(*t.state);
    INFO(o);
    CHECK(o.starts_with("2 "));
    CHECK(o.find("another query") != std::string::npos);
    CHECK(w.server.requests() == asked);
    CHECK(w.shell.run(world::words({"-o", "@a.jsonl"})).code == 2);
    CHECK(w.shell.run(world::words({"--columns", "id"})).code == 2);
}

TEST_CASE("a target that goes ends a Singer run", "[command]")
{
    world w(2'000);
    process reader;
    REQUIRE(reader.start({"/bin/bash", "-c",
                          CATENA_COMMAND " run " + w.shell.file("api.json") +
                              " --format singer | head -n 1 >/dev/null; exit ${PIPESTATUS[0]}"}));
    CHECK(reader.wait() == 141);
}
