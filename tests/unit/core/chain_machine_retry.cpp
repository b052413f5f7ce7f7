#include "chain_world.hpp"
#include "support/catch.hpp"

#include <boost/system/errc.hpp>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

page_facts broken() { return failed(503, errc::server_failed, error_class::retry); }
page_facts limited() { return failed(429, errc::rate_limited, error_class::retry); }

duration pause(chain_machine& m, time_point now)
{
    const chain_action a = m.poll(now);
    const wait* w = std::get_if<wait>(&a);
    return w == nullptr ? duration(-1) : w->until - now;
}

connector once_only(recovery_rule::method by)
{
    connector c = plain();
    c.next.single_use = true;
    c.key.emplace_back("/id");
    c.sorted = order::ascending;
    c.expiry.recover.by = by;
    c.expiry.recover.to.emplace_back(token_target::place::query, "since");
    return c;
}

}  // namespace

TEST_CASE("each class of failure is retried, recovered or final", "[H13][H19][A3]")
{
    struct row {
        page_facts facts;
        bool retried;
        advice next;
    };
    const row rows[] = {
        {broken(), true, advice::none},
        {limited(), true, advice::none},
        {failed(200, errc::malformed_json, error_class::retry), true, advice::none},
        {failed(401, errc::unauthorized, error_class::auth), false, advice::resume},
        {failed(403, errc::forbidden, error_class::caller), false, advice::resume},
        {failed(400, errc::refused, error_class::caller), false, advice::resume},
        {failed(200, errc::error_in_page, error_class::fatal), false, advice::resume},
        {died(), false, advice::resume},
    };
    for (const row& r : rows) {
        CAPTURE(r.facts.code.message());
        chain_machine m = on_page_two(plain());
        const checkpoint before = m.after();
        CHECK_FALSE(m.on_answer(r.facts, t0).deliver);
        CHECK(m.after() == before);
        const chain_action next = m.poll(t0);
        CHECK((finished(next) == nullptr) == r.retried);
        if (r.retried) continue;
        CHECK(finished(next)->ec == r.facts.code);
        CHECK(m.why().next == r.next);
        CHECK(m.why().page == 1);
        CHECK(finished(m.poll(t0 + 24h))->ec == r.facts.code);  // the end is the end
    }
}

TEST_CASE("a failure without a code never looks like a complete walk", "[U9]")
{
    page_facts nameless;
    nameless.is = page_facts::answer::failed;
    chain_machine m = on_page_two(plain());
    (void)m.on_answer(nameless, t0);
    REQUIRE(finished(m.poll(t0)) != nullptr);
    CHECK(finished(m.poll(t0))->ec);
    CHECK_FALSE(m.after().ended);
}

TEST_CASE("backoff doubles from its first step to its longest, spread by the seed", "[R2]")
{
    bool differ = false;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        CAPTURE(seed);
        chain_machine m(shared(plain()), chain_limits(), seed);
        chain_machine twin(shared(plain()), chain_limits(), seed);
        chain_machine other(shared(plain()), chain_limits(), seed + 1000);
        time_point now = t0;
        for (int i = 0; i < 12; ++i) {
            for (chain_machine* each : {&m, &twin, &other}) {
                (void)each->poll(now);
                (void)each->on_answer(limited(), now);
            }
            const duration p = pause(m, now);
            const duration least = std::min<duration>(1s * (1 << i), 30s);
            CHECK(p >= least);
            CHECK(p < 2 * least);
            CHECK(p == pause(twin, now));
            differ = differ || p != pause(other, now);
            now += 60s;
        }
    }
    CHECK(differ);
}

TEST_CASE("attempts and throttles are counted apart, for each page anew", "[R2]")
{
    chain_machine m(shared(plain()));
    time_point now = t0;
    for (std::uint32_t i = 0; i < 5; ++i, now += 1h) {
        CHECK(std::get<fetch>(m.poll(now)).attempt == i + 1);
        (void)m.on_answer(broken(), now);
    }
    CHECK(finished(m.poll(now))->ec == errc::server_failed);
    CHECK(m.why().attempt == 5);
    CHECK(m.why().next == advice::resume);

    chain_machine patient(shared(plain()));
    for (int page = 0; page < 3; ++page) {
        for (int i = 0; i < 99; ++i, now += 1h) {
            REQUIRE(finished(patient.poll(now)) == nullptr);
            (void)patient.on_answer(limited(), now);
        }
        for (int i = 0; i < 4; ++i, now += 1h) {
            REQUIRE(finished(patient.poll(now)) == nullptr);
            (void)patient.on_failure(errc::truncated, "", now);
        }
        REQUIRE(finished(patient.poll(now)) == nullptr);
        const std::string token = "t" + std::to_string(page);
        (void)patient.on_answer(page_of().records(1, std::uint64_t(page)).token(token).facts, now);
    }
    for (int i = 0; i < 100; ++i, now += 1h) {
        REQUIRE(finished(patient.poll(now)) == nullptr);
        (void)patient.on_answer(limited(), now);
    }
    CHECK(finished(patient.poll(now))->ec == errc::rate_limited);
}

TEST_CASE("Retry-After counts, from the least pause up to the cap", "[R1][R9]")
{
    struct row {
        duration said, kept;
    };
    const row rows[] = {{0s, 100ms}, {1ms, 100ms}, {5s, 5s}, {1h, 1h}};
    for (const row& r : rows) {
        chain_machine m = on_page_two(plain());
        page_facts f = broken();
        f.retry_after = r.said;
        (void)m.on_answer(f, t0);
        CHECK(pause(m, t0) == r.kept);
        CHECK(std::holds_alternative<fetch>(m.poll(t0 + r.kept)));
    }
    chain_machine m = on_page_two(plain());
    page_facts f = limited();
    f.retry_after = 1h + 1ns;
    (void)m.on_answer(f, t0);
    CHECK(finished(m.poll(t0))->ec == errc::hold_too_long);
    CHECK(m.why().next == advice::resume_after);
    CHECK(m.why().retry_in == 1h + 1ns);
    CHECK(m.after().at.tokens.size() == 1);
}

TEST_CASE("a secondary limit is left alone for a minute", "[R5]")
{
    chain_machine m = on_page_two(plain());
    (void)m.on_answer(failed(403, errc::rate_limited, error_class::retry), t0);
    CHECK(pause(m, t0) == 60s);
}

TEST_CASE("failures of the wire are retried where another moment may help", "[T4][T7][T8]")
{
    namespace sys = boost::system::errc;
    struct row {
        error_code ec;
        bool retried;
    };
    const row rows[] = {
        {errc::truncated, true},
        {errc::timed_out_idle, true},
        {errc::connection_stale, true},
        {errc::bad_response, true},
        {errc::tls_untrusted, false},
        {errc::proxy_failed, true},
        {errc::proxy_refused, false},
        {errc::limit_exceeded, false},
        {errc::next_url_refused, false},
        {make_error_code(sys::connection_reset), true},
        {make_error_code(sys::timed_out), true},
        {make_error_code(sys::permission_denied), false},
    };
    for (const row& r : rows) {
        CAPTURE(r.ec.message());
        chain_machine m = on_page_two(plain());
        (void)m.on_failure(r.ec, "10.0.0.1: refused", t0);
        CHECK((finished(m.poll(t0)) == nullptr) == r.retried);
        if (!r.retried) CHECK(m.why().what.find("10.0.0.1: refused") != std::string::npos);
    }
}

TEST_CASE("a single-use token is never sent again after an unknown outcome", "[T7]")
{
    using method = recovery_rule::method;
    struct row {
        error_code ec;
        bool spent;
    };
    const row rows[] = {
        {errc::truncated, true},
        {errc::timed_out_first_octet, true},
        {errc::connection_stale, true},
        {errc::malformed_json, true},
        {errc::timed_out_connect, false},
        {errc::timed_out_resolve, false},
        {errc::proxy_failed, false},
        {make_error_code(boost::system::errc::connection_refused), false},
    };
    for (const row& r : rows) {
        CAPTURE(r.ec.message());
        chain_machine m = on_page_two(once_only(method::rebuild));
        (void)m.on_failure(r.ec, "", t0);
        CHECK(m.where().first_page() == r.spent);
        CHECK(pause(m, t0) >= 1s);  // a server in trouble is not asked at once

        chain_machine lost = on_page_two(once_only(method::fail));
        (void)lost.on_failure(r.ec, "", t0);
        const chain_action next = lost.poll(t0);
        CHECK((finished(next) != nullptr) == r.spent);
        if (r.spent) CHECK(finished(next)->ec == errc::cursor_expired);
    }
    chain_machine throttled = on_page_two(once_only(method::rebuild));
    (void)throttled.on_answer(limited(), t0);
    CHECK_FALSE(throttled.where().first_page());
}

TEST_CASE("a single-use token of a fetch given up is dead, with or without recovery", "[U3]")
{
    using method = recovery_rule::method;
    for (const method by : {method::rebuild, method::fail}) {
        chain_machine m = on_page_two(once_only(by));
        m.on_abandoned();  // in the budget's queue: the token never left
        CHECK(std::get<fetch>(m.poll(t0)).good_until == time_point::max());
        m.on_sent(t0);
        m.on_abandoned();
        CHECK(std::get<fetch>(m.poll(t0)).good_until == time_point::min());
        (void)m.on_outlived(t0);
        const chain_action next = m.poll(t0);
        CHECK((finished(next) == nullptr) == (by == method::rebuild));
        CHECK(m.where().first_page() == (by == method::rebuild));
    }
    chain_machine again(shared(once_only(method::rebuild)),
                        on_page_two(once_only(method::rebuild)).after());
    CHECK(std::get<fetch>(again.poll(t0)).good_until == time_point::min());
}

TEST_CASE("a fetch given up at any point is asked again and loses nothing", "[U3][U4]")
{
    for (int gone = 0; gone < 6; ++gone) {
        CAPTURE(gone);
        chain_machine m(shared(plain()));
        m.on_abandoned();  // before anything was asked: no effect
        std::uint64_t got = 0;
        for (int n = 0; finished(m.poll(t0)) == nullptr; ++n) {
            REQUIRE(n < 10);
            if (n == gone) {
                const checkpoint before = m.after();
                m.on_abandoned();
                m.on_abandoned();
                CHECK(m.after() == before);
                continue;
            }
            page_of p;
            p.records(2, got);
            if (got < 8) p.token("t" + std::to_string(got));
            got += m.on_answer(p.facts, t0).deliver ? 2 : 0;
        }
        CHECK(got == 10);
        CHECK(m.after().ended);
    }
}

TEST_CASE("messages tell what, where and how to mend, without a cursor", "[A11]")
{
    chain_machine m = on_page_two(plain());
    page_facts f = failed(400, errc::refused, error_class::caller);
    f.said = "bad cursor 'secret-cursor' (secret-c";
    (void)m.on_answer(f, t0);
    CHECK(m.why().text() ==
          "the server answered 400: bad cursor '(cursor)' ((cursor) "
          "[refused: the API refused the request]\n"
          "  where: plain, page 1, attempt 1, status 400\n"
          "  safe: 1 records in 1 pages\n"
          "  next: resume from the checkpoint once the cause is mended\n"
          "  mend: if this is how the API says that a cursor has died, name it in expiry.signs; if "
          "it "
          "is how the walk ends, name it in `end`");

    connector by_url = plain();
    chain_machine u(shared(by_url));
    (void)u.poll(t0);
    (void)u.on_answer(
        page_of().records(1, 1).token("https://host/items?limit=5&after=abcdefghij").facts, t0);
    (void)u.poll(t0);
    f.said = "abcdefghij is unknown";
    (void)u.on_answer(f, t0);
    CHECK(u.why().what == "the server answered 400: (cursor) is unknown");

    chain_machine first(shared(plain()));
    (void)first.poll(t0);
    (void)first.on_answer(failed(404, errc::not_found, error_class::caller), t0);
    CHECK(first.why().text() ==
          "the server answered 404 [not_found: there is nothing at this URL]\n"
          "  where: plain, page 0, attempt 1, status 404\n"
          "  safe: 0 records in 0 pages\n"
          "  next: going on would fail in the same way\n"
          "  mend: check request.url");
}

TEST_CASE("a cursor that is part of the word that replaces it is struck out once", "[A11]")
{
    const std::string word = "(cursor)";
    for (std::size_t from = 0; from < word.size(); ++from) {
        for (std::size_t length = 4; from + length <= word.size(); ++length) {
            const std::string cursor = word.substr(from, length);
            CAPTURE(cursor);
            chain_machine m(shared(plain()));
            (void)m.poll(t0);
            (void)m.on_answer(page_of(1).record({"1"}).token(cursor).facts, t0);
            (void)m.poll(t0);
            page_facts facts = failed(400, errc::refused, error_class::caller);
            facts.said = "no such page: " + cursor + " and " + cursor;
            (void)m.on_answer(facts, t0);
            CHECK(m.why().what.find("(cursor) and (cursor)") != std::string::npos);
        }
    }
}

TEST_CASE("an outage ends a chain whether it waits or has a request to send, and no other", "[R10]")
{
    for (const bool pausing : {false, true}) {
        chain_machine m = on_page_two(plain());
        const checkpoint before = m.after();
        if (pausing) (void)m.on_answer(broken(), t0);
        m.on_outage(errc::server_failed, 301s);
        CHECK(finished(m.poll(t0))->ec == errc::server_failed);
        CHECK(m.why().next == advice::resume);
        CHECK(m.why().what.find("301 s") != std::string::npos);
        CHECK(m.why().mend.find("longest_outage") != std::string::npos);
        CHECK(m.after() == before);
        m.on_outage(errc::timed_out_connect, 400s);  // it has ended: the first reason stays
        CHECK(finished(m.poll(t0))->ec == errc::server_failed);
    }
}
