#include "support/catch.hpp"
#include <catena/core/id_gaps.hpp>

#include <limits>
#include <random>
#include <set>

using namespace catena;

namespace {

id_gaps fed(const std::vector<std::string>& keys, std::size_t most = 1'000)
{
    id_gaps out(most);
    for (const std::string& key : keys)
        (void)out.feed(key);
    return out;
}

using holes = std::vector<interval>;

// Ids around a number that no machine word holds, or around zero.
std::string id_text(int i, bool large)
{
    if (!large) return std::to_string(i - 500);
    const std::string digits = std::to_string(1'000 + i);
    return "99999999999999999999" + digits;
}

}  // namespace

TEST_CASE("holes between ids are told from the first missing to the next there", "[id_gaps]")
{
    struct row {
        std::vector<std::string> keys;
        holes gaps;
        std::uint64_t missing;
    };
    const row rows[] = {
        {{}, {}, 0},
        {{"7"}, {}, 0},
        {{"7", "8", "9"}, {}, 0},
        {{"7", "9"}, {{"8", "9"}}, 1},
        {{"1", "5", "6", "100"}, {{"2", "5"}, {"7", "100"}}, 96},
        {{"-3", "-1", "0", "2"}, {{"-2", "-1"}, {"1", "2"}}, 2},
        {{"7", "7", "8"}, {}, 0},
        {{"9", "1e1", "11"}, {}, 0},
        {{"999999999999999998", "999999999999999999", "1000000000000000000"}, {}, 0},
        {{"9223372036854775807", "9223372036854775808", "9223372036854775810"},
         {{"9223372036854775809", "9223372036854775810"}},
         1},
        {{"1", "100000000000000000000"},
         {{"2", "100000000000000000000"}},
         std::numeric_limits<std::uint64_t>::max()},
        {{"0", "18446744073709551616", "18446744073709551619"},
         {{"1", "18446744073709551616"}, {"18446744073709551617", "18446744073709551619"}},
         std::numeric_limits<std::uint64_t>::max()},
    };
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        CAPTURE(i);
        const id_gaps g = fed(rows[i].keys);
        CHECK(g.usable());
        CHECK(g.gaps() == rows[i].gaps);
        CHECK(g.holes() == rows[i].gaps.size());
        CHECK(g.missing() == rows[i].missing);
    }
}

TEST_CASE("what is no ascending integer makes the stream worthless", "[id_gaps][P10]")
{
    for (const char* bad : {"x", "", "10.5", "7", "-9", "0x20", "+11"}) {
        CAPTURE(bad);
        id_gaps g = fed({"8", "10"});
        CHECK_FALSE(g.feed(bad));
        CHECK_FALSE(g.usable());
        CHECK_FALSE(g.feed("11"));
        CHECK(g.keys() == 2);
        CHECK_FALSE(g.dense());
    }
}

TEST_CASE("holes beyond the limit are counted and not kept", "[id_gaps]")
{
    std::vector<std::string> keys;
    for (int i = 0; i < 100; ++i)
        keys.push_back(std::to_string(i * 3));
    const id_gaps g = fed(keys, 10);
    CHECK(g.gaps().size() == 10);
    CHECK(g.gaps().front() == interval("1", "3"));
    CHECK(g.holes() == 99);
    CHECK(g.missing() == 198);
}

TEST_CASE("ids are dense where few steps skip, however far", "[id_gaps]")
{
    const auto keys_with = [](int count, int every, int by) {
        std::vector<std::string> out;
        for (int i = 0, id = 1; i < count; ++i, ++id) {
            if (i != 0 && i % every == 0) id += by;
            out.push_back(std::to_string(id));
        }
        return out;
    };
    CHECK(fed(keys_with(100, 1'000, 0)).dense());
    CHECK(fed(keys_with(100, 50, 1'000'000)).dense());
    CHECK(fed(keys_with(101, 10, 1)).dense());
    CHECK_FALSE(fed(keys_with(101, 9, 1)).dense());
    CHECK_FALSE(fed(keys_with(100, 1, 7)).dense());
    CHECK_FALSE(fed(keys_with(19, 100, 0)).dense());
    CHECK(fed(keys_with(20, 100, 0)).dense());
}

TEST_CASE("keys and holes together are every id from first to last", "[id_gaps][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 31u));
    CAPTURE(seed);
    std::mt19937 draw(seed);
    const bool large = draw() % 2 == 0;
    std::set<int> ids;
    for (std::size_t n = 1 + draw() % 300; n > 0; --n)
        ids.insert(static_cast<int>(draw() % 1'000));
    id_gaps g;
    for (const int i : ids)
        REQUIRE(g.feed(id_text(i, large)));
    CHECK(g.keys() == ids.size());

    holes expected;
    std::uint64_t missing = 0;
    for (auto i = ids.begin(), next = std::next(i); next != ids.end(); i = next++) {
        if (*next == *i + 1) continue;
        expected.emplace_back(id_text(*i + 1, large), id_text(*next, large));
        missing += static_cast<std::uint64_t>(*next - *i - 1);
    }
    CHECK(g.gaps() == expected);
    CHECK(g.missing() == missing);
}
