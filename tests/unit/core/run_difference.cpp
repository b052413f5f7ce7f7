#include "support/catch.hpp"
#include <catena/core/run_difference.hpp>

#include <map>
#include <random>
#include <stdexcept>

using namespace catena;
using stream = run_difference::stream;

namespace {

using records = std::map<std::string, std::string>;

run_difference difference_of(const records& before, const records& now, std::size_t samples = 100)
{
    run_difference out(samples);
    auto old_one = before.begin();
    auto new_one = now.begin();
    for (stream side = out.wants(); side != stream::none; side = out.wants()) {
        auto& at = side == stream::before ? old_one : new_one;
        if (at == (side == stream::before ? before : now).end()) {
            out.end(side);
        } else {
            out.feed(side, at->first, identity_of(at->second));
            ++at;
        }
    }
    return out;
}

using keys = std::vector<std::string>;

}  // namespace

TEST_CASE("added, changed and deleted records are told apart", "[run_difference]")
{
    const run_difference d = difference_of({{"a", "1"}, {"b", "1"}, {"c", "1"}, {"e", "1"}},
                                           {{"a", "1"}, {"b", "2"}, {"d", "1"}, {"f", "1"}});
    CHECK(d.added().samples == keys{"d", "f"});
    CHECK(d.changed().samples == keys{"b"});
    CHECK(d.deleted().samples == keys{"c", "e"});
    CHECK(d.same() == 1);
    CHECK(d.text() == "2 added, 1 changed, 2 deleted, 1 the same; 4 records, as many as before");
    const previous_run facts = d.facts();
    CHECK(facts.records == 4);
    CHECK(facts.added == 2u);
    CHECK(facts.changed == 1u);
    CHECK(facts.deleted == 2u);
    CHECK(facts.deleted_keys == keys{"c", "e"});
}

TEST_CASE("either run may be empty", "[run_difference]")
{
    const records some = {{"a", "1"}, {"b", "1"}};
    CHECK(difference_of({}, {}).text() ==
          "0 added, 0 changed, 0 deleted, 0 the same; 0 records, as many as before");
    CHECK(difference_of({}, some).added().count == 2);
    CHECK(difference_of(some, {}).deleted().count == 2);
    CHECK(difference_of(some, {}).same() == 0);
}

TEST_CASE("samples are bounded and counts are not", "[run_difference]")
{
    records many;
    for (int i = 100; i < 200; ++i)
        many[std::to_string(i)] = "x";
    const run_difference d = difference_of(many, {}, 3);
    CHECK(d.deleted().count == 100);
    CHECK(d.deleted().samples == keys{"100", "101", "102"});
}

TEST_CASE("keys that do not ascend are refused", "[run_difference][P10]")
{
    for (const char* key : {"b", "a", ""}) {
        run_difference d;
        d.feed(stream::before, "b", {});
        d.feed(stream::now, "b", {});
        CHECK_THROWS_AS(d.feed(stream::before, key, {}), std::invalid_argument);
    }
}

TEST_CASE("any two runs differ as two maps do", "[run_difference][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 51u));
    CAPTURE(seed);
    std::mt19937 draw(seed);
    const auto draw_records = [&] {
        records out;
        for (std::size_t n = draw() % 40; n > 0; --n)
            out[std::string(1 + draw() % 2, static_cast<char>(draw() % 26))] =
                std::to_string(draw() % 2);
        return out;
    };
    const records before = draw_records(), now = draw_records();
    keys added, changed, deleted;
    std::uint64_t same = 0;
    for (const auto& [key, body] : now) {
        const auto old_one = before.find(key);
        if (old_one == before.end()) {
            added.push_back(key);
        } else if (old_one->second != body) {
            changed.push_back(key);
        } else {
            ++same;
        }
    }
    for (const auto& [key, ignored] : before)
        if (!now.contains(key)) deleted.push_back(key);
    const run_difference d = difference_of(before, now);
    CHECK(d.added().samples == added);
    CHECK(d.changed().samples == changed);
    CHECK(d.deleted().samples == deleted);
    CHECK(d.same() == same);
    CHECK(d.records_before() == before.size());
    CHECK(d.records_now() == now.size());
}

TEST_CASE("growth is told in words that keep small differences", "[run_difference]")
{
    struct row {
        std::uint64_t before, now;
        const char* words;
    };
    const row rows[] = {
        {1'000, 1'000, "1,000 records, as many as before"},
        {1'000, 1'011, "1,011 records, 1.1 % more than before"},
        {1'000, 750, "750 records, 25.0 % fewer than before"},
        {1'000'000, 1'000'001, "1,000,001 records, 1 more than before"},
        {1'000'000, 999'998, "999,998 records, 2 fewer than before"},
        {0, 12'345, "12,345 records, 12,345 more than before"},
        {2, 1, "1 record, 50.0 % fewer than before"},
        {1, 12, "12 records, 11 more than before"},
        {5, 0, "0 records, 100.0 % fewer than before"},
    };
    for (const row& r : rows)
        CHECK(growth_in_words(r.before, r.now) == r.words);
}
