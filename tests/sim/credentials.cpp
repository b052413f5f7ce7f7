// Credentials that run out, are refused or cannot be had, under many chains.
#include "sim/guarded.hpp"
#include "support/catch.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>

#include <functional>
#include <stdexcept>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

auth_rule provided()
{
    auth_rule a;
    a.by = auth_rule::method::provider;
    a.name = "vault";
    return a;
}

/// Does in each call what it is told.
struct provider final : credential_provider {
    void async_fetch(const std::string& name, bool refused, handler done) override
    {
        calls.push_back(name + (refused ? " refused" : ""));
        next(std::move(done));
    }
    std::function<void(handler)> next;
    std::vector<std::string> calls;
};

}  // namespace

TEST_CASE("one token serves all chains, and one request renews it for all", "[sim][A1]")
{
    const auto seed = GENERATE(Catch::Generators::range(1u, 6u));
    for (const std::uint64_t revoke_at : {0U, 1U, 20U, 55U}) {
        CAPTURE(seed, revoke_at);
        guarded w(seed, client());
        w.revoke_at = revoke_at;
        w.walk_many(20);
        CHECK(w.token_requests.size() == (revoke_at == 0 ? 1 : 2));
        CHECK(w.heard.news.size() == w.token_requests.size());
        CHECK((w.heard.refusals > 0) == (revoke_at > 0));
        for (const std::string& text : w.heard.news)
            CHECK(text.find("token-number") == std::string::npos);
    }
}

TEST_CASE("a token is renewed before it runs out, and no request is refused", "[sim][A1]")
{
    guarded w(1, client());
    w.life = "30";
    w.c.limits.policies.emplace_back(1, 10s);
    const time_point begun = w.time.now();
    w.walk_many(3);
    CHECK(w.heard.refusals == 0);
    CHECK(w.token_requests.size() >= std::size_t((w.time.now() - begun) / 30s));
}

TEST_CASE("a second refusal after a fresh token ends the walk, resumable", "[sim][A1]")
{
    guarded w(1, client());
    w.refuse_all = true;
    const harvest h = w.walk_one();
    CHECK(h.why.code == errc::unauthorized);
    CHECK(w.api_requests == 2);
    CHECK(w.token_requests.size() == 2);
    CHECK(h.why.what == "the server answered 401: no (again, after the credentials were renewed)");
    CHECK(h.why.mend == "check the credentials that the connector refers to");
}

TEST_CASE("a token server that gives the refused token again is told so", "[sim][A2]")
{
    guarded w(1, client());
    w.same_token = true;
    w.refuse_all = true;
    const harvest h = w.walk_one();
    CHECK(h.why.code == errc::credentials_refused);
    CHECK(h.why.what ==
          "the request failed: the token server https://login.example.com gave the "
          "credential again that the API had refused");
    CHECK(h.why.mend == "check the connector's `auth`, then resume");
}

TEST_CASE("a token server in trouble is asked again, and one that refuses is not", "[sim][A2]")
{
    struct row {
        std::vector<scripted_answer> script;
        errc code;
        std::size_t least, most;  // requests to the token server
    };
    const scripted_answer down(503, "x"), junk(200, "<html>");
    const row rows[] = {
        {{down, junk, down}, errc(), 4, 4},
        // A chain that comes back too soon is told of the last failure.
        {{down, down, down, down, down}, errc::credentials_unavailable, 3, 5},
        {{scripted_answer(400, R"({"error": "invalid_client"})")}, errc::credentials_refused, 1, 1},
        {{scripted_answer(200, std::string(70'000, ' '))}, errc::credentials_refused, 1, 1},
    };
    for (const row& r : rows) {
        guarded w(1, client());
        w.scripted.assign(r.script.begin(), r.script.end());
        const harvest h = w.walk_one();
        CAPTURE(h.why.text());
        CHECK(h.why.code == (r.code == errc() ? error_code() : make_error_code(r.code)));
        CHECK(w.token_requests.size() >= r.least);
        CHECK(w.token_requests.size() <= r.most);
        if (r.code == errc()) CHECK(h.records == w.model.records());
        CHECK(h.why.text().find("client-secret-text") == std::string::npos);
        if (r.code != errc()) CHECK(h.why.what.find("login.example.com") != std::string::npos);
    }
}

TEST_CASE("a thousand chains ask a token server in trouble no more than one would", "[sim][A2]")
{
    guarded w(1, client());
    for (int i = 0; i < 1000; ++i)
        w.scripted.emplace_back(503, "x");
    std::vector<std::unique_ptr<chain>> ways;
    std::vector<harvest> out(1000);
    for (harvest& h : out) {
        ways.push_back(std::make_unique<chain>(*w.on, w.c));
        asio::co_spawn(w.time.get_executor(), gather(*ways.back(), h), asio::detached);
    }
    w.time.run();
    for (const harvest& h : out)
        REQUIRE(h.why.code == errc::credentials_unavailable);
    CHECK(w.token_requests.size() <= 10);
    CHECK(w.api_requests == 0);
}

TEST_CASE("a token server that hangs is given up after its time", "[sim][A2]")
{
    guarded w(1, client());
    w.wire.fail_by([](std::size_t, const http_request& r) -> std::optional<wire_fault> {
        if (r.to.host != "login.example.com") return std::nullopt;
        return wire_fault(wire_fault::kind::hang);
    });
    chain_limits once;
    once.attempts = 1;
    const time_point begun = w.time.now();
    const harvest h = w.walk_one(once);
    CHECK(h.why.code == errc::credentials_unavailable);
    CHECK(h.why.what.find("credential_wait") != std::string::npos);
    CHECK(w.time.now() - begun <= 61s);
    CHECK(w.wire.in_flight() == 0);
}

TEST_CASE("a rotated refresh token is used, and told to who keeps it", "[sim][A1]")
{
    std::vector<std::string> kept;
    engine_options o;
    o.keep_refresh_token = [&](const std::string&, const secret& s) {
        kept.emplace_back(s.reveal());
    };
    guarded w(1, refreshing(), std::move(o));
    w.revoke_at = 3;
    REQUIRE(w.walk_one().records == w.model.records());
    CHECK(kept == std::vector<std::string>{"refresh-number-1", "refresh-number-2"});
    REQUIRE(w.token_requests.size() == 2);
    CHECK(w.token_requests[0].find("refresh-number-0") != std::string::npos);
    CHECK(w.token_requests[1].find("refresh-number-1") != std::string::npos);

    guarded alone(1, refreshing());
    REQUIRE(alone.walk_one().records == alone.model.records());
    REQUIRE(alone.heard.news.size() == 1);
    CHECK(alone.heard.news[0].find("lost with this run") != std::string::npos);

    engine_options broken;
    broken.keep_refresh_token = [](const std::string&, const secret&) { throw 1; };
    guarded told(1, refreshing(), std::move(broken));
    REQUIRE(told.walk_one().records == told.model.records());
    REQUIRE(told.heard.news.size() == 1);
    CHECK(told.heard.news[0].find("threw") != std::string::npos);
}

TEST_CASE("a provider is asked once for all, and told of a refusal", "[sim][A1]")
{
    const auto p = std::make_shared<provider>();
    engine_options o;
    o.credentials = p;
    guarded w(1, provided(), std::move(o));
    w.revoke_at = 30;
    p->next = [&](credential_provider::handler done) {
        const std::string value = "Bearer " + std::to_string(p->calls.size());
        w.good.insert(value);
        std::move(done)(error_code(), credential(secret(value)));
    };
    w.walk_many(20);
    CHECK(p->calls == std::vector<std::string>{"vault", "vault refused"});
}

TEST_CASE("what a provider does wrong is told by its name, and without secrets", "[sim][A2][A12]")
{
    using handler = credential_provider::handler;
    struct row {
        std::function<void(handler)> does;
        errc code;
        std::string says;
    };
    const row rows[] = {
        {[](handler) { throw std::runtime_error("it threw Bearer first-value"); },
         errc::credentials_refused, "it threw"},
        {[](handler) { throw 5; }, errc::credentials_refused, "no std::exception"},
        {[](handler done) { std::move(done)(errc::forbidden, credential()); },
         errc::credentials_refused, "failed"},
        {[](handler done) { std::move(done)(asio::error::connection_reset, credential()); },
         errc::credentials_unavailable, "failed"},
        {[](handler done) { std::move(done)(error_code(), credential(secret("a\r\nb"))); },
         errc::credentials_refused, "no header can carry"},
        {[](handler done) { std::move(done)(error_code(), credential()); },
         errc::credentials_refused, "no header can carry"},
        {[](handler done) {
             std::move(done)(error_code(), credential(secret("Bearer first-value")));
         },
         errc::credentials_refused, "again"},
        {[](handler) {}, errc::credentials_unavailable, "did not answer"},
    };
    for (const row& r : rows) {
        CAPTURE(r.says);
        const auto p = std::make_shared<provider>();
        engine_options o;
        o.credentials = p;
        guarded w(1, provided(), std::move(o));
        w.refuse_all = true;
        p->next = [&](handler done) {
            if (p->calls.size() > 1) return r.does(std::move(done));
            std::move(done)(error_code(), credential(secret("Bearer first-value")));
        };
        chain_limits once;
        once.attempts = 1;
        const harvest h = w.walk_one(once);
        CAPTURE(h.why.text());
        CHECK(h.why.code == r.code);
        CHECK(h.why.what.find("the credential provider \"vault\"") != std::string::npos);
        CHECK(h.why.what.find(r.says) != std::string::npos);
        CHECK(h.why.text().find("first-value") == std::string::npos);
    }
    guarded none(1, provided());
    CHECK(none.walk_one().why.what.find("is not there") != std::string::npos);
}

TEST_CASE("a chain is cancelled at once while it waits for credentials", "[sim][U3]")
{
    for (int moment = 0; moment < 40; ++moment) {
        guarded w(1, client());
        w.revoke_at = 3;
        chain way(*w.on, w.c);
        std::vector<std::string> records;
        bool over = false;
        for (int call = 0; call < 40 && !over; ++call) {
            asio::cancellation_signal stop;
            bool done = false;
            way.next_page(asio::bind_cancellation_slot(
                stop.slot(), [&](error_code ec, std::optional<page> p) {
                    done = true;
                    over = ec != asio::error::operation_aborted && (ec || !p);
                    if (p)
                        for (const std::string_view record : p->records())
                            records.emplace_back(record);
                }));
            for (int i = 0; i < moment && !done; ++i)
                (void)w.time.step();
            const time_point asked = w.time.now();
            if (call % 2 == 0) stop.emit(asio::cancellation_type::terminal);
            REQUIRE(w.time.run_until([&] { return done; }));
            if (call % 2 == 0) REQUIRE(w.time.now() - asked <= 50ms);
        }
        CAPTURE(moment);
        REQUIRE(over);
        REQUIRE(records == w.model.records());
    }
}

TEST_CASE("an engine may go while credentials are fetched", "[sim][U2]")
{
    for (int moment = 0; moment < 60; ++moment) {
        guarded w(1, client());
        w.revoke_at = 3;
        harvest out;
        auto way = std::make_unique<chain>(*w.on, w.c);
        asio::co_spawn(w.time.get_executor(), gather(*way, out), asio::detached);
        for (int i = 0; i < moment; ++i)
            (void)w.time.step();
        w.on.reset();
        w.time.run();
        REQUIRE(out.done);
        REQUIRE(w.wire.in_flight() == 0);
    }
}

TEST_CASE("the last chain may go while its credentials wait for the token server", "[sim][U1]")
{
    for (int moment = 0; moment < 40; ++moment) {
        guarded w(1, client());
        connector other = w.c;
        other.auth.client_id = "another";
        harvest first;
        auto way = std::make_unique<chain>(*w.on, w.c);
        asio::co_spawn(w.time.get_executor(), gather(*way, first), asio::detached);
        auto late = std::make_unique<chain>(*w.on, other);
        int calls = 0;
        late->next_page([&](error_code, const std::optional<page>&) { ++calls; });
        for (int i = 0; i < moment; ++i)
            (void)w.time.step();
        late.reset();
        w.time.run();
        REQUIRE(first.records == w.model.records());
        CAPTURE(moment);
        REQUIRE(calls == 1);
    }
}

TEST_CASE("a token server's Retry-After holds its requests", "[sim][A2][R1]")
{
    guarded w(1, client());
    scripted_answer busy(429, "slow down");
    busy.headers = {{"Retry-After", "40"}};
    w.scripted.push_back(busy);
    const time_point begun = w.time.now();
    CHECK(w.walk_one().records == w.model.records());
    CHECK(w.time.now() - begun >= 40s);
    CHECK(w.token_requests.size() == 2);
}

TEST_CASE("a transport that throws at a token request is one more failure", "[sim][A2][U11]")
{
    guarded w(1, client());
    int asked = 0;
    w.wire.fail_by([&](std::size_t, const http_request& r) -> std::optional<wire_fault> {
        if (r.to.host == "login.example.com" && ++asked == 1) throw std::runtime_error("no memory");
        return std::nullopt;
    });
    CHECK(w.walk_one().records == w.model.records());
}
