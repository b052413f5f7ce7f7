// Secrets are planted wherever one may stand, and a server repeats all that it was sent, in every
// way to fail. Nothing that people or programs are told may hold one of them.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include <catena/core/json_text.hpp>

#include <algorithm>
#include <iostream>
#include <sstream>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

const std::vector<std::string> canaries = {
    "canary-bearer-01",   "canary-header-02",   "canary-query-03",    "canary-cookie-04",
    "canary-password-05", "canary-client-06",   "canary-refresh-07",  "canary-rotated-08",
    "canary-access-09",   "canary-provided-10", "canary-part-11",     "canary-assert-12",
    "canary-session-13",  "canary-filetok-14",  "canary-cursor-15",   "canary-nexturl-16",
    "canary-link-17",     "canary-userinfo-18", "canary-location-19", "canary-header-cursor-20",
};
// A checkpoint is there to keep these; see SECURITY.md.
bool is_cursor(const std::string& canary)
{
    for (const char* kind : {"cursor", "nexturl", "link", "header-cursor"})
        if (canary.find(kind) != std::string::npos) return true;
    return false;
}

/// Writes down all that an observer is told.
struct log_of_all final : observer {
    void on_request(const request_sent& e) override
    {
        out << "request " << e.method << ' ' << e.origin << ' ' << e.target << '\n';
    }
    void on_answer(const answer_received& e) override
    {
        out << "answer " << e.status << ' ' << e.ec.message() << '\n';
    }
    void on_notice(chain_id, std::uint64_t, const notice& n) override { out << n.text << '\n'; }
    void on_hold(const budget_held& e) override { out << "hold " << e.origin << '\n'; }
    void on_failure(chain_id, const diagnostics& why) override
    {
        ++failures;
        out << why.text() << '\n' << why.request << '\n' << why.last_key << '\n';
    }
    std::ostringstream out;
    int failures = 0;
};

std::optional<secret> vault(setting::source from, const std::string& name)
{
    return secret(from == setting::source::file ? "canary-filetok-14" : name);
}

connector base(const std::string& name)
{
    connector c(name, "https://api.example.com/v1/items");
    c.records.at = "/items";
    c.key.emplace_back("/id");
    c.sorted = order::ascending;
    c.next.from.emplace_back(token_source::place::body, "/next");
    c.next.to.emplace_back(token_target::place::query, "cursor");
    c.end.emplace_back(end_rule::kind::missing);
    c.expiry.recover.by = recovery_rule::method::rebuild;
    c.expiry.recover.to.emplace_back(token_target::place::query, "since");
    return c;
}

/// A connector and the page that carries its cursor: together they hold all canaries.
struct planted {
    connector c;
    scripted_answer first;
};

scripted_answer first_page(const std::string& next, std::vector<header_field> headers = {})
{
    scripted_answer a(
        200, R"({"items": [{"id": 1}])" + (next.empty() ? "" : ", \"next\": " + quote(next)) + '}');
    a.headers = std::move(headers);
    a.headers.push_back({"Set-Cookie", "sid=canary-session-13; Path=/"});
    return a;
}

std::vector<planted> garden()
{
    using method = auth_rule::method;
    const auto from = [](const char* text) { return setting::from_environment(text); };
    std::vector<planted> all;

    connector headers = base("headers");
    headers.request.headers.emplace_back("Authorization",
                                         setting::from_environment("canary-bearer-01", "Bearer "));
    headers.request.headers.emplace_back("X-Custom", from("canary-header-02"));
    headers.request.headers.emplace_back("Cookie",
                                         setting::from_environment("canary-cookie-04", "sid="));
    headers.request.query.emplace_back("api_key", from("canary-query-03"));
    all.push_back({headers, first_page("canary-cursor-15")});

    connector basic = base("basic");
    basic.auth.by = method::basic;
    basic.auth.user = "me";
    basic.auth.password = from("canary-password-05");
    basic.next.to = {token_target(token_target::place::url, "")};
    all.push_back(
        {basic, first_page("https://api.example.com/v1/items?page=canary-nexturl-16&x=1")});

    connector client = base("client");
    client.auth.by = method::oauth2;
    client.auth.token_url = "https://login.example.com/token";
    client.auth.client_id = "me";
    client.auth.client_secret = from("canary-client-06");
    client.auth.parameters.emplace_back("assertion", from("canary-assert-12"));
    client.next.from = {token_source(token_source::place::link, "next")};
    client.next.to = {token_target(token_target::place::url, "")};
    all.push_back(
        {client, first_page("", {{"Link", "</v1/items?l=canary-link-17>; rel=\"next\""}})});

    connector refresh = base("refresh");
    refresh.auth = client.auth;
    refresh.auth.client_in = auth_rule::client_place::body;
    refresh.auth.granted_by = auth_rule::grant::refresh_token;
    refresh.auth.refresh_token = from("canary-refresh-07");
    refresh.next.from = {token_source(token_source::place::header, "X-Next")};
    refresh.next.to = {token_target(token_target::place::header, "X-Cursor")};
    all.push_back({refresh, first_page("", {{"X-Next", "canary-header-cursor-20"}})});

    connector provided = base("provided");
    provided.auth.by = method::provider;
    provided.auth.name = "vault";
    all.push_back({provided, first_page("canary-cursor-15")});

    connector sticky = base("session");
    sticky.session.cookies = true;
    all.push_back({sticky, first_page("canary-cursor-15")});

    connector file = base("file");
    file.auth.by = method::bearer;
    file.auth.token = setting::from_file("/run/token");
    file.request.method = "POST";
    file.next.to = {token_target(token_target::place::body, "/cursor")};
    all.push_back({file, first_page("canary-cursor-15")});
    return all;
}

struct provider final : credential_provider {
    void async_fetch(const std::string&, bool refused, handler done) override
    {
        if (refused) throw std::runtime_error("lost canary-provided-10 and canary-part-11");
        credential c(secret("Sig canary-provided-10"));
        c.parts.emplace_back("canary-part-11");
        std::move(done)(error_code(), std::move(c));
    }
};

/// All that came in, as a server might repeat it.
std::string echo(const http_request& r)
{
    std::string all = r.method + ' ' + r.target;
    for (const header_field& h : r.headers)
        all += "\n" + h.name + ": " + h.value;
    return all + "\n\n" + r.body;
}

std::string message(const std::string& text) { return "{\"message\": " + quote(text) + '}'; }

/// A way to fail: what answers the second request and all that follow it.
struct way {
    const char* name;
    std::function<scripted_answer(const http_request&)> answers;
};

scripted_answer with(int status, std::string body, std::vector<header_field> headers = {})
{
    scripted_answer a(status, std::move(body));
    a.headers = std::move(headers);
    return a;
}

std::vector<way> ways_to_fail()
{
    std::vector<way> all;
    for (const int status : {204, 206, 304, 400, 401, 403, 404, 408, 410, 413, 414, 421, 425, 429,
                             431, 500, 502, 503, 504}) {
        all.push_back({"a status, with JSON",
                       [status](const http_request& r) { return with(status, message(echo(r))); }});
        all.push_back(
            {"a status, with text", [status](const http_request& r) {
                 return with(status, "<h1>" + echo(r) + "</h1>", {{"Content-Type", "text/html"}});
             }});
    }
    for (const int status : {301, 302, 303, 307, 308}) {
        for (const char* to : {"https://me:canary-userinfo-18@api.example.com/",
                               "https://evil.example.net/?to=canary-location-19",
                               "ftp://evil.example.net/canary-location-19",
                               "/v1/items?sig=canary-location-19", "http://[canary-location-19"})
            all.push_back({to, [status, to](const http_request& r) {
                               return with(status, echo(r), {{"Location", to}});
                           }});
    }
    const std::string page = R"({"items": [{"id": 2}], "next": )";
    all.push_back({"a page cut short",
                   [page](const http_request& r) { return with(200, page + quote(echo(r))); }});
    all.push_back({"an error in a 200", [](const http_request& r) {
                       return with(200, "{\"error\": " + message(echo(r)) + '}');
                   }});
    all.push_back({"HTML for a page", [](const http_request& r) {
                       return with(200, "<html>" + echo(r), {{"Content-Type", "text/html"}});
                   }});
    all.push_back({"a token of another kind", [page](const http_request&) {
                       return with(200, page + "{\"canary-cursor-15\": true}}");
                   }});
    all.push_back({"a next URL elsewhere", [page](const http_request&) {
                       return with(200, page + "\"https://evil.example.net/canary-nexturl-16\"}");
                   }});
    all.push_back({"a renamed token", [](const http_request&) {
                       return with(200, R"({"items": [{"id": 2}], "Next": "canary-cursor-15"})");
                   }});
    all.push_back(
        {"a broken link", [](const http_request&) {
             return with(200, R"({"items": []})", {{"Link", "<canary-link-17; rel=next"}});
         }});
    all.push_back({"a wrong coding", [](const http_request& r) {
                       std::string coding = "x-none";
                       for (const header_field& h : r.headers)
                           if (h.value.find("canary") != std::string::npos) coding = h.value;
                       return with(200, echo(r), {{"Content-Encoding", coding}});
                   }});
    all.push_back({"a token that is a header's end", [page](const http_request&) {
                       return with(200, page + "\"canary-cursor-15\\r\\nX: 1\"}");
                   }});
    return all;
}

scripted_answer token_server(const http_request& r, bool well)
{
    if (!well)
        return with(400, "{\"error\": \"bad\", \"error_description\": " + quote(echo(r)) + '}');
    return with(200,
                R"({"access_token": "canary-access-09", "refresh_token": "canary-rotated-08"})");
}

}  // namespace

TEST_CASE("twenty planted secrets show in no event, message or failure", "[sim][A11][A12]")
{
    int failures = 0;
    for (const planted& p : garden()) {
        for (const way& how : ways_to_fail()) {
            CAPTURE(p.c.name, how.name);
            log_of_all log;
            sim time(1);
            int api = 0, logins = 0;
            fake_transport wire(time.get_executor(), time,
                                [&](const http_request& r, time_point) -> scripted_answer {
                                    if (r.to.host == "login.example.com")
                                        return token_server(r, ++logins == 1);
                                    return ++api == 1 ? p.first : how.answers(r);
                                });
            engine_options o;
            o.seed = 1;
            o.watch = &log;
            o.secrets = vault;
            o.credentials = std::make_shared<provider>();
            engine on(time.get_executor(), wire, time, o);
            chain_limits few;
            few.attempts = 2;
            few.throttles = 2;
            chain walk_of(on, p.c, few);
            harvest h;
            asio::co_spawn(time.get_executor(), gather(walk_of, h), asio::detached);
            time.run();
            REQUIRE(h.done);
            REQUIRE(api >= 2);
            failures += log.failures;

            const std::string all = log.out.str() + h.why.text() + h.why.code.message();
            const std::string kept = to_text(walk_of.after());
            for (const std::string& canary : canaries) {
                CAPTURE(canary, all);
                REQUIRE(all.find(canary) == std::string::npos);
                if (!is_cursor(canary)) REQUIRE(kept.find(canary) == std::string::npos);
            }
        }
    }
    std::cout << "canaries: " << canaries.size() << " planted, " << failures
              << " failures told, none found\n";
    CHECK(failures > 200);
}
