// Real processes over real sockets and files, killed with SIGKILL at random instants: what is
// stored in the end is the server's own truth, each record once.
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/stored.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/testing/mock_api.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

// CATENA_KILLS makes the long form of it.
std::size_t kills_wanted()
{
    const char* const text = std::getenv("CATENA_KILLS");
    return text != nullptr ? std::stoul(text) : 50;
}

connector by_ids()
{
    return load_connector(R"({
        "name": "items", "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": "/id", "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 10},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing",
        "range": {"by": "/id", "type": "integer",
                  "lower": {"to": {"query": "from"}, "bound": "inclusive"},
                  "upper": {"to": {"query": "before"}, "bound": "exclusive"}}
    })");
}

std::vector<std::string> sorted(std::vector<std::string> all)
{
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace

TEST_CASE("a job that is killed again and again loses nothing and doubles nothing",
          "[killed][S1][S10][P28]")
{
    const auto seed = static_cast<unsigned>(std::random_device()());
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const std::size_t wanted = kills_wanted();
    std::size_t killed = 0, finished = 0;

    for (std::size_t round = 0; killed < wanted; ++round) {
        const std::string kind = std::vector<std::string>{"rows", "lines", "gzip"}[round % 3];
        const connector c = by_ids();
        const std::vector<row> rows = make_dataset(c, dataset_options(600, random()));
        mock_api_options wire;
        wire.delay = std::chrono::milliseconds(1);
        mock_api server(c, rows, {}, wire);

        process child;
        const std::string contract = child.folder() + "/items.json";
        std::ofstream(contract) << to_json(server.described(c));
        const std::string store = child.folder() + "/items.db";
        const std::vector<std::string> command{
            CATENA_COLLECT_CHILD, contract, store, kind, "4", "0", std::to_string(2'000)};
        // Each run gets some pages further, and then it dies.
        for (int run = 0; run < 8 && killed < wanted; ++run) {
            REQUIRE(child.start(command));
            const std::uint64_t until = server.requests() + random() % 12;
            const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
            while (server.requests() < until && std::chrono::steady_clock::now() < patience)
                std::this_thread::yield();
            const auto instant =
                std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 4'000);
            while (std::chrono::steady_clock::now() < instant)
                std::this_thread::yield();
            child.kill();
            ++killed;
        }
        REQUIRE(child.start(command));
        const int code = child.wait();
        INFO(kind << ", round " << round << ":\n" << child.output());
        REQUIRE(code == 0);
        ++finished;

        const std::vector<std::string> truth = sorted(server.records());
        const std::vector<std::string> stored =
            kind == "rows" ? sorted(rows_of(store))
                           : sorted(lines_of(store + (kind == "gzip" ? ".jsonl.gz" : ".jsonl")));
        REQUIRE(stored.size() == truth.size());
        REQUIRE(stored == truth);
        CHECK(server.violations() == 0);
    }
    std::cout << "killed " << killed << " times, " << finished << " jobs: 0 lost, 0 doubled\n";
}

TEST_CASE("a job with discovery that is killed again and again loses nothing and doubles nothing",
          "[killed][discovery][S1][S10]")
{
    const auto seed = static_cast<unsigned>(std::random_device()());
    INFO("seed " << seed);
    std::mt19937 random(seed);
    const connector c = load_connector(R"({
        "name": "files", "request": {"url": "http://127.0.0.1/v1/files"},
        "records": "/items", "key": "/id",
        "page_size": {"to": {"query": "limit"}, "value": 10},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing",
        "discovery": {"query": {"fields": "next"}}
    })");
    const std::size_t wanted = kills_wanted() / 2;
    std::size_t killed = 0, finished = 0;
    for (std::size_t round = 0; killed < wanted; ++round) {
        const std::string kind = std::vector<std::string>{"rows", "lines", "gzip"}[round % 3];
        mock_api_options wire;
        wire.delay = std::chrono::milliseconds(1);
        behaviour steady;
        steady.steady_tokens = true;
        mock_api server(c, make_dataset(c, dataset_options(600, random())), steady, wire);
        process child;
        const std::string contract = child.folder() + "/files.json";
        std::ofstream(contract) << to_json(server.described(c));
        const std::string store = child.folder() + "/files.db";
        const std::vector<std::string> command{CATENA_COLLECT_CHILD, contract, store, kind, "4"};
        for (int run = 0; run < 8 && killed < wanted; ++run) {
            REQUIRE(child.start(command));
            const std::uint64_t until = server.requests() + random() % 20;
            const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
            while (server.requests() < until && std::chrono::steady_clock::now() < patience)
                std::this_thread::yield();
            child.kill();
            ++killed;
        }
        REQUIRE(child.start(command));
        const int code = child.wait();
        INFO(kind << ", round " << round << ":\n" << child.output());
        REQUIRE(code == 0);
        ++finished;
        const std::vector<std::string> stored =
            kind == "rows" ? sorted(rows_of(store))
                           : sorted(lines_of(store + (kind == "gzip" ? ".jsonl.gz" : ".jsonl")));
        REQUIRE(stored == sorted(server.records()));
    }
    std::cout << "killed " << killed << " times, " << finished
              << " jobs with discovery: 0 lost, 0 doubled\n";
}

TEST_CASE("a complete job that is started again asks the server for nothing", "[killed]")
{
    const connector c = by_ids();
    mock_api server(c, make_dataset(c, dataset_options(100)));
    process child;
    const std::string contract = child.folder() + "/items.json";
    std::ofstream(contract) << to_json(server.described(c));
    const std::vector<std::string> command{CATENA_COLLECT_CHILD, contract,
                                           child.folder() + "/items.db", "rows", "4"};
    REQUIRE(child.start(command));
    REQUIRE(child.wait() == 0);
    const std::uint64_t asked = server.requests();
    REQUIRE(child.start(command));
    CHECK(child.wait() == 0);
    CHECK(server.requests() == asked);
    CHECK(rows_of(child.folder() + "/items.db").size() == 100);
}
