// The little server: only whole, small requests from this machine are answered, and it waits for
// nobody.
#include "ui/server.hpp"

#include "support/catch.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <string>

using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

struct world {
    explicit world(ui::server_limits limits = {})
        : server(context.get_executor(),
                 ui::site([] { return std::string("metrics\n"); },
                          [this] {
                              ++asked;
                              return std::string("{\"n\":1}\n");
                          }),
                 0, limits)
    {
    }
    ~world()
    {
        server.stop();
        context.restart();
        context.run_for(5s);
    }

    tcp::socket& connect()
    {
        sockets.emplace_back(context);
        sockets.back().connect({asio::ip::address_v4::loopback(), server.port()});
        sockets.back().non_blocking(true);
        return sockets.back();
    }

    [[nodiscard]] std::string get(const std::string& target, const std::string& more = "") const
    {
        return "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
               "\r\n" + more + "\r\n";
    }

    /// What came until `end` was in it, the connection was closed, or five seconds are over.
    std::string read(tcp::socket& s, const std::string& end)
    {
        std::string all;
        const auto until = std::chrono::steady_clock::now() + 5s;
        while (std::chrono::steady_clock::now() < until) {
            context.restart();
            context.run_for(2ms);
            char room[4096];
            boost::system::error_code ec;
            const std::size_t n = s.read_some(asio::buffer(room), ec);
            all.append(room, n);
            if (ec && ec != asio::error::would_block) return all + "[closed]";
            if (all.find(end) != std::string::npos) return all;
        }
        return all + "[late]";
    }

    /// Run until it holds, for five seconds at most. @return Whether it does.
    template <class Condition>
    bool until(Condition holds)
    {
        const auto end = std::chrono::steady_clock::now() + 5s;
        while (std::chrono::steady_clock::now() < end) {
            if (holds()) return true;
            context.restart();
            context.run_for(2ms);
        }
        return false;
    }

    std::string exchange(tcp::socket& s, const std::string& text, const std::string& end)
    {
        asio::write(s, asio::buffer(text));
        return read(s, end);
    }

    int asked = 0;
    asio::io_context context{1};
    ui::server server;
    std::list<tcp::socket> sockets;
};

}  // namespace

TEST_CASE("a connection is kept, and each answer has the policy", "[ui]")
{
    world w;
    tcp::socket& s = w.connect();
    for (int i = 0; i < 3; ++i) {
        const std::string a = w.exchange(s, w.get("/data.json"), "{\"n\":1}\n");
        CHECK(a.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(a.find("\r\nContent-Security-Policy: default-src 'none';") != std::string::npos);
        CHECK(a.find("\r\nContent-Length: 8\r\n") != std::string::npos);
        CHECK(a.find("\r\nX-Content-Type-Options: nosniff\r\n") != std::string::npos);
        CHECK(a.find("Access-Control") == std::string::npos);
    }
    CHECK(w.asked == 3);
    // Two at once are answered in turn.
    const std::string both =
        w.exchange(s, w.get("/metrics") + w.get("/metrics", "Connection: close\r\n"), "[closed]");
    CHECK(both.find("metrics\nHTTP/1.1 200 OK") != std::string::npos);
    CHECK(both.ends_with("metrics\n[closed]"));
    CHECK(w.server.url() == "http://127.0.0.1:" + std::to_string(w.server.port()) + '/');
}

TEST_CASE("a name that was pointed at this machine gets nothing of the run", "[ui]")
{
    world w;
    const std::string a =
        w.exchange(w.connect(), "GET /data.json HTTP/1.1\r\nHost: evil.example\r\n\r\n", "only\n");
    CHECK(a.starts_with("HTTP/1.1 421 Misdirected Request\r\n"));
    CHECK(w.asked == 0);
}

TEST_CASE("a request with a body, a long head or none at all ends its connection", "[ui][F2][H3]")
{
    world w;
    const std::string host = "Host: 127.0.0.1:" + std::to_string(w.server.port()) + "\r\n";
    const std::string texts[] = {
        w.get("/data.json", "Content-Length: 5\r\n") + "hello",
        w.get("/data.json", "Transfer-Encoding: chunked\r\n") + "0\r\n",
        w.get("/data.json", "X: " + std::string(9'000, 'a') + "\r\n"),
        "GET / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n",
        "SMTP\r\n\r\n",
        std::string("\x16\x03\x01\x00\xff", 5) + std::string(300, '\x01'),
        "GET /" + std::string(9'000, 'a') + " HTTP/1.1\r\n" + host + "\r\n",
    };
    for (const std::string& text : texts) {
        CAPTURE(text.substr(0, 80));
        const std::string a = w.exchange(w.connect(), text, "[never]");
        CHECK(a.ends_with("[closed]"));
        CHECK(a.find(" 200 ") == std::string::npos);
    }
    CHECK(w.asked == 0);
}

TEST_CASE("who sends its request octet by octet is closed when its time is over", "[ui][T9]")
{
    ui::server_limits limits;
    limits.request = 150ms;
    world w(limits);
    tcp::socket& s = w.connect();
    const auto begun = std::chrono::steady_clock::now();
    std::string got;
    bool open = true;
    while (open && std::chrono::steady_clock::now() - begun < 5s) {
        boost::system::error_code ec;
        s.write_some(asio::buffer("G", 1), ec);
        open = !ec;
        w.context.restart();
        w.context.run_for(5ms);
    }
    CHECK_FALSE(open);
    CHECK(std::chrono::steady_clock::now() - begun >= 150ms);
}

TEST_CASE("who does not take its answer is closed too", "[ui][T10]")
{
    ui::server_limits limits;
    limits.send = 150ms;
    world w(limits);
    tcp::socket& s = w.connect();
    s.set_option(asio::socket_base::receive_buffer_size(4'096));
    std::string many;
    for (int i = 0; i < 400; ++i)
        many += w.get("/page.js");
    boost::system::error_code ec;
    const auto begun = std::chrono::steady_clock::now();
    std::size_t sent = 0;
    while (!ec && std::chrono::steady_clock::now() - begun < 10s) {
        if (sent < many.size()) sent += s.write_some(asio::buffer(many) + sent, ec);
        if (ec == asio::error::would_block) ec = {};
        if (sent == many.size()) s.write_some(asio::buffer("G", 1), ec);
        if (ec == asio::error::would_block) ec = {};
        w.context.restart();
        w.context.run_for(5ms);
    }
    CHECK(ec);
    CHECK(std::chrono::steady_clock::now() - begun < 10s);
}

TEST_CASE("more connections than are allowed are closed unread, and others come after", "[ui]")
{
    ui::server_limits limits;
    limits.connections = 2;
    world w(limits);
    tcp::socket& a = w.connect();
    tcp::socket& b = w.connect();
    CHECK(w.exchange(a, w.get("/metrics"), "metrics\n").ends_with("metrics\n"));
    CHECK(w.exchange(b, w.get("/metrics"), "metrics\n").ends_with("metrics\n"));
    CHECK(w.read(w.connect(), "[never]") == "[closed]");
    a.close();
    CHECK(w.until([&] {
        tcp::socket& c = w.connect();
        boost::system::error_code ec;
        asio::write(c, asio::buffer(w.get("/metrics")), ec);
        return w.read(c, "metrics\n").ends_with("metrics\n");
    }));
}

TEST_CASE("the end waits until who watches has it, and no longer", "[ui]")
{
    world w;
    bool done = false;
    const auto finish = [&](catena::duration patience) {
        done = false;
        w.server.finish(patience, [&] { done = true; });
        CHECK_FALSE(done);
        w.context.restart();
        w.context.run_for(20ms);
    };
    SECTION("nobody watches")
    {
        tcp::socket& s = w.connect();
        CHECK(w.exchange(s, w.get("/metrics"), "metrics\n").ends_with("metrics\n"));
        finish(1h);
        CHECK(w.until([&] { return done; }));
    }
    SECTION("somebody does, and asks once more")
    {
        tcp::socket& s = w.connect();
        (void)w.exchange(s, w.get("/data.json"), "}\n");
        finish(1h);
        CHECK_FALSE(done);
        (void)w.exchange(s, w.get("/data.json"), "}\n");
        CHECK(w.until([&] { return done; }));
    }
    SECTION("somebody did, and has gone")
    {
        tcp::socket& s = w.connect();
        (void)w.exchange(s, w.get("/data.json"), "}\n");
        finish(1h);
        CHECK_FALSE(done);
        s.close();
        CHECK(w.until([&] { return done; }));
    }
    SECTION("somebody sleeps")
    {
        tcp::socket& s = w.connect();
        (void)w.exchange(s, w.get("/data.json"), "}\n");
        finish(200ms);
        CHECK_FALSE(done);
        CHECK(w.until([&] { return done; }));
    }
}

TEST_CASE("a server that is stopped leaves nothing behind, and its port can be had again", "[ui]")
{
    asio::io_context context(1);
    const ui::site pages([] { return std::string(); }, [] { return std::string(); });
    auto first = std::make_unique<ui::server>(context.get_executor(), pages, std::uint16_t(0));
    const std::uint16_t port = first->port();
    CHECK_THROWS_AS(ui::server(context.get_executor(), pages, port), boost::system::system_error);
    tcp::socket s(context);
    s.connect({asio::ip::address_v4::loopback(), port});
    context.run_for(20ms);
    const auto begun = std::chrono::steady_clock::now();
    first.reset();
    context.restart();
    context.run();
    CHECK(std::chrono::steady_clock::now() - begun < 2s);  // and not its deadlines of ten
    const ui::server again(context.get_executor(), pages, port);
    CHECK(again.port() == port);
}
