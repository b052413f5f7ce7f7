#include "words.hpp"

#include "support/catch.hpp"

using namespace command;

TEST_CASE("a command is repeated as a shell takes it", "[command]")
{
    CHECK(quoted({"catena", "run", "api.json"}) == "catena run api.json");
    CHECK(quoted({"a b", "", "it's", "$HOME", "x;y"}) == R"('a b' '' 'it'\''s' '$HOME' 'x;y')");
}

TEST_CASE("the word that was probably meant is near, or none", "[command]")
{
    const std::vector<std::string> known{"run", "plan", "schema", "--workers", "--max-pages"};
    CHECK(nearest("rum", known) == "run");
    CHECK(nearest("paln", known).empty());  // two letters of four are too much
    CHECK(nearest("shema", known) == "schema");
    CHECK(nearest("--worker", known) == "--workers");
    CHECK(nearest("--maxpages", known) == "--max-pages");
    CHECK(nearest("x", known).empty());
    CHECK(nearest("", known).empty());
}
