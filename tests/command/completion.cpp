#include "completion.hpp"

#include "support/catch.hpp"

using namespace command;

TEST_CASE("each shell is told each word", "[command]")
{
    const std::vector<spelled_command> all{{"run", "Fetch it", {"--output", "-o"}},
                                           {"plan", "Reckon", {"--records"}}};
    for (const char* shell : {"bash", "zsh", "fish"}) {
        const auto text = completion_for(shell, all);
        REQUIRE(text);
        CAPTURE(*text);
        for (const char* word : {"run", "plan", "output", "records"})
            CHECK(text->find(word) != std::string::npos);
    }
    CHECK_FALSE(completion_for("sh", all));
}
