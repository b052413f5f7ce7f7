#include "command/command_line.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using namespace catena::testing;

namespace {

/// What counts requests differs from run to run, and so does what stands beside it.
std::string without_numbers(const std::string& line)
{
    return std::regex_replace(line, std::regex("[ 0-9,]+"), " ");
}

/// The lines of the picture in README but the one that was typed.
std::vector<std::string> pictured()
{
    const std::string picture = plain_text(std::string(CATENA_SOURCE_DIR) + "/docs/terminal.svg");
    static const std::regex text("<text [^>]*>([^<]*)</text>");
    std::vector<std::string> all;
    for (std::sregex_iterator i(picture.begin(), picture.end(), text), end; i != end; ++i)
        if (!(*i)[1].str().starts_with("$ ")) all.push_back((*i)[1]);
    return all;
}

}  // namespace

TEST_CASE("the demo loses nothing and doubles nothing, and prints what README shows",
          "[command][demo]")
{
    command_line shell;
    const command_line::outcome o = shell.run({"demo"});
    INFO(o.out << o.talk);
    CHECK(o.code == 0);
    CHECK(o.out.find("killed 3 times: 100,000 records, 0 lost, 0 doubled") != std::string::npos);
    CHECK(std::count(o.out.begin(), o.out.end(), '\n') > 14);

    // README shows this very output.
    std::set<std::string> printed;
    std::istringstream in(o.out);
    for (std::string line; std::getline(in, line);)
        if (!line.empty()) printed.insert(without_numbers(line));
    std::set<std::string> shown;
    for (const std::string& line : pictured())
        shown.insert(without_numbers(line));
    CHECK(shown == printed);
}
