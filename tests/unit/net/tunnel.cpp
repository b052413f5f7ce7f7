#include "net/tunnel.hpp"

#include "support/catch.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;
using namespace catena::net;
using Catch::Matchers::Contains;
using namespace std::string_literals;
using step = tunnel::step;

namespace {

struct talk {
    std::vector<std::string> asked;
    step end = step::receive;
    error_code ec;
    std::string detail;
};

proxy made(const std::string& url)
{
    std::string flaw;
    return parse_proxy(url, flaw).value();
}

// A proxy that says each of `answers` once it was asked something, in pieces of `step_size`.
talk play(const proxy& by, const origin& to, const std::vector<std::string>& answers,
          std::size_t step_size = 100'000, const intake_limits& limits = {})
{
    talk t;
    const auto m = make_tunnel(by, to, limits);
    for (const std::string& answer : answers) {
        if (m->next() != step::send) break;
        t.asked.push_back(m->out());
        m->on_sent();
        for (std::size_t at = 0; at < answer.size(); at += step_size)
            m->on_octets(std::string_view(answer).substr(at, step_size));
    }
    t.end = m->next();
    t.ec = m->error();
    t.detail = m->detail();
    return t;
}

const origin far_host{true, "api.test", 443};
const std::string go = "HTTP/1.1 200 OK\r\n\r\n";
const std::string reply = "\5\0\0\1\0\0\0\0\0\0"s;

}  // namespace

TEST_CASE("CONNECT names the origin and carries the proxy's credentials only", "[tunnel][T18]")
{
    const talk open = play(made("http://p.test:3128"), far_host, {go});
    CHECK(open.end == step::open);
    CHECK(open.asked[0] == "CONNECT api.test:443 HTTP/1.1\r\nHost: api.test:443\r\n\r\n");
    const talk v6 = play(made("http://Aladdin:open%20sesame@p"), {true, "::1", 8443}, {go});
    CHECK(v6.end == step::open);
    CHECK(v6.asked[0] ==
          "CONNECT [::1]:8443 HTTP/1.1\r\nHost: [::1]:8443\r\n"
          "Proxy-Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n\r\n");
}

TEST_CASE("an answer to CONNECT opens the way or names proxy, cause and cure", "[tunnel][T18]")
{
    struct row {
        const char* what;
        std::string url, answer;
        error_code ec;
        const char* detail;
    };
    const std::string open = "http://p.test:3128", closed = "http://canary:canary@p.test:3128";
    const auto status = [](const char* s) { return "HTTP/1.1 "s + s + "\r\n\r\n"; };
    const row rows[] = {
        {"another 2xx", open, status("299 Yes"), {}, ""},
        {"HTTP/1.0", open, "HTTP/1.0 200 OK\r\n\r\n", {}, ""},
        {"after interim ones", open, status("100 Wait") + go, {}, ""},
        {"lengths mean nothing",
         open,
         "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\nTransfer-Encoding: "
         "x\r\n\r\n",
         {},
         ""},
        {"no credentials", open, status("407 No"), errc::proxy_refused, "asks for a user"},
        {"wrong credentials", closed, status("407 No"), errc::proxy_refused, "does not accept"},
        {"another scheme", closed, "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\n\r\n",
         errc::proxy_refused, "in no way that is known here"},
        {"Basic among others", closed,
         "HTTP/1.1 407 No\r\nProxy-Authenticate: NTLM\r\nproxy-authenticate: BASIC realm=x\r\n\r\n",
         errc::proxy_refused, "does not accept"},
        {"forbidden", open, status("403 No"), errc::proxy_refused, "status 403"},
        {"a redirect", open, status("302 No"), errc::proxy_refused, "status 302"},
        {"a bad gateway", open, status("502 No"), errc::proxy_failed, "status 502"},
        {"a slow gateway", open, status("504 No"), errc::proxy_failed, "status 504"},
        {"too many requests", open, status("429 No"), errc::proxy_failed, "status 429"},
        {"not HTTP", open, "SSH-2.0-x\r\n", errc::proxy_failed, "check the scheme"},
        {"TLS", open, "\x15\x03\x03", errc::proxy_refused, "expects TLS itself"},
        {"octets after it", open, go + "x", errc::proxy_failed, "before it was asked"},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        const talk whole = play(made(r.url), far_host, {r.answer});
        CHECK(whole.end == (r.ec ? step::failed : step::open));
        CHECK(whole.ec == r.ec);
        CHECK_THAT(whole.detail, Contains(r.detail) && !Contains("canary"));
        if (r.ec) CHECK_THAT(whole.detail, Contains("the proxy p.test:3128 "));
        for (std::size_t n = 1; n < r.answer.size(); ++n)
            CHECK(play(made(r.url), far_host, {r.answer}, n).ec == r.ec);
    }
}

TEST_CASE("an answer to CONNECT without end is cut off at the limit of header blocks",
          "[tunnel][T18]")
{
    intake_limits small;
    small.header_octets = 100;
    const std::string endless = "HTTP/1.1 200 OK\r\nX: " + std::string(200, 'x');
    const talk t = play(made("http://p.test:3128"), far_host, {endless}, 7, small);
    CHECK(t.ec == errc::proxy_failed);
    CHECK_THAT(t.detail, Contains("intake_limits::header_octets is 100"));
}

TEST_CASE("SOCKS5 gives the proxy a name, an address and credentials in its own octets",
          "[tunnel][T18]")
{
    const talk name = play(made("socks5h://p"), far_host, {"\5\0"s, reply});
    CHECK(name.end == step::open);
    CHECK(name.asked[0] == "\5\1\0"s);
    CHECK(name.asked[1] == "\5\1\0\3\x08"s + "api.test" + "\1\xbb"s);

    const talk v4 = play(made("socks5://p"), {false, "1.2.3.4", 80}, {"\5\0"s, reply});
    CHECK(v4.asked[1] == "\5\1\0\1\1\2\3\4\0\x50"s);
    const std::string v6_reply = "\5\0\0\4"s + std::string(18, '\0');
    const talk v6 = play(made("socks5://p"), {false, "::5", 80}, {"\5\0"s, v6_reply});
    CHECK(v6.end == step::open);
    CHECK(v6.asked[1] == "\5\1\0\4"s + std::string(15, '\0') + "\5\0\x50"s);

    const std::string name_reply = "\5\0\0\3\3abc\0\0"s;
    const talk user = play(made("socks5://me:pw@p"), far_host, {"\5\2"s, "\1\0"s, name_reply});
    CHECK(user.end == step::open);
    CHECK(user.asked[0] == "\5\2\0\2"s);
    CHECK(user.asked[1] == "\1\2me\2pw"s);
    const talk unasked = play(made("socks5://me:pw@p"), far_host, {"\5\0"s, reply});
    CHECK(unasked.end == step::open);
    CHECK(unasked.asked.size() == 2);

    const talk too_long = play(made("socks5h://p"), {false, std::string(256, 'a'), 80}, {"\5\0"s});
    CHECK(too_long.ec == errc::proxy_refused);
}

TEST_CASE("what a SOCKS5 proxy refuses names proxy, cause and cure", "[tunnel][T18]")
{
    struct row {
        const char* what;
        std::string url;
        std::vector<std::string> answers;
        error_code ec;
        const char* detail;
    };
    const std::string open = "socks5://p.test", closed = "socks5://canary:canary@p.test";
    const auto no = [](char code) { return std::vector{"\5\0"s, "\5"s + code}; };
    const row rows[] = {
        {"wants credentials", open, {"\5\xff"s}, errc::proxy_refused, "asks for a user"},
        {"another way", closed, {"\5\xff"s}, errc::proxy_refused, "in no way that is known"},
        {"wrong ones", closed, {"\5\2"s, "\1\1"s}, errc::proxy_refused, "does not accept"},
        {"a way not offered", open, {"\5\2"s}, errc::proxy_failed, "does not speak SOCKS5"},
        {"no verdict", closed, {"\5\2"s, "\5\0"s}, errc::proxy_failed, "does not speak SOCKS5"},
        {"another version", open, {"HTTP"}, errc::proxy_failed, "check the scheme"},
        {"another version, late", open, {"\5\0"s, "\4\0"s}, errc::proxy_failed, "SOCKS5"},
        {"failure", open, no(1), errc::proxy_failed, "(1)"},
        {"rules", open, no(2), errc::proxy_refused, "rules (2)"},
        {"network", open, no(3), errc::proxy_failed, "network (3)"},
        {"host", open, no(4), errc::proxy_failed, "host (4)"},
        {"refused", open, no(5), errc::proxy_failed, "refused by the origin's host (5)"},
        {"time", open, no(6), errc::proxy_failed, "in time (6)"},
        {"command", open, no(7), errc::proxy_refused, "CONNECT (7)"},
        {"address", open, no(8), errc::proxy_refused, "socks5h"},
        {"unknown", open, no(9), errc::proxy_failed, "does not speak SOCKS5"},
        {"no address", open, {"\5\0"s, "\5\0\0\2\0"s}, errc::proxy_failed, "SOCKS5"},
        {"out of turn", open, {"\5\0\5"s}, errc::proxy_failed, "before it was asked"},
        {"too much", open, {"\5\0"s, reply + 'x'}, errc::proxy_failed, "before it was asked"},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        for (const std::size_t n : {1u, 2u, 3u, 100u}) {
            const talk t = play(made(r.url), far_host, r.answers, n);
            CHECK(t.end == step::failed);
            CHECK(t.ec == r.ec);
            CHECK_THAT(t.detail, Contains(r.detail) && !Contains("canary"));
            CHECK_THAT(t.detail, Contains("the proxy p.test:1080 "));
        }
    }
}

TEST_CASE("a proxy that hangs up at any point has failed, and that is the end", "[tunnel][T18]")
{
    const std::vector<std::string> said[] = {{}, {"\5"s}, {"\5\2"s}, {"\5\2"s, "\1\0"s, "\5\0\0"s}};
    for (const auto& answers : said) {
        const proxy by = made("socks5h://me:pw@p.test");
        const auto m = make_tunnel(by, far_host, intake_limits());
        for (const std::string& a : answers) {
            m->on_sent();
            m->on_octets(a);
        }
        m->on_broken(error_code());
        CHECK(m->next() == step::failed);
        CHECK(m->error() == errc::proxy_failed);
        CHECK_THAT(m->detail(), Contains("ended the connection"));
        m->on_octets(reply);
        m->on_sent();
        CHECK(m->next() == step::failed);
    }
    const proxy by = made("http://p.test");
    const auto m = make_tunnel(by, far_host, intake_limits());
    m->on_sent();
    m->on_octets(go);
    m->on_broken(make_error_code(errc::truncated));
    CHECK(m->next() == step::open);
}
