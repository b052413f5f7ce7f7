#include "support/catch.hpp"
#include "unit/core/range_support.hpp"
#include <catena/core/coverage.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <iostream>
#include <random>

using namespace catena;
using catena::testing::rule_of;

namespace {

using text = std::optional<std::string>;
constexpr std::nullopt_t open_side = std::nullopt;

range one(text lower, text upper) { return range({interval(std::move(lower), std::move(upper))}); }

range_rule values_rule()
{
    range_rule by = rule_of(range_type::values);
    by.values = {"red", "green", "blue", "grey"};
    return by;
}

range value_of_list(const char* v) { return one(v, open_side); }

using list = std::vector<range>;

struct row {
    range whole;
    list parts, gaps, overlaps;
};

void require_rows(const range_rule& by, const std::vector<row>& rows)
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(i);
        const coverage c = coverage_of({by}, rows[i].whole, rows[i].parts);
        CHECK(c.gaps == rows[i].gaps);
        CHECK(c.overlaps == rows[i].overlaps);
        CHECK(c.unreadable.empty());
        CHECK(c.covered() == (rows[i].gaps.empty() && rows[i].overlaps.empty()));
    }
}

// A small grid: each rule has a few values of its own, and each part some of them.
struct grid {
    std::vector<range_rule> rules;
    std::vector<int> sides;

    [[nodiscard]] std::size_t cells() const
    {
        std::size_t n = 1;
        for (const int s : sides)
            n *= static_cast<std::size_t>(s);
        return n;
    }

    [[nodiscard]] bool holds(const range& r, std::size_t cell) const
    {
        for (std::size_t i = 0; i < rules.size(); ++i) {
            const auto side_length = static_cast<std::size_t>(sides[i]);
            const std::size_t at = cell % side_length;
            cell /= side_length;
            if (r.over.empty()) continue;
            const interval& part = r.over[i];
            if (rules[i].type == range_type::values) {
                if (part.lower && *part.lower != rules[i].values[at]) return false;
                continue;
            }
            // What is open goes on beyond the grid, whose keys are 0 and on.
            const auto key = static_cast<int>(at);
            if (part.lower && key < std::stoi(*part.lower)) return false;
            if (part.upper && key >= std::stoi(*part.upper)) return false;
        }
        return true;
    }

    [[nodiscard]] range draw_range(std::mt19937& draw) const
    {
        if (draw() % 12 == 0) return {};
        range out;
        for (std::size_t i = 0; i < rules.size(); ++i) {
            const auto side_length = static_cast<unsigned>(sides[i]);
            interval& part = out.over.emplace_back();
            if (rules[i].type == range_type::values) {
                if (draw() % 4 != 0) part.lower = rules[i].values[draw() % side_length];
                continue;
            }
            if (draw() % 4 != 0) part.lower = std::to_string(draw() % side_length);
            if (draw() % 4 != 0) part.upper = std::to_string(draw() % (side_length + 1));
        }
        return out;
    }
};

grid draw_grid(std::mt19937& draw)
{
    grid g;
    const std::size_t dimensions = draw() % 4;
    for (std::size_t i = 0; i < dimensions; ++i) {
        if (draw() % 3 == 0) {
            g.rules.push_back(values_rule());
            g.sides.push_back(4);
        } else {
            g.rules.push_back(rule_of(draw() % 2 == 0 ? range_type::integer : range_type::decimal));
            g.sides.push_back(static_cast<int>(1 + draw() % 6));
        }
    }
    return g;
}

std::size_t holders(const grid& g, const list& ranges, std::size_t cell)
{
    return static_cast<std::size_t>(std::count_if(
        ranges.begin(), ranges.end(), [&](const range& r) { return g.holds(r, cell); }));
}

}  // namespace

TEST_CASE("gaps and overlaps of integers are told exactly", "[coverage][P17][P28]")
{
    const range whole = one("0", "100");
    require_rows(
        rule_of(range_type::integer),
        {
            {whole, {one("0", "50"), one("50", "100")}, {}, {}},
            {whole, {one("50", "100"), one("0", "50")}, {}, {}},
            {whole, {}, {whole}, {}},
            {whole, {one("0", "49"), one("50", "100")}, {one("49", "50")}, {}},
            {whole, {one("0", "51"), one("50", "100")}, {}, {one("50", "51")}},
            {whole, {one("0", "50"), one("60", "90")}, {one("50", "60"), one("90", "100")}, {}},
            {whole, {one("0", "50"), one("0", "50"), one("50", "100")}, {}, {one("0", "50")}},
            {whole, {one("0", "100"), one("20", "40"), one("30", "50")}, {}, {one("20", "50")}},
            {whole, {one("-9", "50"), one("50", open_side)}, {}, {}},
            {whole, {one("-9", "-3"), one("0", "1e2"), one("100", "200")}, {}, {}},
            {whole, {one("0", "100"), one("40", "40"), one("60", "50")}, {}, {}},
            {whole, {one(open_side, open_side)}, {}, {}},
            {whole, {range()}, {}, {}},
            {one(open_side, open_side),
             {one("5", "7")},
             {one(open_side, "5"), one("7", open_side)},
             {}},
            {range(), {one(open_side, "5"), one("5", open_side)}, {}, {}},
            {range(), {one(open_side, "5")}, {one("5", open_side)}, {}},
            {one("5", "5"), {}, {}, {}},
            {one("0", "36893488147419103232"),
             {one("0", "18446744073709551615"),
              one("18446744073709551616", "36893488147419103232")},
             {one("18446744073709551615", "18446744073709551616")},
             {}},
        });
}

TEST_CASE("a border of another spelling is the same border", "[coverage]")
{
    require_rows(rule_of(range_type::decimal),
                 {{one("0", "1"), {one("0.0", "5e-1"), one("0.50", "1.0")}, {}, {}},
                  {one("0", "1"), {one("0", "0.5"), one("0.51", "1")}, {one("0.5", "0.51")}, {}}});
    require_rows(rule_of(range_type::time),
                 {{one("2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"),
                   {one("2026-01-01T01:00:00+01:00", "2026-01-02T00:00:00.000Z"),
                    one("2026-01-01T23:00:00-01:00", "2026-01-03T00:00:00Z")},
                   {},
                   {}},
                  {one("2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"),
                   {one("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
                    one("2026-01-02T00:00:00.000000001Z", "2026-01-03T00:00:00Z")},
                   {one("2026-01-02T00:00:00Z", "2026-01-02T00:00:00.000000001Z")},
                   {}}});
    require_rows(rule_of(range_type::text),
                 {{range(), {one("", "m"), one("m", open_side)}, {}, {}},
                  {one("", "b"), {one(open_side, "b")}, {}, {}},
                  {range(), {one("", ""), one("a", open_side)}, {one(open_side, "a")}, {}},
                  {one("a", "b"), {one("a", "aa"), one("ab", "b")}, {one("aa", "ab")}, {}}});
}

TEST_CASE("values are covered one by one, or all at once", "[coverage]")
{
    require_rows(values_rule(),
                 {{range(),
                   {value_of_list("grey"), value_of_list("red"), value_of_list("blue"),
                    value_of_list("green")},
                   {},
                   {}},
                  {range(),
                   {value_of_list("red")},
                   {value_of_list("green"), value_of_list("blue"), value_of_list("grey")},
                   {}},
                  {range(), {}, {one(open_side, open_side)}, {}},
                  {value_of_list("red"), {value_of_list("red")}, {}, {}},
                  {value_of_list("red"), {value_of_list("blue")}, {value_of_list("red")}, {}},
                  {range(), {range(), value_of_list("blue")}, {}, {value_of_list("blue")}}});
}

TEST_CASE("a range that cannot be read covers nothing and is named", "[coverage]")
{
    const std::vector<range_rule> rules = {rule_of(range_type::integer)};
    const list parts = {one("0", "5"), one("5", "x"), range({interval(), interval()})};
    const coverage c = coverage_of(rules, one("0", "10"), parts);
    CHECK_FALSE(c.covered());
    CHECK(c.gaps == list{one("5", "10")});
    CHECK(c.unreadable == list{parts[1], parts[2]});

    CHECK_FALSE(coverage_of(rules, one("0", "5"), parts).covered());
    const coverage none = coverage_of(rules, one("a", "b"), parts);
    CHECK(none.gaps == list{one("a", "b")});
    CHECK_FALSE(none.covered());
    CHECK(coverage_of({values_rule()}, range(), list{value_of_list("pink"), range()}).unreadable ==
          list{value_of_list("pink")});
}

TEST_CASE("without rules one part is everything", "[coverage]")
{
    CHECK(coverage_of({}, range(), list{range()}).covered());
    CHECK(coverage_of({}, range(), {}).gaps == list{range()});
    CHECK(coverage_of({}, range(), list{range(), range()}).overlaps == list{range()});
}

TEST_CASE("a gap across rules is one range where it can be", "[coverage]")
{
    const std::vector<range_rule> rules = {rule_of(range_type::integer), values_rule()};
    list parts;
    for (const char* v : {"red", "green", "blue", "grey"})
        for (int from = 0; from < 30; from += 10)
            parts.push_back(range({interval(std::to_string(from), std::to_string(from + 10)),
                                   interval(v, open_side)}));
    const range whole({interval("0", "30"), interval()});
    CHECK(coverage_of(rules, whole, parts).covered());

    // Without 10 to 20 of every value, and without all of "red".
    list fewer;
    for (const range& r : parts)
        if (r.over[0].lower != "10" && r.over[1].lower != "red") fewer.push_back(r);
    CHECK(coverage_of(rules, whole, fewer).gaps ==
          list{range({interval("0", "30"), interval("red", open_side)}),
               range({interval("10", "20"), interval("green", open_side)}),
               range({interval("10", "20"), interval("blue", open_side)}),
               range({interval("10", "20"), interval("grey", open_side)})});
}

TEST_CASE("gaps and overlaps ascend in the order of the rules", "[coverage]")
{
    const std::vector<range_rule> rules = {rule_of(range_type::integer), values_rule()};
    const auto part = [](int from, int to, const char* v) {
        return range({interval(std::to_string(from), std::to_string(to)), interval(v, open_side)});
    };
    list parts;
    for (const char* v : {"red", "green", "blue", "grey"})
        for (int i = 0; i < 9; ++i)
            parts.push_back(part(i, i + 1, v));
    const range whole({interval("0", "9"), interval()});
    std::erase(parts, part(7, 8, "red"));
    std::erase(parts, part(2, 3, "grey"));
    parts.push_back(part(5, 6, "red"));
    parts.push_back(part(4, 5, "blue"));
    const coverage c = coverage_of(rules, whole, parts);
    CHECK(c.gaps == list{part(2, 3, "grey"), part(7, 8, "red")});
    CHECK(c.overlaps == list{part(4, 5, "blue"), part(5, 6, "red")});
}

TEST_CASE("on small grids every cell is found where it belongs", "[coverage][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 21u));
    CAPTURE(seed);
    std::mt19937 draw(seed);
    for (int i = 0; i < 200; ++i) {
        const grid g = draw_grid(draw);
        const range whole = draw() % 2 == 0 ? range() : g.draw_range(draw);
        list parts;
        for (std::size_t n = draw() % 9; n > 0; --n)
            parts.push_back(g.draw_range(draw));
        const coverage c = coverage_of(g.rules, whole, parts);
        REQUIRE(c.unreadable.empty());
        for (std::size_t cell = 0; cell < g.cells(); ++cell) {
            CAPTURE(i, cell, g.rules.size());
            const bool wanted = g.holds(whole, cell);
            const std::size_t have = holders(g, parts, cell);
            REQUIRE(holders(g, c.gaps, cell) == (wanted && have == 0 ? 1 : 0));
            REQUIRE(holders(g, c.overlaps, cell) == (wanted && have > 1 ? 1 : 0));
        }
    }
}

TEST_CASE("a division is covered, and one piece more or less is found", "[coverage][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 21u));
    CAPTURE(seed);
    std::mt19937 draw(seed);
    for (int i = 0; i < 40; ++i) {
        const range_rule by = rule_of(static_cast<range_type>(draw() % 4));
        catena::testing::key_source keys(by, draw);
        interval whole(keys.next(), keys.next());
        const auto order = compare_in(by, *whole.lower, *whole.upper);
        if (order == 0) continue;
        if (order > 0) std::swap(whole.lower, whole.upper);
        if (whole.lower->empty()) continue;  // told as the open side, which it is
        list parts;
        for (const interval& part : divide(by, whole, 1 + draw() % 30))
            parts.push_back(range({part}));
        std::shuffle(parts.begin(), parts.end(), draw);
        const range all({whole});
        CAPTURE(*whole.lower, *whole.upper, parts.size());
        REQUIRE(coverage_of({by}, all, parts).covered());
        parts.push_back(parts.front());
        REQUIRE(coverage_of({by}, all, parts).overlaps == list{parts.front()});
        const range lost = parts.front();
        parts.erase(parts.begin());
        parts.pop_back();
        REQUIRE(coverage_of({by}, all, parts).gaps == list{lost});
    }
}

TEST_CASE("a million ranges are proved in about a second", "[coverage][large]")
{
    constexpr int count = 1'000'000;
    list parts;
    parts.reserve(count);
    for (int i = 0; i < count; ++i)
        parts.push_back(one(std::to_string(i * 10), std::to_string(i * 10 + 10)));
    std::mt19937 draw(1);
    std::shuffle(parts.begin(), parts.end(), draw);
    const auto begun = std::chrono::steady_clock::now();
    const coverage c = coverage_of({rule_of(range_type::integer)}, one("0", "10000000"), parts);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    CHECK(c.covered());
    std::cout << "coverage of 1,000,000 ranges: " << took.count() << " s\n";
    CHECK(took.count() < 20);  // under sanitizers, on a machine that is shared
}
