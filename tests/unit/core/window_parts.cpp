#include "core/window_parts.hpp"

#include "support/catch.hpp"
#include "unit/core/range_support.hpp"

#include <algorithm>
#include <random>

using namespace catena;
using namespace catena::testing;
using core::cut_part;
using core::fits_window;
using core::parts_for_window;

namespace {

bool holds(const range_rule& by, const interval& part, const std::string& key)
{
    return where_in(by, part, field_of(by, key)) == side::inside;
}

}  // namespace

TEST_CASE("a query fits a window whose pages all lie before its end", "[P16]")
{
    struct row {
        std::uint64_t total, page, window;
        bool fits;
    };
    const row rows[] = {
        {0, 100, 1000, true},    {999, 100, 1000, true}, {1000, 100, 1000, false},
        {901, 300, 1000, false}, {900, 300, 1000, true}, {5, 0, 6, true},
        {5, 100, 10, true},      {9, 100, 10, true},     {~0ull, 100, 1000, false},
    };
    for (const row& r : rows) {
        CAPTURE(r.total, r.page, r.window);
        CHECK(fits_window(r.total, r.page, r.window) == r.fits);
        const std::size_t parts = parts_for_window(r.total, r.window);
        CHECK((parts >= 2 && parts <= 1024));
    }
    CHECK(parts_for_window(100'000, 10'000) == 14);
}

TEST_CASE("a part is cut into consecutive ones, until one key is alone", "[P16][P18][property]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 9u));
    std::mt19937 draw(seed);
    for (const range_type type :
         {range_type::integer, range_type::decimal, range_type::text, range_type::time}) {
        const range_rule by = rule_of(type);
        CAPTURE(seed, static_cast<int>(type));
        key_source source(by, draw);
        for (int round = 0; round < 40; ++round) {
            std::vector<std::string> keys;
            while (keys.size() < 30) {
                const std::string key = source.next();
                // What lies between a text and the same with a blank counts as one key.
                if (!is_border(by, key) || key.find('\n') != std::string::npos) continue;
                if (type == range_type::decimal &&
                    (key.size() > 8 || key.find_first_of("eE") != std::string::npos))
                    continue;
                // Some keys are shared by many records.
                keys.insert(keys.end(), draw() % 5 == 0 ? 12 : 1, key);
            }
            interval whole;
            const auto [least, most] = std::minmax_element(
                keys.begin(), keys.end(),
                [&](const std::string& a, const std::string& b) { return precedes(by, a, b); });
            if (draw() % 2 == 0) whole.lower = *least;
            if (draw() % 2 == 0 && precedes(by, *least, *most)) whole.upper = *most;

            // A server whose window is 10: parts that hold more are cut by their first page.
            std::vector<interval> todo{whole};
            std::size_t cuts = 0, found = 0;
            while (!todo.empty()) {
                const interval part = todo.back();
                todo.pop_back();
                std::vector<std::string> here;
                for (const std::string& key : keys)
                    if (holds(by, part, key)) here.push_back(key);
                const std::vector<std::string> page(
                    here.begin(), here.begin() + std::min<std::ptrdiff_t>(std::ssize(here), 8));
                std::vector<interval> parts{part};
                if (here.size() >= 10)
                    parts = cut_part(by, part, page, parts_for_window(here.size(), 10));
                REQUIRE(++cuts < 3000);
                CHECK(parts.front().lower == part.lower);
                CHECK(parts.back().upper == part.upper);
                for (std::size_t i = 1; i < parts.size(); ++i)
                    CHECK(parts[i].lower == parts[i - 1].upper);
                if (parts.size() > 1) {
                    todo.insert(todo.end(), parts.begin(), parts.end());
                    continue;
                }
                found += here.size();
                // What is too large and stays whole is one key, or one step.
                for (const std::string& key : here)
                    if (here.size() >= 10 && type != range_type::time)
                        CHECK(compare_in(by, key, here.front()) == std::strong_ordering::equal);
            }
            CHECK(found == static_cast<std::size_t>(std::count_if(
                               keys.begin(), keys.end(),
                               [&](const std::string& key) { return holds(by, whole, key); })));
        }
    }
}
