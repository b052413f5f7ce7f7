// The progress line on a terminal.
#include "command/command_line.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include <catena/testing/mock_api.hpp>

#include <chrono>
#include <regex>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

/// What a run draws on a terminal, a line for each time it is drawn.
std::vector<std::string> drawn(command_line& shell, const std::string& words,
                               const std::string& rest = " >/dev/null")
{
    process terminal;
    const std::string command = "env TERM=xterm " CATENA_COMMAND " " + words + rest;
    REQUIRE(terminal.start({"/usr/bin/script", "-qefc", command, shell.file("screen")}));
    CHECK(terminal.wait() == 0);
    std::vector<std::string> lines;
    const std::string screen = plain_text(shell.file("screen"));
    static const std::regex line("[\r\nK]((beginning|[0-9,]+ records?)[^\r\n\x1b]*)");
    for (std::sregex_iterator i(screen.begin(), screen.end(), line), end; i != end; ++i)
        lines.push_back(i->str(1));
    return lines;
}

}  // namespace

TEST_CASE("a run that goes on draws its real count, share and pace from the first line on",
          "[command]")
{
    connector c = items_by_id();
    c.total.emplace().at = "/total";
    mock_api_options slow;
    slow.delay = std::chrono::milliseconds(120);
    mock_api server(c, make_dataset(c, dataset_options(400)), {}, slow);
    command_line shell;
    shell.describe("api.json", server.described(c));
    const std::vector<std::string> run{"run",       "@api.json", "-o",          "@items.jsonl",
                                       "--workers", "1",         "--max-pages", "20"};
    REQUIRE(shell.run(run).code == 3);
    const std::vector<std::string> lines =
        drawn(shell, "run " + shell.file("api.json") + " -o " + shell.file("items.jsonl") +
                         " --workers 1");
    REQUIRE(lines.size() > 10);
    CHECK(lines.size() < 60);  // ten a second at most
    bool paced = false;
    static const std::regex counted(
        R"((\d+) records of 400 \((\d+) %\)(  (\d+)/s  about (\d+) s left)?.*)");
    for (const std::string& line : lines) {
        if (line.find("beginning") != line.npos) continue;
        std::smatch m;
        INFO(line);
        REQUIRE(std::regex_match(line, m, counted));
        CHECK(std::stoi(m[1]) >= 200);
        CHECK(std::stoi(m[2]) == std::stoi(m[1]) / 4);
        if (!m[3].matched) continue;
        paced = true;
        CHECK(std::stoi(m[4]) < 120);  // what the first run fetched is no pace of this one
        CHECK(std::stoi(m[5]) < 10);
    }
    CHECK(paced);
}

TEST_CASE("a run draws on the terminal that its records do not go to", "[command]")
{
    mock_api_options slow;
    slow.delay = std::chrono::milliseconds(120);
    mock_api server(items_by_id(), make_dataset(items_by_id(), dataset_options(100)), {}, slow);
    command_line shell;
    shell.describe("api.json", server.described(items_by_id()));
    const std::string run = "run " + shell.file("api.json") + " --workers 1";
    CHECK(drawn(shell, run + " -o " + shell.file("items.jsonl"), "").size() > 5);
    CHECK(drawn(shell, run, "").empty());
}
