#include "api_world.hpp"
#include "contracts.hpp"
#include "support/catch.hpp"
#include "testing/json_tree.hpp"

#include <algorithm>
#include <stdexcept>

using namespace catena;
using namespace catena::testing;
using session = behaviour::session_kind;

namespace {

constexpr const char* foreign = "token of another session";

behaviour bound_by(session kind)
{
    behaviour b;
    b.session = kind;
    return b;
}

std::string set_cookie(const scripted_answer& a)
{
    for (const header_field& h : a.headers)
        if (h.name == "Set-Cookie") return h.value;
    return {};
}

std::string cookie(const scripted_answer& a)
{
    const std::string whole = set_cookie(a);
    return whole.substr(0, whole.find(';'));
}

http_request with_cookie(http_request ask, const std::string& text)
{
    if (!text.empty()) ask.headers.push_back({"cookie", text});
    return ask;
}

// A server bound by sessions, a page read, and the request for the second.
struct second_page : world {
    second_page(const std::string& name, session kind)
        : world(contract(name), dataset_options(30), bound_by(kind))
    {
        first = model.answer(client.request(), arrival(t0, 1));
        walked got;
        REQUIRE(client.take(first, got));
        ask = client.request();
    }
    int status(const http_request& r, std::uint64_t connection = 1)
    {
        return model.answer(r, arrival(t0, connection)).status;
    }

    scripted_answer first;
    http_request ask;
};

bool has_own_token(const connector& c)
{
    using place = token_source::place;
    return std::any_of(c.next.from.begin(), c.next.from.end(), [](const token_source& s) {
        return !s.keep && s.from != place::counter && s.from != place::last_record;
    });
}

}  // namespace

TEST_CASE("a client that keeps its session walks every contract, one that does not walks none",
          "[api_model][A8][A9]")
{
    for (const connector& c : all_contracts()) {
        for (const session kind : {session::none, session::cookie, session::connection}) {
            for (const bool keeps : {true, false}) {
                CAPTURE(c.name, int(kind), keeps);
                api_model model(c, make_dataset(c, dataset_options(30)), bound_by(kind));
                std::string jar;
                std::uint64_t connection = 1;
                naive_client client(c, [&](const http_request& r) {
                    const auto a = model.answer(with_cookie(r, jar), arrival(t0, connection));
                    if (!keeps) ++connection;
                    if (keeps && !set_cookie(a).empty()) jar = cookie(a);
                    return a;
                });
                const bool stops = !keeps && kind != session::none && has_own_token(c);
                const walked got = client.walk(stops ? 2 : 20);
                CHECK((got.complete || stops));
                CHECK(got.records.size() == (stops ? 7 : 30));
                CHECK((model.log().back().why == foreign) == stops);
                for (const served& line : model.log())
                    CHECK((!keeps || line.session == (kind == session::none ? 0 : 1)));
            }
        }
    }
}

TEST_CASE("a cookie is set once, and a token is good with the cookie of its session alone",
          "[api_model][A8]")
{
    second_page w("slack", session::cookie);
    const std::string given = set_cookie(w.first), mine = cookie(w.first);
    CHECK_THAT(given, Catch::StartsWith("session=1/") && Catch::EndsWith("+==; Path=/; HttpOnly"));
    const http_request begin = world(contract("slack"), {}).client.request();
    const scripted_answer other = w.model.answer(begin, t0);
    REQUIRE(cookie(other) != mine);

    const auto good = [&](const std::string& text) {
        const scripted_answer a = w.model.answer(with_cookie(w.ask, text), t0);
        CHECK(set_cookie(a).empty());
        const bool page = raw_at(a.body, "/members").has_value();
        CHECK((w.model.log().back().why == foreign) == !page);
        CHECK((raw_at(a.body, "/error") == "\"invalid_cursor\"") == !page);
        return page;
    };
    CHECK(good(mine));
    CHECK(good("a=b; " + mine + "; session2=x"));
    CHECK(good("xsession=1;" + mine));
    CHECK_FALSE(good(""));
    CHECK_FALSE(good(cookie(other)));
    CHECK_FALSE(good(mine + "="));
    CHECK_FALSE(good(mine.substr(0, mine.size() - 2)));
    CHECK_FALSE(good("session=3" + mine.substr(mine.find('/'))));
    CHECK_FALSE(good("session"));
    CHECK_FALSE(good("Session" + mine.substr(mine.find('='))));
    CHECK(good(mine));
}

TEST_CASE("a request without a token and with an unknown cookie begins a session",
          "[api_model][A8]")
{
    second_page w("slack", session::cookie), longer("slack", session::cookie);
    const http_request begin = world(contract("slack"), {}).client.request();
    for (int i = 0; i < 3; ++i)
        (void)longer.model.answer(begin, t0);
    const std::string fifth = cookie(longer.model.answer(begin, t0));
    for (const std::string& unknown : {fifth, std::string("session=x"), std::string("a=b")})
        CHECK_FALSE(set_cookie(w.model.answer(with_cookie(begin, unknown), t0)).empty());
    CHECK(w.model.log().back().session == 4);
    CHECK(set_cookie(w.model.answer(with_cookie(begin, cookie(w.first)), t0)).empty());
    CHECK(w.model.log().back().session == 1);
}

TEST_CASE("a token is good on the connection that got it alone", "[api_model][A9]")
{
    second_page w("slack", session::connection);
    CHECK(set_cookie(w.first).empty());
    const auto good = [&](std::uint64_t connection) {
        return raw_at(w.model.answer(w.ask, arrival(t0, connection)).body, "/members").has_value();
    };
    CHECK(good(1));
    CHECK_FALSE(good(2));
    CHECK(w.model.log().back().why == foreign);
    CHECK(w.model.log().back().connection == 2);
    CHECK(w.model.log().back().session == 0);
    CHECK(w.model.answer(world(contract("slack"), {}).client.request(), arrival(t0, 2)).status ==
          200);
    CHECK_FALSE(good(2));  // a session of its own is not the token's
    CHECK(w.model.log().back().session == 2);
    CHECK(good(1));
    CHECK_THROWS_AS(w.model.answer(w.ask, t0), std::invalid_argument);
}

TEST_CASE("a token of another session is refused where no sign of expiry is declared",
          "[api_model][A9]")
{
    second_page w("kinesis", session::connection);
    CHECK(w.status(w.ask, 2) == 400);
    CHECK(w.model.log().back().why == foreign);
    CHECK(w.status(w.ask) == 200);  // nor was the only use of the token spent
    CHECK(w.status(w.ask) == 410);  // an expired one has a status of its own
}

TEST_CASE("a fresh token in place of one of another session is good in a session of its own",
          "[api_model][A8][P6]")
{
    const auto kind = GENERATE(session::cookie, session::connection);
    second_page w("kubernetes", kind);
    const scripted_answer gone = w.model.answer(w.ask, arrival(t0, 2));
    REQUIRE(gone.status == 410);
    CHECK(set_cookie(gone).empty() == (kind == session::connection));
    const auto body = boost::json::parse(gone.body);
    const std::string fresh = body.at("metadata").at("continue").as_string().c_str();
    http_request ask = w.ask;
    ask.target = ask.target.substr(0, ask.target.find("&continue")) + "&continue=" + encoded(fresh);

    CHECK(w.status(with_cookie(ask, cookie(w.first)), 1) == 410);
    CHECK(w.status(with_cookie(ask, cookie(gone)), 2) == 200);
    CHECK(w.model.log().back().first_row == 7);
}

TEST_CASE("a server that forgets its sessions takes their tokens for dead and begins new ones",
          "[api_model][A8][A9]")
{
    const auto kind = GENERATE(session::cookie, session::connection);
    second_page w("slack", kind);
    const std::string old = cookie(w.first);
    w.model.add(fault(fault::kind::session_lost, 2));

    const auto page = [&](const http_request& r) {
        return raw_at(w.model.answer(r, arrival(t0, 1)).body, "/members").has_value();
    };
    CHECK(page(with_cookie(w.ask, old)));
    CHECK_FALSE(page(with_cookie(w.ask, old)));
    CHECK(w.model.log().back().why == foreign);

    const http_request begin = world(contract("slack"), {}).client.request();
    const scripted_answer anew = w.model.answer(with_cookie(begin, old), arrival(t0, 1));
    CHECK((kind == session::cookie) == !cookie(anew).empty());
    CHECK(w.model.log().back().session == 2);
    CHECK_FALSE(page(with_cookie(w.ask, cookie(anew))));

    walked got;
    naive_client client(contract("slack"), nullptr);
    REQUIRE(client.take(anew, got));
    CHECK(page(with_cookie(client.request(), cookie(anew))));
    CHECK(page(with_cookie(client.request(), old)) == (kind == session::connection));
}

TEST_CASE("an answer that is no page begins no session", "[api_model][A8]")
{
    behaviour b = bound_by(session::cookie);
    b.session_cookie = "JSESSIONID";
    b.faults = {fault::answer(503, 0)};
    world w(contract("google"), dataset_options(30), b);
    CHECK(set_cookie(w.model.answer(w.client.request(), t0)).empty());
    http_request bad = w.client.request();
    bad.target += "&x=1";
    CHECK(set_cookie(w.model.answer(bad, t0)).empty());
    CHECK_THAT(set_cookie(w.model.answer(w.client.request(), t0)),
               Catch::StartsWith("JSESSIONID=1/"));
}
