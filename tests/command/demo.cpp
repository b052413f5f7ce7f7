#include "command/command_line.hpp"
#include "support/catch.hpp"

#include <algorithm>

using namespace catena::testing;

TEST_CASE("the demo loses nothing and doubles nothing", "[command][demo]")
{
    command_line shell;
    const command_line::outcome o = shell.run({"demo"});
    INFO(o.out << o.talk);
    CHECK(o.code == 0);
    CHECK(o.out.find("killed 3 times: 100,000 records, 0 lost, 0 doubled") != std::string::npos);
    CHECK(std::count(o.out.begin(), o.out.end(), '\n') > 14);
}
