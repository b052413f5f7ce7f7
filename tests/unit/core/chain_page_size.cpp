#include "chain_world.hpp"
#include "support/catch.hpp"

#include <cstddef>
#include <random>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

connector sized(std::uint32_t value)
{
    connector c = plain();
    c.page_size.to = token_target(token_target::place::query, "limit");
    c.page_size.value = value;
    c.page_size.shrink_on = {413, 502, 504};
    return c;
}

page_facts timed_out() { return failed(504, errc::server_failed, error_class::retry); }

page_facts good(std::uint64_t number)
{
    return page_of().records(2, number).token("t" + std::to_string(number)).facts;
}

// Answer the next fetch, whenever it comes.
page_verdict next(chain_machine& m, const page_facts& f, time_point& now)
{
    chain_action todo = m.poll(now);
    if (const wait* w = std::get_if<wait>(&todo)) todo = m.poll(now = w->until);
    REQUIRE(std::holds_alternative<fetch>(todo));
    return m.on_answer(f, now);
}

/* Numbers from 0 on, behind a server that fails where too much is asked for at once, and sends no
   more than `cap` at once in any case. */
struct numbers {
    std::uint64_t all, cap;

    page_of answer(const connector& c, const position& p) const
    {
        page_of out(c.key.size());
        const std::uint64_t asked = p.size != 0 ? p.size : c.page_size.value;
        std::uint64_t begin = p.tokens.empty() ? 0 : std::stoull(p.tokens[0].text);
        if (p.tokens.empty() && !p.bound.empty()) begin = std::stoull(p.bound[0].text) + 1;
        const std::uint64_t end = std::min(all, begin + std::min(asked, cap));
        for (std::uint64_t i = begin; i < end; ++i)
            out.record({std::to_string(i)});
        out.facts.total = all;
        if (c.next.inclusive && end > begin)
            out.token(std::to_string(end - 1), json_kind::number);
        else if (!c.next.inclusive && (end < all || c.end[0].what != end_rule::kind::missing))
            out.token(std::to_string(end), json_kind::number);
        return out;
    }
};

struct walk_end {
    std::vector<std::uint64_t> got;
    error_code ec;
    std::string what;
};

walk_end walk_numbers(const connector& c, const numbers& server, std::mt19937_64& chance)
{
    chain_limits l;
    l.attempts = 1000;
    l.retry_time = 0s;
    chain_machine m(shared(c), l, chance());
    walk_end out;
    std::uint64_t heaviest = 1 + chance() % 30;
    for (time_point now = t0; out.got.size() <= server.all; now += 1s) {
        const chain_action todo = m.poll(now);
        if (const finish* f = finished(todo)) {
            out.ec = f->ec;
            out.what = m.why().what;
            return out;
        }
        if (const wait* w = std::get_if<wait>(&todo)) {
            now = w->until;
            continue;
        }
        if (chance() % 20 == 0) heaviest = 2 + chance() % 30;
        const position& at = m.where();
        if ((at.size != 0 ? at.size : c.page_size.value) > heaviest) {
            (void)m.on_answer(timed_out(), now);
            continue;
        }
        if (chance() % 15 == 0) {
            m = chain_machine(shared(c), m.after(), l, chance());  // a crash and a resume
            continue;
        }
        const page_of page = server.answer(c, m.where());
        const page_verdict v = m.on_answer(page.facts, now);
        for (std::uint64_t i = 0; v.deliver && i < page.facts.records; ++i)
            if (!std::binary_search(v.dropped.begin(), v.dropped.end(), i))
                out.got.push_back(std::stoull(std::string(page.facts.keys[i].text)));
    }
    return out;
}

}  // namespace

TEST_CASE("the page size halves on what the connector names, and on nothing else",
          "[H18][page_size]")
{
    connector c = sized(100);
    c.page_size.shrink_on_timeout = c.page_size.shrink_on_size = true;
    connector only_statuses = sized(100);
    struct row {
        int status;
        errc code;
        error_class as;
        bool by_all, by_statuses;
    };
    const row rows[] = {
        {413, errc::refused, error_class::caller, true, true},
        {502, errc::server_failed, error_class::retry, true, true},
        {504, errc::server_failed, error_class::retry, true, true},
        {504, errc::cursor_expired, error_class::expired, false, false},
        {504, errc::refused, error_class::fatal, false, false},
        {503, errc::server_failed, error_class::retry, false, false},
        {414, errc::refused, error_class::caller, false, false},
        {200, errc::limit_exceeded, error_class::fatal, true, false},
        {0, errc::limit_exceeded, error_class::fatal, false, false},
        {0, errc::timed_out_first_octet, error_class::retry, true, false},
        {0, errc::timed_out_idle, error_class::retry, true, false},
        {0, errc::timed_out_request, error_class::retry, true, false},
        {0, errc::timed_out_connect, error_class::retry, false, false},
        {0, errc::truncated, error_class::retry, false, false},
    };
    for (const row& r : rows) {
        CAPTURE(r.status, make_error_code(r.code).message());
        for (const bool all : {true, false}) {
            chain_machine m(shared(all ? c : only_statuses));
            time_point now = t0;
            (void)next(m, good(1), now);
            const page_verdict v = next(m, failed(r.status, r.code, r.as), now);
            const bool shrunk = all ? r.by_all : r.by_statuses;
            CHECK(told(v, notice::kind::page_size_changed) == shrunk);
            CHECK(m.where().size == (shrunk ? 50u : 0u));
            if (!shrunk) continue;
            CHECK(m.where().tokens[0].text == "t1");  // the same page
            CHECK(std::get<fetch>(m.poll(m.pause())).repeat);
        }
    }
}

TEST_CASE("a size shrinks to one record, or two that overlap, before attempts count", "[page_size]")
{
    for (const bool inclusive : {false, true}) {
        CAPTURE(inclusive);
        connector c = sized(9);
        c.next.inclusive = inclusive;
        if (inclusive) c.key.emplace_back("/id");
        chain_limits l;
        l.attempts = 3;
        chain_machine m(shared(c), l);
        time_point now = t0;
        std::vector<std::uint32_t> sizes;
        for (int i = 0; finished(m.poll(now)) == nullptr; ++i) {
            m.on_abandoned();
            REQUIRE(i < 20);
            (void)next(m, timed_out(), now);
            sizes.push_back(m.where().size);
        }
        CHECK(sizes == (inclusive ? std::vector<std::uint32_t>{4, 2, 2, 2, 2}
                                  : std::vector<std::uint32_t>{4, 2, 1, 1, 1, 1}));
        CHECK(finished(m.poll(now))->ec == errc::server_failed);
    }
}

TEST_CASE("a refusal for the size is asked again at once, trouble after a pause", "[page_size]")
{
    chain_machine m(shared(sized(64)));
    (void)m.poll(t0);
    (void)m.on_answer(failed(413, errc::refused, error_class::caller), t0);
    CHECK(m.pause() == t0 + 100ms);
    (void)m.poll(m.pause());
    (void)m.on_answer(timed_out(), t0 + 1s);
    CHECK(m.pause() >= t0 + 2s);
    page_facts held = timed_out();
    held.retry_after = 2h;
    (void)m.poll(m.pause());
    (void)m.on_answer(held, t0 + 10s);
    CHECK(finished(m.poll(t0))->ec == errc::hold_too_long);
}

TEST_CASE("good pages make the size grow again, ever later where that fails", "[page_size]")
{
    chain_machine m(shared(sized(100)));
    time_point now = t0;
    std::uint64_t number = 0;
    const auto pages_until_growth = [&] {
        const std::uint32_t before = m.where().size;
        std::uint32_t n = 0;
        for (; m.where().size == before && n < 5000; ++n)
            (void)next(m, good(++number), now);
        return n;
    };
    (void)next(m, timed_out(), now);
    CHECK(pages_until_growth() == 10);
    CHECK(m.where().size == 0);
    (void)next(m, timed_out(), now);
    (void)next(m, timed_out(), now);
    CHECK(m.where().size == 25);
    CHECK(pages_until_growth() == 20);
    CHECK(m.where().size == 50);
    for (const std::uint32_t later : {40u, 80u, 160u, 320u, 640u, 1280u, 1280u}) {
        (void)next(m, timed_out(), now);
        CHECK(m.where().size == 25);
        CHECK(pages_until_growth() == later);
    }
}

TEST_CASE("a checkpoint carries the size, and what goes on from it grows too", "[page_size][S1]")
{
    chain_machine first(shared(sized(100)));
    time_point now = t0;
    (void)next(first, timed_out(), now);
    (void)next(first, good(0), now);
    REQUIRE(first.after().at.size == 50);
    chain_machine m(shared(sized(100)), first.after());
    for (std::uint64_t i = 1; i <= 10; ++i) {
        CHECK(m.where().size == 50);
        (void)next(m, good(i), now);
    }
    CHECK(m.where().size == 0);
}

TEST_CASE("walks give every record once whatever sizes a server answers", "[page_size]")
{
    using kind = end_rule::kind;
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937_64 chance(seed);
    for (int round = 0; round < 600; ++round) {
        connector c = sized(static_cast<std::uint32_t>(2 + chance() % 40));
        c.key.emplace_back("/id");
        c.sorted = order::ascending;
        const auto way = chance() % 5;
        if (way == 1) c.end = {kind::short_page};
        if (way == 2) c.end = {kind::empty_page};
        if (way == 3) c.end = {kind::total};
        if (way == 3) c.total.emplace().at = "/total";
        if (way == 4) c.next.inclusive = true;
        if (way == 4) c.end = {kind::same_token};
        if (way != 0 && way != 4 && chance() % 2 == 0)
            c.next.from = {token_source::counter(0, token_source::stride::records)};
        REQUIRE(validate(c).empty());

        // Of no numbers an inclusive walk has no last one to show its end by.
        const numbers server{(way == 4 ? 1 : 0) + chance() % 200, 2 + chance() % 40};
        CAPTURE(round, way, server.all, server.cap, c.page_size.value);
        const walk_end w = walk_numbers(c, server, chance);
        INFO(w.what);
        REQUIRE_FALSE(w.ec);
        REQUIRE(w.got.size() == server.all);
        for (std::uint64_t i = 0; i < server.all; ++i)
            REQUIRE(w.got[i] == i);
    }
}

TEST_CASE("where a token may be a page's number its size stays as it is", "[P13]")
{
    connector c = sized(100);
    for (const auto& [token, shrinks] : {std::pair("2", false), std::pair("01", false),
                                         std::pair("3", true), std::pair("a2", true)}) {
        CAPTURE(token);
        chain_machine m(shared(c));
        (void)m.poll(t0);
        (void)m.on_answer(page_of().records(2, 1).token(token).facts, t0);
        (void)m.poll(t0);
        const page_verdict v = m.on_answer(failed(413, errc::refused, error_class::caller), t0);
        CHECK(told(v, notice::kind::page_size_changed) == shrinks);
    }
}
