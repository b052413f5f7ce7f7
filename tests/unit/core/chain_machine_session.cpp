#include "chain_world.hpp"
#include "support/catch.hpp"

#include <string>

using namespace catena;
using namespace catena::testing;
using method = recovery_rule::method;

namespace {

connector bound(method by)
{
    connector c = plain();
    c.session.cookies = true;
    c.key.emplace_back("/id");
    c.sorted = order::ascending;
    c.expiry.recover.by = by;
    if (by == method::rebuild)
        c.expiry.recover.to.emplace_back(token_target::place::query, "since");
    if (by == method::token_from) c.expiry.recover.at = "/fresh";
    return c;
}

}  // namespace

TEST_CASE("only a server's own token is bound to a session", "[chain_machine][A8]")
{
    connector c = bound(method::rebuild);
    CHECK(on_page_two(c).bound_to_session());
    CHECK_FALSE(chain_machine(shared(c)).bound_to_session());
    c.session.cookies = false;
    CHECK_FALSE(on_page_two(c).bound_to_session());
    c.session.one_connection = true;
    CHECK(on_page_two(c).bound_to_session());
    c.next.from = {token_source(token_source::place::last_record, "/id")};
    CHECK_FALSE(on_page_two(c).bound_to_session());
    c.next.from.push_back(token_source(token_source::place::header, "X-Next"));
    c.next.to.emplace_back(token_target::place::query, "next");
    chain_machine both(shared(c));
    (void)both.poll(t0);
    page_of two(1);
    two.record({"1"}).token("1");
    two.facts.tokens.push_back(two.facts.tokens[0]);
    CHECK(both.on_answer(two.facts, t0).deliver);
    CHECK(both.bound_to_session());
}

TEST_CASE("every query of its own begins a new session", "[chain_machine][A8][A9]")
{
    for (const method by : {method::rebuild, method::rescan}) {
        CAPTURE(int(by));
        chain_machine m = on_page_two(bound(by));
        const page_verdict v = m.on_answer(died(), t0);
        CHECK(v.new_session);
        CHECK(told(v, notice::kind::recovered));
        CHECK(m.where().first_page());

        chain_machine lost = on_page_two(bound(by));
        CHECK(lost.on_failure(errc::session_lost, "", t0).new_session);
        CHECK(lost.where().first_page());
    }
    SECTION("a passing failure keeps it")
    {
        chain_machine m = on_page_two(bound(method::rebuild));
        CHECK_FALSE(m.on_failure(errc::truncated, "", t0).new_session);
        CHECK(m.where().tokens.size() == 1);
    }
    SECTION("a fresh token belongs to the session that gave it")
    {
        chain_machine m = on_page_two(bound(method::token_from));
        page_facts fresh = died();
        fresh.fresh_token = value{json_kind::string, "fresh"};
        CHECK_FALSE(m.on_answer(fresh, t0).new_session);
        CHECK(m.where().tokens[0].text == "fresh");
    }
    SECTION("a window that is used up")
    {
        connector c = bound(method::rebuild);
        c.window.records = 1;
        chain_machine m(shared(c));
        (void)m.poll(t0);
        CHECK(m.on_answer(page_of(1).record({"1"}).token("a").facts, t0).new_session);
    }
}

TEST_CASE("where nothing is bound, or the dead token fetches a fresh one, it is sent anew",
          "[chain_machine][A9]")
{
    connector counting = bound(method::fail);
    counting.next.from = {token_source(token_source::place::last_record, "/id")};
    for (const connector& c : {bound(method::token_from), counting}) {
        chain_machine m = on_page_two(c);
        const page_verdict v = m.on_failure(errc::session_lost, "", t0);
        CHECK(v.new_session);
        const chain_action next = m.poll(t0);
        CHECK(std::get_if<wait>(&next) != nullptr);
        CHECK(m.where().tokens.size() == 1);
        CHECK(m.after().rebuilds == 0);
    }
}

TEST_CASE("a checkpoint's cursor is not sent without its session", "[chain_machine][A8][S6]")
{
    const auto resumed = [](const connector& c) {
        return chain_machine(shared(c), on_page_two(c).after());
    };
    SECTION("a walk that can recover does")
    {
        for (const method by : {method::rebuild, method::rescan}) {
            CAPTURE(int(by));
            chain_machine m = resumed(bound(by));
            const chain_action todo = m.poll(t0);
            REQUIRE(std::get_if<fetch>(&todo) != nullptr);
            CHECK(std::get<fetch>(todo).good_until <= t0);
            const page_verdict v = m.on_outlived(t0);
            CHECK(v.new_session);
            REQUIRE(v.notices.size() == 1);
            CHECK(v.notices[0].text.find("session") != std::string::npos);
            CHECK(m.where().first_page());
        }
    }
    SECTION("one that cannot says so and asks nothing")
    {
        const chain_machine m = resumed(bound(method::fail));
        chain_machine copy = m;
        const chain_action todo = copy.poll(t0);
        REQUIRE(finished(todo) != nullptr);
        CHECK(finished(todo)->ec == errc::cursor_expired);
        CHECK(m.why().what.find("session") != std::string::npos);
        CHECK(m.why().mend.find("expiry.recover") != std::string::npos);
        CHECK(m.why().next == advice::none);
        CHECK(m.after() == on_page_two(bound(method::fail)).after());
    }
    SECTION("one whose dead token fetches a fresh one sends it")
    {
        chain_machine m = resumed(bound(method::token_from));
        const chain_action todo = m.poll(t0);
        REQUIRE(std::get_if<fetch>(&todo) != nullptr);
        CHECK(std::get<fetch>(todo).good_until == time_point::max());
    }
    SECTION("nothing changes without a session")
    {
        connector c = bound(method::fail);
        c.session = session_rule();
        chain_machine m = resumed(c);
        CHECK(finished(m.poll(t0)) == nullptr);
    }
}
