#include "support/catch.hpp"
#include <catena/codec/link_header.hpp>

#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;

namespace {

constexpr std::string_view here = "https://api.example.com/v1/items?page=1";

// The link, "(none)" or "(malformed)".
std::string next(std::vector<std::string_view> lines, std::string_view rel = "next",
                 std::string_view base = here)
{
    const auto got = find_link(lines, rel, base);
    if (!got.has_value()) {
        CHECK(got.error() == errc::malformed_link);
        return "(malformed)";
    }
    return got.value() ? *got.value() : "(none)";
}

}  // namespace

TEST_CASE("a link is found by its relation", "[link_header][P21]")
{
    CHECK(next({"</a>; rel=\"prev next\""}) == "/a");
    CHECK(next({"</a>; rel=\"next\tlast\""}) == "/a");
    CHECK(next({"</a>; REL=Next"}) == "/a");
    CHECK(next({"</a>; rel=prev", "</b>; rel=next"}) == "/b");
    CHECK(next({"</a>; rel=next"}, "NEXT") == "/a");
    CHECK(next({"</a>; rel=\"ne\\xt\""}) == "/a");
    CHECK(next({"</a>; rel=next; rel=prev"}) == "/a");
    CHECK(next({"</a?ids=1,2;3>; rel=next,</b>;rel=last"}) == "/a?ids=1,2;3");
    CHECK(next({"</a>; rel=last, <mailto:x>; rev=made"}) == "(none)");
    CHECK(next({""}) == "(none)");
    CHECK(next({" , ,"}) == "(none)");
}

TEST_CASE("a link about another resource does not count", "[link_header][P21]")
{
    CHECK(next({"</a>; rel=next; anchor=\"\""}) == "/a");
    CHECK(next({"</a>; rel=next; anchor=\"/v1/items?page=1\""}) == "/a");
    CHECK(next({"</a>; rel=next; anchor=\"#part\""}) == "/a");
    CHECK(next({"</a>; rel=next; anchor=\"/v1/items?page=3\""}) == "(none)");
    CHECK(next({"</a>; rel=next; anchor=\"https://evil.example/\""}) == "(none)");
    CHECK(next({"</a>; rel=next; anchor=\"/v1/items?page=1\""}, "next", "") == "(none)");
    CHECK(next({"</a>; rel=next; anchor=\"/x\"; anchor=\"\""}) == "(none)");
}

TEST_CASE("a line that cannot be read is an error, wherever the flaw stands", "[link_header][P23]")
{
    for (const std::string_view line :
         {"/a; rel=next", "</a; rel=next", "<</a>; rel=next", "</a\">; rel=next", "</a>",
          "</a>; rel=\"next", "</a>; rel=\"next\\", "</a>; rel=", "</a>; rel=\"\"", "</a>; rel",
          "</a>; =next", "</a>; rel=next x", "</a> rel=next", "</a>; rel=\"next\"x",
          "</a>; title=next", "</a>; rel=ne\"xt\"", "</a>; rel=next </b>; rel=last",
          "</a>; rel=next; title=", "null"}) {
        INFO(line);
        CHECK(next({line}) == "(malformed)");
        CHECK(next({"</x>; rel=next", line}) == "(malformed)");
        CHECK(next({line, "</x>; rel=next"}) == "(malformed)");
    }
}

TEST_CASE("two next links must agree", "[link_header][P23]")
{
    CHECK(next({"</a>; rel=next", "</a>; rel=next"}) == "/a");
    CHECK(next({"</a>; rel=next", "</b>; rel=next"}) == "(malformed)");
    CHECK(next({"</a>; rel=next, </b>; rel=\"last next\""}) == "(malformed)");
}

TEST_CASE("a header cut short never reads as another link", "[link_header][P23][T8]")
{
    const std::string_view whole = R"(</v1?c=a,b>; title="x, </y>; rel=next"; rel="next")";
    for (std::size_t n = 1; n < whole.size(); ++n) {
        INFO(whole.substr(0, n));
        CHECK(next({whole.substr(0, n)}) == "(malformed)");
    }
    CHECK(next({whole}) == "/v1?c=a,b");
}

TEST_CASE("links in any number and order are all seen", "[link_header]")
{
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 chance(seed);
    const auto pick = [&](unsigned n) {
        return std::uniform_int_distribution<unsigned>(0, n - 1)(chance);
    };
    for (int round = 0; round < 200; ++round) {
        const unsigned count = 1 + pick(8);
        const unsigned at = pick(count);
        std::string line;
        for (unsigned i = 0; i < count; ++i) {
            line += std::string(pick(3), ' ') + "<?p=" + std::to_string(i) + ">" +
                    std::string(pick(2), '\t');
            if (pick(2)) line += "; title=\"a\\\"b;,<>\"";
            line += i == at ? "; rel=\"x next\"" : "; rel=prev";
            line += std::string(pick(2), ' ') + (i + 1 < count ? "," : "");
        }
        INFO(line);
        CHECK(next({line}) == "?p=" + std::to_string(at));
    }
}
