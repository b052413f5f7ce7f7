#include "chain_world.hpp"
#include "support/catch.hpp"
#include <catena/core/redirect.hpp>

#include <string>

using namespace catena;
using namespace catena::testing;
using verdict = redirect_trail::verdict;

namespace {

const std::string first = "https://host/items?cursor=c";

page_facts moved(int status, std::string to, std::string from = first)
{
    page_facts f;
    f.is = page_facts::answer::moved;
    f.status = status;
    f.redirected = {status, std::move(from), std::move(to)};
    return f;
}

connector posting()
{
    connector c = plain();
    c.request.method = "POST";
    c.request.body = "{}";
    return c;
}

}  // namespace

TEST_CASE("a redirect is followed where method and body stay the same", "[redirect][H11]")
{
    struct row {
        int status;
        const char* method;
        verdict wanted;
    };
    const row rows[] = {
        {301, "GET", verdict::follow},       {302, "GET", verdict::follow},
        {303, "GET", verdict::follow},       {307, "GET", verdict::follow},
        {308, "GET", verdict::follow},       {301, "HEAD", verdict::follow},
        {303, "HEAD", verdict::follow},      {301, "POST", verdict::other_query},
        {302, "POST", verdict::other_query}, {303, "POST", verdict::other_query},
        {307, "POST", verdict::follow},      {308, "POST", verdict::follow},
        {302, "PUT", verdict::other_query},
    };
    for (const row& r : rows) {
        CAPTURE(r.status, r.method);
        redirect_trail trail;
        CHECK(trail.to().empty());
        CHECK(trail.decide(r.method, {r.status, "http://a/1", "http://a/2"}, 10) == r.wanted);
        CHECK(trail.to() == (r.wanted == verdict::follow ? "http://a/2" : ""));
    }
}

TEST_CASE("a trail of redirects has a limit and no circle", "[redirect][H12]")
{
    const auto url = [](std::uint32_t n) { return "http://a/" + std::to_string(n); };
    for (const std::uint32_t most : {0u, 1u, 10u}) {
        CAPTURE(most);
        redirect_trail trail;
        for (std::uint32_t n = 0; n < most; ++n)
            REQUIRE(trail.decide("GET", {302, url(n), url(n + 1)}, most) == verdict::follow);
        CHECK(trail.decide("GET", {302, url(most), url(most + 1)}, most) == verdict::too_many);
        CHECK(trail.to() == (most == 0 ? "" : url(most)));
    }
    redirect_trail trail;
    CHECK(trail.decide("GET", {302, url(0), url(0)}, 10) == verdict::loop);
    CHECK(trail.decide("GET", {302, url(0), url(1)}, 10) == verdict::follow);
    CHECK(trail.decide("GET", {302, url(1), url(2)}, 10) == verdict::follow);
    for (std::uint32_t n = 0; n < 3; ++n)
        CHECK(trail.decide("GET", {302, url(2), url(n)}, 10) == verdict::loop);
}

TEST_CASE("permanent redirects are remembered by path, where the query stays", "[redirect][H11]")
{
    redirect_memory known;
    known.note({302, "http://a/x?c=1", "http://a/y?c=1"});
    known.note({307, "http://a/x?c=1", "http://a/y?c=1"});
    known.note({308, "http://a/x?c=1", "http://a/y"});       // page 1 for every cursor
    known.note({308, "http://a/x?c=1", "http://a/x?c=1&"});  // the path stays
    CHECK(known.size() == 0);

    known.note({308, "http://a/x?c=1", "https://a/y?c=1"});
    CHECK(known.moved("http://a/x?c=2") == "https://a/y?c=2");
    CHECK(known.moved("http://a/x") == "https://a/y");
    CHECK(known.moved("http://a/xx?c=2").empty());
    CHECK(known.moved("http://b/x?c=2").empty());
    CHECK(known.moved("https://a/y?c=2").empty());

    known.note({301, "https://a/y?c=2", "https://a/z?c=2"});
    CHECK(known.moved("http://a/x?c=3") == "https://a/z?c=3");
    known.note({301, "https://a/z", "http://a/x"});
    CHECK(known.moved("http://a/x?c=3").empty());  // a circle says nothing

    for (int i = 0; i < 1000; ++i)
        known.note({308, "http://a/" + std::to_string(i), "http://a/" + std::to_string(-i)});
    CHECK(known.size() == 64);
    known.note({308, "http://a/x", "http://a/w"});
    CHECK(known.moved("http://a/x") == "http://a/w");
}

TEST_CASE("a redirected page is asked for elsewhere, and the next one at its own place",
          "[redirect][chain_machine][H11]")
{
    chain_machine m(shared(plain()));
    CHECK(m.redirected_to().empty());
    (void)m.poll(t0);
    const page_verdict v = m.on_answer(moved(302, "https://host/b"), t0);
    CHECK_FALSE(v.deliver);
    CHECK(told(v, notice::kind::redirected));
    REQUIRE(v.followed);
    CHECK(v.followed->to == "https://host/b");
    const chain_action next = m.poll(t0);
    REQUIRE(std::get_if<fetch>(&next) != nullptr);
    CHECK(std::get<fetch>(next).attempt == 1);
    CHECK_FALSE(std::get<fetch>(next).repeat);
    CHECK(m.where().first_page());
    CHECK(m.redirected_to() == "https://host/b");

    SECTION("a page ends the trail")
    {
        CHECK(m.on_answer(page_of().records(1, 1).token("a").facts, t0).deliver);
        (void)m.poll(t0);
        CHECK(m.redirected_to().empty());
        CHECK(m.where().tokens.size() == 1);
    }
    SECTION("what is tried again begins where the page belongs")
    {
        (void)m.on_failure(errc::truncated, "", t0);
        CHECK(m.redirected_to().empty());
    }
    SECTION("so does what was given up")
    {
        m.on_abandoned();
        CHECK(m.redirected_to().empty());
    }
}

TEST_CASE("a redirect that is not followed ends the walk and says why",
          "[redirect][chain_machine][H11][H12]")
{
    struct row {
        const char* name;
        connector c;
        chain_limits limits;
        page_facts facts;
        errc code;
        const char* what;
        const char* mend;
    };
    chain_limits none;
    none.redirects = 0;
    const row rows[] = {
        {"query",
         posting(),
         {},
         moved(302, "https://host/b"),
         errc::unexpected_redirect,
         "to a POST request",
         "request.url"},
        {"circle",
         plain(),
         {},
         moved(302, first),
         errc::unexpected_redirect,
         "in a circle, to a URL at https://host",
         "request.url"},
        {"limit", plain(), none, moved(302, "https://host/b"), errc::limit_exceeded,
         "0 redirects were followed", "chain_limits::redirects"},
    };
    for (const row& r : rows) {
        CAPTURE(r.name);
        chain_machine m(shared(r.c), r.limits);
        (void)m.poll(t0);
        const page_verdict v = m.on_answer(r.facts, t0);
        CHECK_FALSE(v.followed);
        const chain_action end = m.poll(t0);
        REQUIRE(finished(end) != nullptr);
        CHECK(finished(end)->ec == r.code);
        CHECK(m.why().what.find(r.what) != std::string::npos);
        CHECK(m.why().what.find("cursor=c") == std::string::npos);
        CHECK(m.why().mend.find(r.mend) != std::string::npos);
        CHECK(m.why().pointer == "Location");
        CHECK(m.why().status == 302);
    }
}

TEST_CASE("a redirect does not spend a single-use token, a lost answer behind it does",
          "[redirect][chain_machine][H11]")
{
    connector c = plain();
    c.next.single_use = true;
    c.key.emplace_back("/id");
    c.sorted = order::ascending;
    c.expiry.recover.by = recovery_rule::method::rebuild;
    c.expiry.recover.to.emplace_back(token_target::place::query, "since");
    chain_machine m(shared(c));
    (void)m.poll(t0);
    (void)m.on_answer(page_of(1).record({"1"}).token("token-1").facts, t0);
    (void)m.poll(t0);
    (void)m.on_answer(moved(307, "https://host/b?cursor=token-1"), t0);
    const chain_action next = m.poll(t0);
    REQUIRE(std::get_if<fetch>(&next) != nullptr);
    CHECK(std::get<fetch>(next).good_until == time_point::max());
    CHECK(m.after().rebuilds == 0);
    CHECK(m.where().tokens.size() == 1);

    (void)m.on_failure(errc::truncated, "", t0);
    CHECK(m.after().rebuilds == 1);
    CHECK(m.where().first_page());
}
