// README's commands do what README says.
#include "command/command_line.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

using namespace catena::testing;

namespace {

constexpr const char* title = "## What it does that others do not\n";

struct shown {
    std::string command, says;
};

/// The part of README under the title.
std::string part()
{
    const std::string all = plain_text(std::string(CATENA_SOURCE_DIR) + "/README.md");
    const std::size_t from = all.find(title);
    if (from == all.npos) return {};
    return all.substr(from, all.find("\n## ", from) - from);
}

std::string first_block(const std::string& text)
{
    const std::string open = "```sh\n";
    const std::size_t from = text.find(open) + open.size();
    return text.substr(from, text.find("```", from) - from);
}

std::vector<shown> rows(const std::string& text)
{
    static const std::regex row(R"(^\| [^|`]+ \| `([^`]+)` \| `([^`]+)` \|$)");
    static const std::regex bar(R"(\\\|)");
    std::vector<shown> all;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        std::smatch m;
        if (std::regex_match(line, m, row))
            all.push_back({std::regex_replace(m[1].str(), bar, "|"), m[2]});
    }
    return all;
}

}  // namespace

TEST_CASE("the commands of README say what README says", "[command][house]")
{
    namespace fs = std::filesystem;
    process shell;
    const std::string folder = shell.folder();
    fs::create_directory_symlink(CATENA_SOURCE_DIR "/samples", folder + "/samples");
    fs::create_directory(folder + "/build");
    fs::create_directory_symlink(CATENA_BUILD_DIR, folder + "/build/demo");

    const std::string text = part();
    const std::vector<shown> all = rows(text);
    CHECK(all.size() >= 9);
    std::string script = "cd '" + folder + "'\n" + first_block(text) +
                         "trap 'kill $!' EXIT\nuntil [ -s local.json ]; do sleep 0.1; done\n";
    for (std::size_t i = 0; i < all.size(); ++i)
        script += "(" + all[i].command + ") >out." + std::to_string(i) + " 2>&1 </dev/null\n";
    std::ofstream(folder + "/all.sh") << script << "exit 0\n";
    REQUIRE(shell.start({"/bin/sh", folder + "/all.sh"}));
    CHECK(shell.wait() == 0);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string said = plain_text(folder + "/out." + std::to_string(i));
        INFO(all[i].command << '\n' << said);
        CHECK(said.find(all[i].says) != std::string::npos);
    }
}
