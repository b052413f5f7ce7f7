// What users say of their API is believed where it can be, and blamed where it is wrong.
#include "probe/words.hpp"
#include "probed.hpp"
#include "support/catch.hpp"

using namespace catena;
using namespace catena::testing;

namespace {

const std::string url = "https://api.example.com/items";

scripted_answer page_at(std::size_t from)
{
    return json_answer(R"({"items":[)" + records(from, 10) + R"(],"next_cursor":"t)" +
                       std::to_string(from) + R"("})");
}

/// 45 records without a token, from where a parameter says.
probed probe_by(const std::string& parameter, std::size_t step, std::size_t base,
                probe::wish w = {})
{
    w.request.url = url;
    return probe_with(
        [=](const http_request& ask, const arrival&) {
            const auto given = probe::parameter_of(ask.target, parameter);
            const std::size_t n = given ? std::stoul(*given) : base;
            const std::size_t from = (n - base) * step;
            const std::size_t count = from < 45 ? std::min<std::size_t>(10, 45 - from) : 0;
            return json_answer(R"({"items":[)" + records(from, count) + "]}");
        },
        std::move(w));
}

}  // namespace

TEST_CASE("a key that is none is named, and not the token", "[probe]")
{
    struct row {
        std::vector<std::string> key;
        std::string says;
    };
    const row rows[] = {
        {{"/idd"}, "--key /idd: record 1 has no /idd; try --key /id"},
        {{"id"}, "record 1 has no id; try --key /id"},
        {{"/id", "/none"}, "has no /none"},
        {{"/kind"}, "--key /kind does not tell record 1 and record 2 apart; try --key /id"},
        {{"/tags"}, "/tags of record 1 is neither a text nor a number"},
        {{"/gone"}, "/gone of record 3 is neither"},
    };
    for (const row& r : rows) {
        probe::wish w;
        w.key = r.key;
        const auto record = [](int i) {
            return R"({"id":)" + std::to_string(i) + R"(,"kind":"a","tags":[],"gone":)" +
                   (i == 3 ? "null" : std::to_string(i)) + '}';
        };
        const probed p = probe_answers(url,
                                       {json_answer(R"({"items":[)" + record(1) + ',' + record(2) +
                                                    ',' + record(3) + R"(],"next_cursor":"t"})"),
                                        page_at(11)},
                                       w);
        INFO(p.is.refusal);
        CHECK_FALSE(p.is.is);
        CHECK(p.is.wrong_words);
        CHECK(p.is.refusal.find(r.says) != std::string::npos);
        CHECK(p.is.refusal.find("token") == std::string::npos);
        CHECK(p.asked.size() == 1);
    }
}

TEST_CASE("records that stand elsewhere than the user says are the user's to correct", "[probe]")
{
    probe::wish w;
    w.records = "/none";
    const probed p = probe_answers(url, {page_at(1)}, w);
    CHECK(p.is.wrong_words);
    CHECK(p.is.refusal.find("--records") != std::string::npos);
}

TEST_CASE("a named parameter is used where the page holds no token", "[probe]")
{
    struct row {
        std::string parameter;
        std::size_t step, base;
    };
    for (const row& r : {row{"sida", 10, 1}, row{"page", 10, 1}, row{"page", 10, 0},
                         row{"offset", 1, 0}, row{"from", 1, 0}}) {
        probe::wish w;
        w.parameter = r.parameter;
        const probed p = probe_by(r.parameter, r.step, r.base, w);
        INFO(r.parameter << ' ' << r.step << '\n' << p.text);
        REQUIRE(p.is.is);
        CHECK(p.is.is->next.to[0].at == r.parameter);
        CHECK(p.asked.size() <= 4);
    }
}

TEST_CASE("a named parameter takes the last key where that leads on", "[probe]")
{
    probe::wish w;
    w.parameter = "behind";
    w.request.url = url;
    const probed p = probe_with(
        [](const http_request& ask, const arrival&) {
            const auto given = probe::parameter_of(ask.target, "behind");
            const std::size_t from = given ? std::stoul(*given) + 1 : 1;
            return json_answer(R"({"items":[)" + records(from, from < 40 ? 10 : 0) + "]}");
        },
        w);
    INFO(p.text);
    REQUIRE(p.is.is);
    CHECK(p.is.is->next.from[0].from == token_source::place::last_record);
    CHECK(p.is.is->next.to[0].at == "behind");
}

TEST_CASE("a named parameter that leads nowhere is not passed over for another", "[probe]")
{
    probe::wish w;
    w.parameter = "curzor";
    const probed p = probe_by("page", 10, 1, w);
    INFO(p.text);
    CHECK_FALSE(p.is.is);
    CHECK(p.is.refusal.find("page 1 holds no token that --parameter curzor could take") !=
          std::string::npos);
    for (const std::string& target : p.asked)
        CHECK(target.find("page=") == std::string::npos);
}

TEST_CASE("a token in a header goes into the parameter that the user names", "[probe]")
{
    probe::wish w;
    w.parameter = "where";
    const probed p =
        probe_answers(url,
                      {json_answer("[" + records(1, 10) + "]", {{"X-Next-Cursor", "a"}}),
                       json_answer("[" + records(11, 10) + "]", {{"X-Next-Cursor", "b"}})},
                      w);
    INFO(p.text);
    REQUIRE(p.is.is);
    CHECK(p.asked[1] == "/items?where=a");
}
