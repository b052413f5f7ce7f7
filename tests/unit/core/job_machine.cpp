#include "support/catch.hpp"
#include <catena/core/job_machine.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace catena;
using namespace std::chrono_literals;

namespace {

range_rule by_id()
{
    range_rule r;
    r.by = "/id";
    r.lower = range_edge(token_target(token_target::place::query, "from"), true);
    return r;
}

time_point at(duration d) { return time_point() + d; }

std::string number(long n) { return std::to_string(n); }

// A chain whose pages come each second, `step` keys a page.
struct walker {
    void begin(job_machine& m, std::uint64_t chain, interval over, long step, duration now = 0s)
    {
        REQUIRE(std::holds_alternative<take_ready>(m.poll()));
        m.on_begun(chain, over, std::nullopt, at(now));
        id = chain;
        each = step;
        key = std::stol(over.lower.value_or("0"));
    }
    void page(job_machine& m, duration now) { m.on_page(id, number(key += each), at(now)); }

    std::uint64_t id = 0;
    long each = 0, key = 0;
};

}  // namespace

TEST_CASE("workers take what is ready, then rest while others walk, and leave when none does")
{
    const range_rule by = by_id();
    job_machine m(&by, false);
    CHECK(std::holds_alternative<no_more>(m.poll()));
    m.on_ready(2);
    REQUIRE(std::holds_alternative<take_ready>(m.poll()));
    REQUIRE(std::holds_alternative<take_ready>(m.poll()));
    CHECK(std::holds_alternative<rest>(m.poll()));  // two are being taken
    m.on_begun(1, interval("0", "100"), std::nullopt, at(0s));
    m.on_nothing_ready();
    CHECK(m.walking() == 1);
    CHECK(std::holds_alternative<rest>(m.poll()));
    m.on_gone(1);
    CHECK(std::holds_alternative<no_more>(m.poll()));
}

TEST_CASE("half of what remains is taken of the chain that will end last")
{
    const range_rule by = by_id();
    job_machine m(&by, false);
    m.on_ready(2);
    walker fast, slow;
    fast.begin(m, 1, interval("0", "1000"), 200);
    slow.begin(m, 2, interval("1000", "2000"), 10);
    CHECK(std::holds_alternative<rest>(m.poll()));  // no page yet: nothing is known
    for (int s = 1; s <= 3; ++s) {
        fast.page(m, s * 1s);
        slow.page(m, s * 1s);
    }
    const job_action next = m.poll();
    const auto* half = std::get_if<take_half>(&next);
    REQUIRE(half != nullptr);
    CHECK(half->chain == 2);
    CHECK(half->keeps == interval("1000", "1515"));
    CHECK(half->gives == interval("1515", "2000"));
    // Until the store has answered it is not divided again; the other has two pages left.
    CHECK(std::holds_alternative<rest>(m.poll()));
    m.on_divided(2, half->keeps);
    CHECK(std::holds_alternative<take_ready>(m.poll()));
    m.on_begun(3, half->gives, std::nullopt, at(3s));

    const job_action more = m.poll();
    const auto* quarter = std::get_if<take_half>(&more);
    REQUIRE(quarter != nullptr);
    CHECK(quarter->chain == 2);
    CHECK(quarter->keeps == interval("1000", "1272"));
    m.on_undivided(2);
    const job_action again = m.poll();
    CHECK(std::get<take_half>(again).gives == quarter->gives);
}

TEST_CASE("a walk in descending order gives away what lies below it")
{
    const range_rule by = by_id();
    job_machine m(&by, true);
    m.on_ready(1);
    REQUIRE(std::holds_alternative<take_ready>(m.poll()));
    m.on_begun(1, interval("0", "1000"), std::nullopt, at(0s));
    m.on_page(1, "990", at(1s));
    m.on_page(1, "980", at(2s));
    const job_action next = m.poll();
    const auto* half = std::get_if<take_half>(&next);
    REQUIRE(half != nullptr);
    CHECK(half->keeps == interval("490", "1000"));
    CHECK(half->gives == interval("0", "490"));
}

TEST_CASE("a chain is divided neither near its end, nor with an open border, nor without a rule")
{
    const range_rule by = by_id();
    const auto after_two_pages = [&](const range_rule* rule, interval over, long step) {
        job_machine m(rule, false);
        m.on_ready(1);
        walker w;
        w.begin(m, 1, std::move(over), step);
        w.page(m, 1s);
        w.page(m, 2s);
        return m.poll();
    };
    CHECK(std::holds_alternative<rest>(after_two_pages(&by, interval("0", "100"), 25)));
    CHECK(std::holds_alternative<take_half>(after_two_pages(&by, interval("0", "100"), 20)));
    CHECK(std::holds_alternative<rest>(after_two_pages(&by, interval("0", std::nullopt), 1)));
    CHECK(std::holds_alternative<rest>(after_two_pages(nullptr, interval("0", "100"), 1)));
    // Nothing fits between the last key and the border.
    CHECK(std::holds_alternative<rest>(after_two_pages(&by, interval("0", "3"), 1)));
    // From an open near border on it is measured by its own pages.
    CHECK(
        std::holds_alternative<take_half>(after_two_pages(&by, interval(std::nullopt, "1000"), 1)));
}

TEST_CASE("what a chain still needs is estimated once its pace is known")
{
    const range_rule by = by_id();
    job_machine m(&by, false);
    m.on_ready(1);
    walker w;
    w.begin(m, 1, interval("0", "100"), 10);
    CHECK_FALSE(m.remaining());
    w.page(m, 1s);
    w.page(m, 2s);
    REQUIRE(m.remaining());
    CHECK(*m.remaining() > 7900ms);
    CHECK(*m.remaining() < 8100ms);
}

TEST_CASE("a resumed chain is measured from its last key on")
{
    const range_rule by = by_id();
    job_machine m(&by, false);
    m.on_ready(1);
    REQUIRE(std::holds_alternative<take_ready>(m.poll()));
    m.on_begun(1, interval("0", "1000"), "900", at(0s));
    m.on_page(1, "910", at(1s));
    m.on_page(1, "920", at(2s));
    const job_action next = m.poll();
    CHECK(std::get<take_half>(next).gives == interval("960", "1000"));
}
