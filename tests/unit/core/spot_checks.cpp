#include "support/catch.hpp"
#include "unit/core/range_support.hpp"
#include <catena/core/spot_checks.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace catena;
using catena::testing::rule_of;
using kind = spot_place::kind;
using texts = std::vector<std::string>;

namespace {

// A store of integer keys, and a server that may show others.
struct shop {
    std::set<int> stored, shown;
    range_rule by = rule_of(range_type::integer);
    interval whole = interval("0", "1000");

    [[nodiscard]] texts keys_in(const std::set<int>& keys, const interval& part) const
    {
        texts out;
        for (const int k : keys)
            if (where_in(by, part, {json_kind::number, std::to_string(k)}) == side::inside)
                out.push_back(std::to_string(k));
        return out;
    }

    [[nodiscard]] std::optional<interval> spot_at(const spot_place& place) const
    {
        auto next = stored.begin();
        if (place.is == kind::end) next = stored.end();
        if (place.is == kind::border) next = stored.lower_bound(std::stoi(place.border));
        if (place.is == kind::key)
            std::advance(next, static_cast<std::ptrdiff_t>(place.number + 1));
        std::optional<std::string> key, behind;
        if (next != stored.begin()) key = std::to_string(*std::prev(next));
        if (next != stored.end()) behind = std::to_string(*next);
        return spot_interval(by, whole, key, behind);
    }

    [[nodiscard]] second_look look(const spot_choice& choice, const texts& borders) const
    {
        second_look out;
        for (const spot_place& place : choose_spots(choice, borders, stored.size()))
            if (const auto spot = spot_at(place))
                add_spot(out, range({*spot}),
                         judge_spot(keys_in(shown, *spot), keys_in(stored, *spot)));
        return out;
    }
};

shop full_shop()
{
    shop s;
    for (int i = 10; i < 990; i += 3)
        s.stored.insert(i);
    s.shown = s.stored;
    return s;
}

}  // namespace

TEST_CASE("inner borders are those between chains, each once, by value", "[spots]")
{
    const range_rule by = rule_of(range_type::integer);
    const std::vector<interval> chains = {
        {"500", "1e3"}, {"9", "100"}, {"0", "9"}, {"100", "500"}, {"1e2", "300"}};
    CHECK(inner_borders(by, interval("0", "1000"), chains) == texts{"9", "100", "300", "500"});
    CHECK(inner_borders(by, interval(), chains) == texts{"0", "9", "100", "300", "500", "1e3"});
    CHECK(inner_borders(by, interval("100", "500"), chains) == texts{"300"});
    CHECK(inner_borders(by, interval(), std::vector<interval>{{}}).empty());
    CHECK(inner_borders(rule_of(range_type::values), interval(), chains).empty());
}

TEST_CASE("the same seed chooses the same spots, another one others", "[spots]")
{
    texts borders;
    for (int i = 0; i < 500; ++i)
        borders.push_back(std::to_string(i));
    spot_choice choice;
    choice.borders = 30;
    const auto first = choose_spots(choice, borders, 1'000'000);
    CHECK(first == choose_spots(choice, borders, 1'000'000));
    CHECK(first.size() == 2 + 30 + 20);
    choice.seed = 1;
    CHECK_FALSE(first == choose_spots(choice, borders, 1'000'000));
}

TEST_CASE("every place is chosen once, and all of them where there are few", "[spots]")
{
    const auto seed = GENERATE(Catch::Generators::range(0u, 20u));
    spot_choice choice;
    choice.seed = seed;
    choice.borders = 4;
    choice.keys = 5;
    for (std::uint64_t keys = 0; keys < 20; ++keys) {
        const texts borders(static_cast<std::size_t>(keys / 2), "5");
        const auto places = choose_spots(choice, borders, keys);
        std::map<kind, std::size_t> count;
        std::set<std::uint64_t> numbers;
        for (const spot_place& p : places) {
            ++count[p.is];
            if (p.is != kind::key) continue;
            CHECK(p.number + 1 < keys);
            CHECK(numbers.insert(p.number).second);
        }
        CHECK(count[kind::beginning] == 1);
        CHECK(count[kind::end] == (keys == 0 ? 0 : 1));
        CHECK(count[kind::border] == std::min<std::size_t>(borders.size(), keys == 0 ? 0 : 4));
        CHECK(count[kind::key] == std::min<std::uint64_t>(keys == 0 ? 0 : keys - 1, 5));
    }
}

TEST_CASE("over many seeds every key has its turn", "[spots][property]")
{
    std::map<std::uint64_t, int> turns;
    spot_choice choice;
    choice.keys = 3;
    for (choice.seed = 0; choice.seed < 2'000; ++choice.seed)
        for (const spot_place& p : choose_spots(choice, {}, 11))
            if (p.is == kind::key) ++turns[p.number];
    REQUIRE(turns.size() == 10);
    for (const auto& [number, n] : turns) {
        CAPTURE(number);
        CHECK(n > 480);
        CHECK(n < 720);  // 600 each
    }
}

TEST_CASE("a spot reaches from one key to the next, or to the border of the whole", "[spots]")
{
    const range_rule by = rule_of(range_type::integer);
    const interval whole("0", "100"), open;
    const std::optional<std::string> none, five = "5", nine = "9";
    CHECK(spot_interval(by, whole, five, nine) == interval("5", "9"));
    CHECK(spot_interval(by, whole, none, nine) == interval("0", "9"));
    CHECK(spot_interval(by, whole, nine, none) == interval("9", "100"));
    CHECK(spot_interval(by, whole, none, none) == whole);
    CHECK(spot_interval(by, open, none, nine) == interval(std::nullopt, "9"));
    CHECK_FALSE(spot_interval(by, open, nine, none));
    CHECK_FALSE(spot_interval(by, interval("9", "100"), none, nine));
    CHECK_FALSE(spot_interval(rule_of(range_type::values), whole, five, nine));
}

TEST_CASE("what is shown and not stored is missing, and the reverse only told", "[spots][P12]")
{
    const spot_answer a = judge_spot({"4", "2", "9", "2"}, {"3", "2", "3"});
    CHECK(a.equal == 1);
    CHECK(a.missing == texts{"4", "9"});
    CHECK(a.extra == texts{"3"});

    second_look look;
    add_spot(look, range({interval("2", "10")}), a);
    add_spot(look, range({interval("20", "30")}), judge_spot({"20"}, {"20"}));
    add_spot(look, range({interval("40", "50")}), judge_spot({}, {"40"}));
    add_spot(look, range({interval("50", "60")}), judge_spot({"51", "52", "53", "54", "55"}, {}));
    CHECK(look.asked == 4);
    CHECK(look.compared == 9);
    CHECK(look.missing == 7);
    CHECK(look.extra == 2);
    CHECK(
        look.gaps ==
        std::vector<audit_gap>{
            audit_gap(range({interval("2", "10")}), "the server shows 4, 9, which the store lacks"),
            audit_gap(range({interval("50", "60")}),
                      "the server shows 51, 52, 53 and 2 more, which the store lacks")});
}

TEST_CASE("a server that shows what is stored passes with any seed", "[spots][property]")
{
    const shop s = full_shop();
    for (unsigned seed = 0; seed < 50; ++seed) {
        spot_choice choice;
        choice.seed = seed;
        const second_look look = s.look(choice, {"10", "250", "499", "500", "501", "990"});
        CHECK(look.missing == 0);
        CHECK(look.extra == 0);
        CHECK(look.asked == 2 + 6 + 20);
    }
}

TEST_CASE("a record that was lost at a border or an end is always found", "[spots][P17]")
{
    for (const int lost : {499, 500, 501, 10, 988, 3, 995}) {
        CAPTURE(lost);
        shop s = full_shop();
        s.shown.insert(lost);
        s.stored.erase(lost);
        spot_choice choice;
        choice.keys = 0;
        const second_look look = s.look(choice, {"500"});
        CHECK(look.missing == 1);
        REQUIRE(look.gaps.size() == 1);
        CHECK(where_in(s.by, look.gaps[0].where.over[0],
                       {json_kind::number, std::to_string(lost)}) == side::inside);
    }
}
