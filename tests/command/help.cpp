// What the help, the man page and the completions say are the same words.
#include "command/command_line.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"

#include <regex>
#include <set>

using namespace catena::testing;

namespace {

std::set<std::string> long_options(const std::string& text)
{
    static const std::regex option("(--[a-z][a-z-]+)");
    std::set<std::string> all;
    for (std::sregex_iterator i(text.begin(), text.end(), option), end; i != end; ++i)
        all.insert((*i)[1]);
    return all;
}

std::string man_page()
{
    const std::string raw = plain_text(std::string(CATENA_SOURCE_DIR) + "/docs/catena.1");
    return std::regex_replace(raw, std::regex(R"(\\-)"), "-");
}

}  // namespace

TEST_CASE("help begins with examples", "[command]")
{
    command_line shell;
    for (const std::vector<std::string>& words : {std::vector<std::string>{"--help"},
                                                  {"run", "--help"},
                                                  {"verify", "--help"},
                                                  {"plan", "--help"},
                                                  {"probe", "--help"}}) {
        const command_line::outcome o = shell.run(words);
        CHECK(o.code == 0);
        CHECK(o.out.find("catena ") < o.out.find("Usage"));
    }
    CHECK(shell.run({"--version"}).out.find('.') != std::string::npos);
}

TEST_CASE("the man page names every option, and none that is not there", "[command][house]")
{
    command_line shell;
    std::set<std::string> known;
    for (const char* each : {"run", "verify", "plan", "probe"})
        known.merge(long_options(shell.run({each, "--help"}).out));
    known.erase("--help");
    CHECK(known.size() > 15);
    CHECK(long_options(man_page()) == known);
}

TEST_CASE("bash completes words and options", "[command]")
{
    command_line shell;
    process bash;
    CHECK(shell.run({"completion", "bash"}).code == 0);
    REQUIRE(bash.start({"/bin/bash", "-c", "source " + shell.file("out") + R"(
        ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _catena; echo "${COMPREPLY[*]}"; }
        ask catena ru
        ask catena run --work
        ask catena run api.js)"}));
    CHECK(bash.wait() == 0);
    CHECK(bash.output() == "run\n--workers\n\n");
}

TEST_CASE("the schema is the one of the documents", "[command]")
{
    command_line shell;
    CHECK(shell.run({"schema"}).out ==
          plain_text(std::string(CATENA_SOURCE_DIR) + "/docs/connector.schema.json"));
}
