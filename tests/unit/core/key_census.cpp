#include "core/key_census.hpp"

#include "core/neighbours.hpp"
#include "support/catch.hpp"
#include "unit/core/range_support.hpp"

#include <algorithm>
#include <random>
#include <set>

using namespace catena;
using catena::testing::rule_of;
using core::key_census;
using core::leading_field;
using core::neighbours;

namespace {

// As a store gives them: by octets.
key_census census_of(const std::set<long>& ids, std::size_t picks = 0, std::uint64_t seed = 1)
{
    std::vector<std::string> texts;
    for (const long id : ids)
        texts.push_back(std::to_string(id));
    std::sort(texts.begin(), texts.end());
    key_census out(picks, seed, 1'000);
    for (const std::string& text : texts)
        out.feed(leading_field(text, false));
    return out;
}

}  // namespace

TEST_CASE("the leading field of a stored key is its own text", "[key_census]")
{
    CHECK(leading_field("17", false) == "17");
    CHECK(leading_field("-1.50e3", false) == "-1.50e3");
    CHECK(leading_field(R"("a\u0062\"c")", false) == "ab\"c");
    CHECK(leading_field(R"(["2026-01-01",17])", true) == "2026-01-01");
    CHECK(leading_field("[12,\"x\"]", true) == "12");
    CHECK_FALSE(leading_field("null", false));
    CHECK_FALSE(leading_field("1:2:3x", true));
    CHECK_FALSE(leading_field("", false));
}

TEST_CASE("ids in the order of their octets have the holes that a plain look finds",
          "[key_census][property]")
{
    for (unsigned seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        const long first = static_cast<long>(random() % 120);
        std::set<long> ids;
        for (long id = first; id < first + 1'200; ++id)
            if (random() % 40 != 0) ids.insert(id);
        std::vector<interval> wanted;
        std::uint64_t missing = 0;
        for (auto at = std::next(ids.begin()); at != ids.end(); ++at) {
            const long before = *std::prev(at);
            if (*at == before + 1) continue;
            wanted.emplace_back(std::to_string(before + 1), std::to_string(*at));
            missing += static_cast<std::uint64_t>(*at - before - 1);
        }

        const auto got = census_of(ids).holes();

        REQUIRE(got);
        CHECK(got->dense);
        CHECK(got->holes == wanted);
        CHECK(got->missing == missing);
    }
}

TEST_CASE("what is no id is not searched for holes", "[key_census]")
{
    for (const char* odd : {"-1", "01", "1.0", "1e3", "x", "1234567890123456789"}) {
        CAPTURE(odd);
        key_census c(3, 1, 10);
        c.feed(std::string("1"));
        c.feed(std::string(odd));
        c.feed(std::string("2"));
        CHECK_FALSE(c.holes());
        CHECK(c.keys() == 3);
    }
    CHECK_FALSE(key_census(0, 1, 1).holes());
    std::set<long> even;
    for (long id = 0; id < 100; id += 2)
        even.insert(id);
    REQUIRE(census_of(even).holes());
    CHECK_FALSE(census_of(even).holes()->dense);
}

TEST_CASE("each key is picked as often as any other, and a seed picks the same ones again",
          "[key_census][property]")
{
    std::set<long> ids;
    for (long id = 100; id < 200; ++id)
        ids.insert(id);
    std::vector<int> often(100);
    for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
        const std::vector<std::string> picked = census_of(ids, 10, seed).picked();
        REQUIRE(picked.size() == 10);
        REQUIRE(std::set<std::string>(picked.begin(), picked.end()).size() == 10);
        for (const std::string& key : picked)
            ++often[static_cast<std::size_t>(std::stol(key) - 100)];
    }
    CHECK(*std::min_element(often.begin(), often.end()) > 140);
    CHECK(*std::max_element(often.begin(), often.end()) < 260);
    CHECK(census_of(ids, 10, 7).picked() == census_of(ids, 10, 7).picked());
}

TEST_CASE("the neighbours of a place are those of a sorted list, whatever the order of reading",
          "[neighbours][property]")
{
    const range_rule by = rule_of(range_type::integer);
    for (unsigned seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        std::mt19937 random(seed);
        std::vector<long> keys;
        for (int i = 0; i < 60; ++i)
            keys.push_back(static_cast<long>(random() % 90));
        std::vector<std::string> at;
        for (int i = 0; i < 12; ++i)
            at.push_back(std::to_string(random() % 100));
        neighbours near(by, at);
        for (const long key : keys)
            near.feed(std::to_string(key));
        near.feed("no number");

        std::multiset<long> sorted(keys.begin(), keys.end());
        const auto same = [&](const std::optional<neighbours::found>& got, auto wanted) {
            REQUIRE(got.has_value() == (wanted != sorted.end()));
            if (!got) return;
            CHECK(got->key == std::to_string(*wanted));
            CHECK(got->records == sorted.count(*wanted));
        };
        const auto before = [&](auto here) {
            return here == sorted.begin() ? sorted.end() : std::prev(here);
        };
        same(near.first(), sorted.begin());
        same(near.last(), before(sorted.end()));
        for (const std::string& place : at) {
            CAPTURE(place);
            const long n = std::stol(place);
            same(near.before(place), before(sorted.lower_bound(n)));
            same(near.from(place), sorted.lower_bound(n));
            same(near.behind(place), sorted.upper_bound(n));
        }
    }
}
