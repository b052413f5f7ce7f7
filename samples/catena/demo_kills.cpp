#include "demo.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/testing/mock_api.hpp>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <map>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>

extern char** environ;

namespace command {

namespace testing = catena::testing;

namespace {

constexpr std::size_t records = 100'000;

catena::connector orders()
{
    return catena::load_connector(R"({
        "name": "orders", "request": {"url": "http://127.0.0.1/v1/orders"},
        "records": "/orders", "key": "/id", "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 100},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing",
        "range": {"by": "/id", "type": "integer",
                  "lower": {"to": {"query": "from"}, "bound": "inclusive"},
                  "upper": {"to": {"query": "before"}, "bound": "exclusive"}}
    })");
}

pid_t begin(std::vector<std::string> words)
{
    std::vector<char*> arguments;
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t child = -1;
    const int failed =
        posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, arguments.data(), environ);
    if (failed != 0)
        throw std::system_error(failed, std::generic_category(), "cannot start a child process");
    return child;
}

int end_of(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Between two looks at the server the child goes on: where it dies is chance.
void wait_for_requests(const testing::mock_api& server, std::uint64_t n)
{
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (server.requests() < n && std::chrono::steady_clock::now() < patience)
        std::this_thread::sleep_for(std::chrono::microseconds(200));
}

}  // namespace

kill_score kill_and_resume(const std::string& folder)
{
    testing::mock_api_options wire;
    wire.delay = std::chrono::milliseconds(2);
    testing::mock_api server(
        orders(), testing::make_dataset(orders(), testing::dataset_options(records)), {}, wire);
    const std::string api = folder + "/orders.json";
    const std::string lines = folder + "/orders.jsonl";
    std::ofstream(api) << to_json(server.described(orders()));
    const std::vector<std::string> words{"catena", "run", api, "-o", lines, "--quiet"};

    kill_score score;
    for (const std::uint64_t pages : {100u, 200u, 200u}) {
        const pid_t child = begin(words);
        wait_for_requests(server, server.requests() + pages);
        ::kill(child, SIGKILL);
        if (end_of(child) < 0) ++score.kills;
    }
    score.code = end_of(begin(words));
    score.requests = server.requests();

    std::map<std::string, std::uint64_t> seen;
    std::ifstream file(lines);
    for (std::string line; std::getline(file, line);)
        ++seen[line];
    for (const std::string& record : server.records())
        score.lost += seen.contains(record) ? 0 : 1;
    for (const auto& [record, times] : seen) {
        score.records += times;
        score.doubled += times - 1;
    }
    return score;
}

}  // namespace command
