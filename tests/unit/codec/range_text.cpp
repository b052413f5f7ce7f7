#include "support/catch.hpp"
#include <catena/codec/range_text.hpp>
#include <catena/diagnostics.hpp>

#include <random>
#include <string>

using namespace catena;

TEST_CASE("a range is one line that people can read", "[range]")
{
    const range both({interval("10", "20")});
    CHECK(to_text(both) == R"([{"from":"10","to":"20"}])");
    CHECK(to_text(range()) == "[]");
    CHECK(to_text(range({interval()})) == "[{}]");
    CHECK(to_text(range({{"a", std::nullopt}, {std::nullopt, "2026-01-01T00:00:00Z"}})) ==
          R"([{"from":"a"},{"to":"2026-01-01T00:00:00Z"}])");
    CHECK(to_text(range({interval("caf\xc3\xa9 \"x\"\n", "")})) ==
          "[{\"from\":\"caf\xc3\xa9 \\\"x\\\"\\u000a\",\"to\":\"\"}]");
    CHECK(to_text(range({interval("\xff", "\xed\xa0\x80")})) ==
          R"([{"from":{"hex":"ff"},"to":{"hex":"eda080"}}])");
}

TEST_CASE("any range comes back from its text", "[range][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 11u));
    CAPTURE(seed);
    std::mt19937 draw(seed);
    const auto border = [&] {
        std::optional<std::string> out;
        if (draw() % 4 == 0) return out;
        out.emplace();
        const bool octets = draw() % 3 == 0;
        for (std::size_t n = draw() % 9; n > 0; --n)
            *out += static_cast<char>(octets ? draw() % 256 : draw() % 128);
        return out;
    };
    for (int i = 0; i < 500; ++i) {
        range r;
        for (std::size_t n = draw() % 4; n > 0; --n)
            r.over.emplace_back(border(), border());
        const std::string text = to_text(r);
        CAPTURE(text);
        REQUIRE(text.find('\n') == std::string::npos);
        REQUIRE(range_from_text(text) == r);
    }
}

TEST_CASE("a text that is no range is refused without repeating it", "[S5][range]")
{
    for (const char* text :
         {"", "[", "{}", "null", "[1]", "[[]]", R"([{"from":1}])", R"([{"form":"secret"}])",
          R"([{"from":"1","from":"2"}])", R"([{"from":"1","to":null}])",
          R"([{"to":"2","from":"1"}])", R"( [{"from":"1"}])", R"([{"from": "1"}])",
          R"([{"from":{"hex":"f"}}])", R"([{"from":{"hex":"FF"}}])",
          R"([{"from":{"hex":"ff","x":1}}])", R"([{"from":{"hex":"61"}}])", "[{\"from\":\"\xff\"}]",
          R"([{"from":"1"}]x)"}) {
        CAPTURE(text);
        try {
            (void)range_from_text(text);
            FAIL_CHECK("taken");
        } catch (const failure& f) {
            CHECK(f.why().code == errc::bad_checkpoint);
            CHECK(std::string(f.what()).find("secret") == std::string::npos);
        }
    }
}
