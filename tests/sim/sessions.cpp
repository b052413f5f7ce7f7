// Servers that bind their tokens to a cookie or a connection, against chains that keep sessions.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

using namespace catena;
using namespace catena::testing;
using kind = behaviour::session_kind;

namespace {

constexpr std::size_t records = 40;
constexpr std::size_t pages = 6;
const std::vector<std::string> recoverable = {
    "token", "token, inclusive rebuild", "ties, exclusive rebuild", "ties, inclusive rebuild",
    "link",  "rescan without order",     "fresh token in the error"};

connector kept(const std::string& name, kind k)
{
    connector c = contract(name);
    c.session.cookies = k == kind::cookie;
    c.session.one_connection = k == kind::connection;
    return c;
}

behaviour binding(kind k)
{
    behaviour b;
    b.session = k;
    return b;
}

std::size_t foreign_tokens(const world& w)
{
    return std::size_t(
        std::count_if(w.model.log().begin(), w.model.log().end(),
                      [](const served& s) { return s.why == "token of another session"; }));
}

std::string cookies_of(const http_request& r)
{
    std::string all;
    for (const header_field& h : r.headers)
        if (equal_ignoring_case(h.name, "Cookie")) all += h.value;
    return all;
}

}  // namespace

TEST_CASE("chains that share an engine keep their sessions apart", "[sim][A8][A9]")
{
    const auto how = GENERATE(kind::cookie, kind::connection);
    for (const std::string& name : recoverable) {
        CAPTURE(name, int(how));
        world w(1, kept(name, how), records, binding(how));
        const auto shared = std::make_shared<const connector>(w.contract);
        std::vector<std::unique_ptr<chain>> chains;
        std::vector<harvest> all(8);
        for (harvest& h : all) {
            chains.push_back(std::make_unique<chain>(*w.on, shared));
            boost::asio::co_spawn(w.time.get_executor(), gather(*chains.back(), h),
                                  boost::asio::detached);
        }
        w.time.run();
        for (const harvest& h : all) {
            INFO(h.why.text());
            CHECK(h.records == w.model.records());
        }
        for (const served& s : w.model.log())
            REQUIRE(s.status == 200);
        CHECK(w.model.log().size() == 8 * pages);
    }
}

TEST_CASE("a session that the server forgets before any page costs a rebuild", "[sim][A8]")
{
    const auto how = GENERATE(kind::cookie, kind::connection);
    for (const std::string& name : recoverable)
        for (std::uint64_t lost = 1; lost < pages; ++lost) {
            CAPTURE(name, int(how), lost);
            behaviour b = binding(how);
            b.faults.emplace_back(fault::kind::session_lost, lost);
            world w(lost, kept(name, how), records, b);
            require_all(w);
            CHECK(foreign_tokens(w) == 1);
        }
}

TEST_CASE("a sticky connection that breaks is missed before its cursor is sent", "[sim][A9][T7]")
{
    using wire = wire_fault::kind;
    const auto how = GENERATE(wire::refused, wire::stale, wire::reset_in_head, wire::reset_in_body,
                              wire::truncated);
    for (const std::string& name : recoverable)
        for (std::size_t broken = 0; broken < pages; ++broken) {
            CAPTURE(name, int(how), broken);
            world w(broken + 1, kept(name, kind::connection), records, binding(kind::connection));
            w.wire.fail(broken, wire_fault(how, w.time.draw(300)));
            require_all(w);
            // Only to fetch a fresh token is a dead one sent.
            CHECK(foreign_tokens(w) <= (name == "fresh token in the error" ? 1 : 0));
        }
}

TEST_CASE("tokens that are no server's outlive their connection", "[sim][A9]")
{
    for (const char* name : {"last record", "offset"})
        for (std::size_t broken = 0; broken < pages; ++broken) {
            CAPTURE(name, broken);
            world w(broken + 1, kept(name, kind::connection), records, binding(kind::connection));
            w.wire.fail(broken, wire_fault(wire_fault::kind::reset_in_body, 20));
            require_all(w);
            for (const exchanged& e : w.wire.log())
                CHECK(e.connection != 0);
        }
}

TEST_CASE("a broken connection is nothing to a session of cookies", "[sim][A8][T7]")
{
    for (const std::string& name : recoverable)
        for (std::size_t broken = 0; broken < pages; ++broken) {
            CAPTURE(name, broken);
            world w(broken + 1, kept(name, kind::cookie), records, binding(kind::cookie));
            w.wire.fail(broken, wire_fault(wire_fault::kind::reset_in_body, 20));
            require_all(w);
            CHECK(foreign_tokens(w) == 0);
        }
}

TEST_CASE("connections that serve two requests each suffice for a sticky walk", "[sim][A9]")
{
    world w(1, kept("token", kind::connection), records, binding(kind::connection));
    fake_transport_options o;
    o.close_after = 2;
    fake_transport wire(
        w.time.get_executor(), w.time,
        [&](const http_request& r, const arrival& how) { return w.model.answer(r, how); }, o);
    engine on(w.time.get_executor(), wire, w.time);
    chain way(on, w.contract);
    const harvest h = walk(w, way);
    INFO(h.why.text());
    CHECK(h.records == w.model.records());
    CHECK(foreign_tokens(w) == 0);
}

TEST_CASE("a walk in a session resumes after any page in a new one", "[sim][A8][A9][S1]")
{
    const auto how = GENERATE(kind::cookie, kind::connection);
    for (const std::string& name : recoverable) {
        const connector c = kept(name, how);
        world w(1, c, records, binding(how));
        const harvest whole = walk_all(w);
        REQUIRE(whole.records == w.model.records());
        for (const checkpoint& saved : whole.after) {
            CAPTURE(name, int(how), saved.pages);
            CHECK(to_text(saved).find("session") == std::string::npos);
            world again(2, c, records, binding(how));
            chain way(*again.on, c, saved);
            const harvest rest = walk(again, way);
            INFO(rest.why.text());
            REQUIRE(rest.done);
            const auto from = whole.records.begin() + std::ptrdiff_t(saved.records);
            REQUIRE(rest.records == std::vector<std::string>(from, whole.records.end()));
        }
    }
}

TEST_CASE("without a recovery a resumed session ends before its first request", "[sim][A8][P8]")
{
    connector c = kept("token", kind::cookie);
    c.expiry = expiry_rule();
    world w(1, c, records, binding(kind::cookie));
    const harvest whole = walk_all(w);
    REQUIRE(whole.records == w.model.records());
    world again(2, c, records, binding(kind::cookie));
    chain way(*again.on, c, whole.after[2]);
    const harvest rest = walk(again, way);
    CHECK(rest.why.code == errc::cursor_expired);
    CHECK(rest.why.records_delivered == 21);
    CHECK(rest.why.mend.find("expiry.recover") != std::string::npos);
    CHECK(again.model.log().empty());
}

TEST_CASE("a cookie renewed in mid walk is used from then on, by its own chain only", "[sim][A8]")
{
    // Each answer renews the cookie, and only the last one given is good.
    std::map<std::string, int> next_page;  // by cookie
    int given = 0, strangers = 0, broken = 0;
    connector c("renewed", "http://api.test/v1/items");
    c.records = records_rule("/items");
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(token_target::place::query, "page")};
    c.end = {end_rule::kind::missing};
    c.session.cookies = true;
    sim time(1);
    fake_transport wire(time.get_executor(), time, [&](const http_request& r, const arrival&) {
        const std::string cookie = cookies_of(r);
        const bool first = r.target.find("page=") == std::string::npos;
        const int page = first ? 0 : next_page[cookie];
        if (!first && (page == 0 || r.target != "/v1/items?page=" + std::to_string(page)))
            ++strangers;
        next_page.erase(cookie);
        const std::string renewed = "sid=" + std::to_string(++given);
        next_page[renewed] = page + 1;
        scripted_answer a(200,
                          R"({"items":[{"id":)" + std::to_string(page) + "}]" +
                              (page == 9 ? "}" : R"(,"next":)" + std::to_string(page + 1) + "}"));
        a.headers = {{"Content-Type", "application/json"},
                     {"Set-Cookie", renewed + "; Path=/v1"},
                     {"Set-Cookie", "evil=1; Domain=other.test"}};
        return a;
    });
    wire.fail_by([&](std::size_t, const http_request&) -> std::optional<wire_fault> {
        if (++broken % 7 != 0) return std::nullopt;
        return wire_fault(wire_fault::kind::status);  // the answer of another server in between
    });
    engine on(time.get_executor(), wire, time);
    const auto shared = std::make_shared<const connector>(c);
    std::vector<std::unique_ptr<chain>> chains;
    std::vector<harvest> all(5);
    for (harvest& h : all) {
        chains.push_back(std::make_unique<chain>(on, shared));
        boost::asio::co_spawn(time.get_executor(), gather(*chains.back(), h),
                              boost::asio::detached);
    }
    time.run();
    for (const harvest& h : all) {
        INFO(h.why.text());
        CHECK(h.records.size() == 10);
    }
    CHECK(strangers == 0);
    for (const exchanged& e : wire.log())
        CHECK(cookies_of(e.request).find("evil") == std::string::npos);
}

TEST_CASE("cookies go to the connector's own origin, and into no message", "[sim][A5][A8][A10]")
{
    connector c("away", "http://api.example.test/items");
    c.records = records_rule("/items");
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(token_target::place::url, "")};
    c.end = {end_rule::kind::missing};
    c.origins = {"http://cdn.example.test"};
    c.session.cookies = true;
    sim time(1);
    fake_transport wire(time.get_executor(), time, [&](const http_request& r, const arrival&) {
        const bool away = r.to.host.starts_with("cdn");
        scripted_answer a(200, R"({"items":[{"id":1}],"next":"http://cdn.example.test/items"})");
        if (away) a.body = R"({"items":[{"id":2}],"next":"http://api.example.test/last"})";
        if (r.target == "/last") {
            a.status = 400;
            a.body = R"({"message":"no session canary-one nor canary-two at all"})";
        }
        a.headers = {{"Content-Type", "application/json"}};
        const char* const sid = r.target == "/last" ? "b=canary-two" : "sid=canary-one";
        if (!away) a.headers.push_back({"Set-Cookie", std::string(sid) + "; Domain=example.test"});
        if (away) a.headers.push_back({"Set-Cookie", "sid=theirs; Domain=example.test"});
        return a;
    });
    engine on(time.get_executor(), wire, time);
    chain way(on, c);
    harvest h;
    boost::asio::co_spawn(time.get_executor(), gather(way, h), boost::asio::detached);
    time.run();

    REQUIRE(wire.log().size() == 3);
    CHECK(cookies_of(wire.log()[0].request).empty());
    CHECK(cookies_of(wire.log()[1].request).empty());
    CHECK(cookies_of(wire.log()[2].request) == "sid=canary-one");
    CHECK(h.records.size() == 2);
    CHECK(h.why.code == errc::refused);
    CHECK(h.why.what.find("no session") != std::string::npos);
    CHECK(h.why.text().find("canary") == std::string::npos);
}
