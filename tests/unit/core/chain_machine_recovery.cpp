#include "chain_world.hpp"
#include "support/catch.hpp"

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

connector keyed(order sorted, bool composite, recovery_rule::method by)
{
    connector c = plain();
    c.key.emplace_back("/created");
    if (composite) c.key.emplace_back("/id");
    c.sorted = sorted;
    c.expiry.recover.by = by;
    if (by == recovery_rule::method::rebuild)
        c.expiry.recover.to.emplace_back(token_target::place::query, "since");
    return c;
}

// Groups of the given sizes, one after another.
std::vector<table::row> groups(const std::vector<int>& sizes)
{
    std::vector<table::row> rows;
    int id = 0;
    for (std::size_t g = 0; g < sizes.size(); ++g)
        for (int i = 0; i < sizes[g]; ++i)
            rows.push_back({static_cast<int>(g) + 10, ++id});
    return rows;
}

const std::vector<std::vector<int>> shapes = {
    {1, 1, 1, 1, 1, 1, 1, 1},
    {7},
    {3, 1, 4, 1, 5},
    {1, 6, 1},
    {6, 1, 1},
    {1, 1, 6},
    {2, 2, 2, 2},
    {},
};

// Every record once, in spite of a death at each request, once and again and again.
void each_once(const connector& c, const std::vector<table::row>& rows,
               const connector* truth = nullptr)
{
    chain_limits patient;
    patient.rebuilds = 1000;
    const auto contract = shared(c);
    for (std::size_t page = 1; page <= 9; ++page) {
        for (int death = 0; death <= 12; ++death) {
            CAPTURE(page, death, rows.size());
            table once(truth != nullptr ? *truth : c, rows, page);
            const walked w =
                walk(chain_machine(contract, patient), once, [&](int n) { return n == death; });
            REQUIRE(w.ec == error_code());
            REQUIRE(sorted(w.rows) == rows);
        }
    }
}

// Checkpoints taken at every page of a walk with deaths lead to the same rest.
void resumes(const connector& c, const std::vector<table::row>& rows)
{
    const auto contract = shared(c);
    for (std::size_t page = 1; page <= 4; ++page) {
        table server(c, rows, page);
        const walked w = walk(chain_machine(contract), server, [](int n) { return n == 3; });
        REQUIRE(w.ec == error_code());
        for (const auto& [mark, count] : w.marks) {
            for (const int death : {0, 1, 99}) {
                CAPTURE(page, count, death);
                const walked rest =
                    walk(chain_machine(contract, mark), server, [&](int n) { return n == death; });
                REQUIRE(rest.ec == error_code());
                std::vector<table::row> all(w.rows.begin(), w.rows.begin() + std::ptrdiff_t(count));
                all.insert(all.end(), rest.rows.begin(), rest.rows.end());
                REQUIRE(sorted(all) == rows);
            }
        }
    }
}

}  // namespace

TEST_CASE("a rebuilt walk brings each record once, whatever ties and moment", "[P6][P9]")
{
    using bound = recovery_rule::bound;
    for (const order sort : {order::ascending, order::descending}) {
        for (const bound includes : {bound::inclusive, bound::exclusive}) {
            for (const bool ties : {true, false}) {
                connector c = keyed(sort, true, recovery_rule::method::rebuild);
                c.ties = ties;
                c.expiry.recover.includes = includes;
                CAPTURE(sort, includes, ties);
                for (const auto& shape : shapes) {
                    each_once(c, groups(shape));
                    resumes(c, groups(shape));
                }
            }
        }
    }
}

TEST_CASE("a bound that is not what the connector says loses nothing", "[P6][P9][P17]")
{
    using bound = recovery_rule::bound;
    for (const order sort : {order::ascending, order::descending}) {
        for (const bound includes : {bound::inclusive, bound::exclusive}) {
            connector c = keyed(sort, true, recovery_rule::method::rebuild);
            c.ties = true;
            c.expiry.recover.includes = includes;
            connector truth = c;
            truth.expiry.recover.includes =
                includes == bound::inclusive ? bound::exclusive : bound::inclusive;
            CAPTURE(sort, includes);
            for (const auto& shape : shapes)
                each_once(c, groups(shape), &truth);
        }
    }
}

TEST_CASE("one to fifty ties across the border are cut at every place without loss", "[P9]")
{
    for (const auto includes : {recovery_rule::bound::inclusive, recovery_rule::bound::exclusive}) {
        connector c = keyed(order::ascending, true, recovery_rule::method::rebuild);
        c.ties = true;
        c.expiry.recover.includes = includes;
        const auto contract = shared(c);
        chain_limits patient;
        patient.rebuilds = 100;
        for (const int ties : {1, 2, 3, 10, 49, 50}) {
            const auto rows = groups({2, ties, 2});
            for (std::size_t page = 1; page <= rows.size(); page += page < 8 ? 1 : 7) {
                CAPTURE(includes, ties, page);
                for (int cut = 1; cut <= static_cast<int>(rows.size() / page); ++cut) {
                    table server(c, rows, page);
                    const walked w = walk(chain_machine(contract, patient), server,
                                          [&](int n) { return n == cut; });
                    REQUIRE(w.ec == error_code());
                    REQUIRE(sorted(w.rows) == rows);
                }
            }
        }
    }
}

TEST_CASE("a rebuild by the whole key, single or composite, brings each record once", "[P6]")
{
    for (const order sort : {order::ascending, order::descending}) {
        for (const auto includes :
             {recovery_rule::bound::inclusive, recovery_rule::bound::exclusive}) {
            connector single = keyed(sort, false, recovery_rule::method::rebuild);
            single.expiry.recover.includes = includes;
            each_once(single, groups({1, 1, 1, 1, 1, 1, 1, 1, 1}));

            connector both = keyed(sort, true, recovery_rule::method::rebuild);
            both.expiry.recover.to.emplace_back(token_target::place::query, "since_id");
            both.expiry.recover.includes = includes;
            for (const auto& shape : shapes) {
                each_once(both, groups(shape));
                resumes(both, groups(shape));
            }
        }
    }
}

TEST_CASE("a rescan skips what was delivered, with an order and without", "[P6]")
{
    for (const order sort : {order::ascending, order::descending, order::none}) {
        for (const bool ties : {false, true}) {
            if (ties && sort == order::none) continue;
            connector c = keyed(sort, true, recovery_rule::method::rescan);
            c.ties = ties;
            CAPTURE(sort, ties);
            for (const auto& shape : shapes) {
                each_once(c, groups(shape));
                resumes(c, groups(shape));
            }
        }
    }
}

TEST_CASE("pages that begin with the last record again deliver it once", "[P9][P15]")
{
    for (const order sort : {order::ascending, order::none}) {
        connector c = keyed(sort, true, recovery_rule::method::rescan);
        c.next.inclusive = true;
        for (std::size_t page = 2; page < 6; ++page) {
            table server(c, groups({1, 1, 1, 1, 1, 1, 1}), page);
            const walked w = walk(chain_machine(shared(c)), server, [](int n) { return n == 2; });
            REQUIRE(w.ec == error_code());
            REQUIRE(sorted(w.rows) == groups({1, 1, 1, 1, 1, 1, 1}));
        }
    }
}

TEST_CASE("recovery goes on for ever while there is progress, and ends without", "[P6]")
{
    connector c = keyed(order::ascending, true, recovery_rule::method::rebuild);
    c.ties = true;
    std::vector<table::row> many = groups(std::vector<int>(100, 1));

    table server(c, many, 1);
    const walked w = walk(chain_machine(shared(c)), server, [](int) { return true; });
    CHECK(w.ec == errc::no_progress);  // one record a page, and the overlap takes the whole page

    table wider(c, many, 3);
    const walked whole = walk(chain_machine(shared(c)), wider, [](int) { return true; });
    CHECK(whole.ec == error_code());
    CHECK(sorted(whole.rows) == many);
}

TEST_CASE("a token that dies on a fixed clock is replaced before it is sent", "[P7]")
{
    using clock = expiry_rule::clock;
    for (const clock kind : {clock::token, clock::chain, clock::idle}) {
        connector c = keyed(order::ascending, false, recovery_rule::method::rebuild);
        c.expiry.ttl = 10s;
        c.expiry.counts = kind;
        chain_machine m(shared(c));
        CAPTURE(kind);

        CHECK(std::get<fetch>(m.poll(t0)).good_until == time_point::max());
        (void)m.on_answer(page_of(1).record({"1"}).token("a").facts, t0 + 1s);
        const bool chain = kind == clock::chain;
        CHECK(std::get<fetch>(m.poll(t0 + 2s)).good_until == t0 + (chain ? 10s : 11s));
        (void)m.on_answer(page_of(1).record({"2"}).token("b").facts, t0 + 5s);
        CHECK(std::get<fetch>(m.poll(t0 + 5s)).good_until == t0 + (chain ? 10s : 15s));

        const page_verdict v = m.on_outlived(t0 + 16s);
        CHECK_FALSE(v.deliver);
        REQUIRE(v.notices.size() == 1);
        CHECK(v.notices[0].what == notice::kind::recovered);
        (void)m.poll(t0 + 16s);
        CHECK(m.where().first_page());
        CHECK(m.where().bound == std::vector<value>{{json_kind::number, "2"}});
    }
}

TEST_CASE("a wait longer than the token's life leads to a rebuild after the wait", "[P7]")
{
    connector c = keyed(order::ascending, false, recovery_rule::method::rebuild);
    c.expiry.ttl = 10s;
    chain_machine m(shared(c));
    (void)m.poll(t0);
    (void)m.on_answer(page_of(1).record({"1"}).token("a").facts, t0);
    (void)m.poll(t0);
    page_facts slow = failed(429, errc::rate_limited, error_class::retry);
    slow.retry_after = 30s;
    (void)m.on_answer(slow, t0);

    CHECK(m.where().first_page());
    CHECK(std::get<wait>(m.poll(t0 + 29s)).until == t0 + 30s);
    CHECK(std::get<fetch>(m.poll(t0 + 30s)).good_until == time_point::max());
}

TEST_CASE("a fresh token of the error goes on in its place", "[P6]")
{
    connector c = plain();
    c.key.emplace_back("/id");
    c.sorted = order::ascending;
    c.expiry.recover.by = recovery_rule::method::token_from;
    chain_machine m(shared(c));
    (void)m.poll(t0);
    (void)m.on_answer(page_of(1).record({"1"}).token("a").facts, t0);
    (void)m.poll(t0);
    page_facts gone = died();
    gone.fresh_token = value{json_kind::string, "fresh"};
    (void)m.on_answer(gone, t0);
    (void)m.poll(t0);
    CHECK(m.where().tokens == std::vector<value>{{json_kind::string, "fresh"}});

    const page_verdict v = m.on_answer(page_of(1).record({"1"}).record({"2"}).facts, t0);
    CHECK(v.deliver);
    CHECK(v.last);
    CHECK(v.dropped == std::vector<std::uint64_t>{0});
}

TEST_CASE("where nothing can replace a dead token the chain says so and stays resumable", "[P8]")
{
    struct row {
        const char* what;
        recovery_rule::method by;
        const char* fresh;
    };
    const row rows[] = {
        {"none declared", recovery_rule::method::fail, nullptr},
        {"no token in the error", recovery_rule::method::token_from, nullptr},
        {"an empty token in the error", recovery_rule::method::token_from, ""},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        connector c = plain();
        c.expiry.recover.by = r.by;
        chain_machine m(shared(c));
        (void)m.poll(t0);
        (void)m.on_answer(page_of().records(2, 1).token("secret-cursor").facts, t0);
        const checkpoint before = m.after();
        (void)m.poll(t0);
        page_facts gone = died();
        gone.said = "no such cursor: secret-cur";
        if (r.fresh != nullptr) gone.fresh_token = value{json_kind::string, r.fresh};
        (void)m.on_answer(gone, t0);

        const chain_action end = m.poll(t0);
        REQUIRE(finished(end) != nullptr);
        CHECK(finished(end)->ec == errc::cursor_expired);
        CHECK(m.after() == before);
        CHECK(m.why().next == advice::resume);
        CHECK(m.why().text().find("secret-cur") == std::string::npos);
    }
}

TEST_CASE("a session that lost its connection is rebuilt, not repeated", "[A9]")
{
    chain_machine m(shared(keyed(order::ascending, false, recovery_rule::method::rebuild)));
    (void)m.poll(t0);
    (void)m.on_answer(page_of(1).record({"1"}).record({"2"}).token("b").facts, t0);
    (void)m.poll(t0);
    const page_verdict v = m.on_failure(errc::session_lost, "", t0);
    CHECK(m.where().first_page());
    REQUIRE(v.notices.size() == 1);
    CHECK(v.notices[0].what == notice::kind::recovered);
}

TEST_CASE("more identities than may be remembered make a rescan impossible, not wrong", "[P8]")
{
    connector c = keyed(order::none, true, recovery_rule::method::rescan);
    chain_limits l;
    l.known_records = 4;
    table server(c, groups({1, 1, 1, 1, 1, 1, 1, 1}), 3);
    const walked w = walk(chain_machine(shared(c), l), server, [](int n) { return n == 2; });
    CHECK(w.ec == errc::cursor_expired);
    CHECK(w.rows.size() == 6);
}

TEST_CASE("a result window is walked by key, and a key larger than it is named", "[P16][P18]")
{
    connector c = keyed(order::ascending, true, recovery_rule::method::rebuild);
    c.ties = true;
    c.window.records = 6;
    table server(c, groups({1, 2, 1, 3, 1, 1, 1, 2, 1}), 2);
    const walked w = walk(chain_machine(shared(c)), server, [](int) { return false; });
    CHECK(w.ec == error_code());
    CHECK(sorted(w.rows) == groups({1, 2, 1, 3, 1, 1, 1, 2, 1}));

    c.window.records = 4;
    chain_machine m(shared(c));
    int requests = 0;
    for (; finished(m.poll(t0)) == nullptr; ++requests) {  // the same four rows for every query
        REQUIRE(requests < 50);
        const bool second = !m.where().first_page();
        page_of p(2);
        p.record({"7", second ? "3" : "1"}).record({"7", second ? "4" : "2"});
        (void)m.on_answer(p.token(std::to_string(requests) + "t").facts, t0);
    }
    CHECK(finished(m.poll(t0))->ec == errc::no_progress);
    CHECK(m.why().what.find("share the key 7,4") != std::string::npos);
}

TEST_CASE("a new query that lost its order is refused, since it would hide records", "[P10]")
{
    connector c = keyed(order::ascending, false, recovery_rule::method::rescan);
    chain_machine m(shared(c));
    (void)m.poll(t0);
    (void)m.on_answer(page_of(1).record({"5"}).record({"6"}).token("a").facts, t0);
    (void)m.poll(t0);
    (void)m.on_answer(died(), t0);
    (void)m.poll(t0);
    const page_verdict v =
        m.on_answer(page_of(1).record({"6"}).record({"5"}).record({"9"}).facts, t0);
    CHECK_FALSE(v.deliver);
    CHECK(finished(m.poll(t0))->ec == errc::order_broken);
}
