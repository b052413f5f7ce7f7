#include "contracts.hpp"
#include "naive_client.hpp"
#include "support/catch.hpp"
#include <catena/error.hpp>
#include <catena/testing/mock_api.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

// A blocking client with one connection, opened anew when it is gone.
class wire {
public:
    explicit wire(std::uint16_t port) : port_(port) {}

    scripted_answer operator()(const http_request& ask)
    {
        if (!socket_) {
            socket_.emplace(context_);
            socket_->connect(tcp::endpoint(asio::ip::address_v4::loopback(), port_));
            buffer_.clear();
        }
        http::request<http::string_body> r(http::string_to_verb(ask.method), ask.target, 11);
        r.set(http::field::host, "127.0.0.1");
        for (const auto& h : ask.headers)
            r.set(h.name, h.value);
        r.body() = ask.body;
        r.prepare_payload();
        http::response<http::string_body> got;
        try {
            http::write(*socket_, r);
            http::read(*socket_, buffer_, got);
        } catch (const boost::system::system_error&) {
            socket_.reset();
            throw;
        }
        if (!got.keep_alive()) socket_.reset();
        scripted_answer a(static_cast<int>(got.result_int()), got.body());
        for (const auto& h : got)
            a.headers.push_back({std::string(h.name_string()), std::string(h.value())});
        return a;
    }

private:
    std::uint16_t port_;
    asio::io_context context_;
    std::optional<tcp::socket> socket_;
    boost::beast::flat_buffer buffer_;
};

std::vector<boost::json::value> parsed(const std::vector<std::string>& texts)
{
    std::vector<boost::json::value> all;
    for (const std::string& text : texts)
        all.push_back(boost::json::parse(text));
    return all;
}

}  // namespace

TEST_CASE("every contract is served over a real socket on one connection", "[mock_api]")
{
    for (const bool chunked : {false, true}) {
        for (const connector& c : all_contracts()) {
            CAPTURE(c.name, chunked);
            mock_api_options o;
            o.chunked = chunked;
            mock_api api(c, make_dataset(c, dataset_options(30)), {}, o);
            const connector mine = api.described(c);
            CHECK(mine.request.url.starts_with(api.url() + "/v1/"));

            wire out(api.port());
            naive_client client(mine, [&](const http_request& r) { return out(r); });
            const walked got = client.walk();
            CHECK(got.complete);
            CHECK(got.records == parsed(api.records()));
            CHECK(api.connections() == 1);
            CHECK(api.requests() == api.log().size());
        }
    }
}

TEST_CASE("a connection serves as many requests as told and says so or not", "[mock_api][T6]")
{
    for (const bool announced : {true, false}) {
        mock_api_options o;
        o.close_after = 2;
        o.announce_close = announced;
        const connector c = contract("google");
        mock_api api(c, make_dataset(c, dataset_options(35)), {}, o);
        wire out(api.port());
        int broken = 0;
        naive_client client(api.described(c), [&](const http_request& r) {
            try {
                return out(r);
            } catch (const boost::system::system_error&) {
                ++broken;
                return out(r);
            }
        });
        CHECK(client.walk().complete);
        CHECK(api.connections() == 3);
        CHECK(broken == (announced ? 0 : 2));
    }
}

TEST_CASE("an answer can be reset in its body", "[mock_api][T7]")
{
    const connector c = contract("google");
    mock_api api(c, make_dataset(c, dataset_options(35)));
    api.reset_in_body(1, 40);
    wire out(api.port());
    naive_client client(api.described(c), [&](const http_request& r) { return out(r); });
    walked got;
    REQUIRE(client.take(out(client.request()), got));
    try {
        (void)out(client.request());
        FAIL("a whole answer");
    } catch (const boost::system::system_error& e) {
        CHECK((e.code() == asio::error::connection_reset ||
               e.code() == http::error::partial_message));
    }
    CHECK(out(client.request()).status == 200);
    CHECK(api.connections() == 2);
    CHECK(api.requests() == 3);
}

TEST_CASE("a quiet connection is closed when its time is over", "[mock_api][T6]")
{
    mock_api_options o;
    o.idle_close = 30ms;
    mock_api api([](const http_request&, time_point) { return scripted_answer(200, "{}"); }, o);
    asio::io_context context;
    tcp::socket socket(context);
    socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), api.port()));
    char octet;
    error_code ec;
    const auto begun = std::chrono::steady_clock::now();
    socket.read_some(asio::buffer(&octet, 1), ec);
    CHECK(ec == asio::error::eof);
    CHECK(std::chrono::steady_clock::now() - begun >= 25ms);
}

TEST_CASE("a function is served with its delay, and what it was asked is the client's octets",
          "[mock_api]")
{
    mock_api_options o;
    o.delay = 20ms;
    std::promise<http_request> seen;
    mock_api api(
        [&](const http_request& r, time_point) {
            seen.set_value(r);
            return scripted_answer(418, "tea");
        },
        o);
    http_request ask;
    ask.method = "POST";
    ask.target = "/a%2fb?c=%7e&d=[x]";
    ask.headers = {{"X-Key", "a,b;c"}};
    ask.body = "{\"a\": 1.50}";
    wire out(api.port());
    const auto begun = std::chrono::steady_clock::now();
    const scripted_answer a = out(ask);
    CHECK(std::chrono::steady_clock::now() - begun >= 20ms);
    CHECK(a.status == 418);
    CHECK(a.body == "tea");
    const http_request got = seen.get_future().get();
    CHECK(got.method == "POST");
    CHECK(got.target == ask.target);
    CHECK(got.body == ask.body);
    CHECK(std::find_if(got.headers.begin(), got.headers.end(), [](const header_field& h) {
              return h.name == "X-Key" && h.value == "a,b;c";
          }) != got.headers.end());
}

TEST_CASE("many clients and a watcher share one server", "[mock_api]")
{
    const connector c = contract("stripe");
    mock_api api(c, make_dataset(c, dataset_options(70)));
    std::atomic<int> complete{0};
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i)
        clients.emplace_back([&] {
            wire out(api.port());
            naive_client client(api.described(c), [&](const http_request& r) { return out(r); });
            complete += client.walk().complete ? 1 : 0;
        });
    while (complete < 4) {
        (void)api.log();
        (void)api.requests();
        std::this_thread::yield();
    }
    for (std::thread& t : clients)
        t.join();
    CHECK(api.connections() == 4);
    CHECK(api.log().size() == api.requests());
}

TEST_CASE("faults and dead tokens reach a running server", "[mock_api]")
{
    const connector c = contract("google");
    mock_api api(c, make_dataset(c, dataset_options(30)));
    wire out(api.port());
    naive_client client(api.described(c), [&](const http_request& r) { return out(r); });
    walked got;
    REQUIRE(client.take(out(client.request()), got));
    api.kill_tokens();
    CHECK(out(client.request()).status == 410);
    api.add(fault::answer(503, 2));
    CHECK(out(client.request()).status == 503);
}

TEST_CASE("a session's cookie goes over the wire and its tokens need it", "[mock_api][A8]")
{
    const connector c = contract("slack");
    behaviour b;
    b.session = behaviour::session_kind::cookie;
    mock_api api(c, make_dataset(c, dataset_options(30)), b);
    wire out(api.port());
    naive_client client(api.described(c), nullptr);
    walked got;
    const scripted_answer first = out(client.request());
    REQUIRE(client.take(first, got));
    const auto set = std::find_if(first.headers.begin(), first.headers.end(),
                                  [](const header_field& h) { return h.name == "Set-Cookie"; });
    REQUIRE(set != first.headers.end());
    CHECK_THAT(set->value,
               Catch::StartsWith("session=1/") && Catch::EndsWith("; Path=/; HttpOnly"));

    http_request ask = client.request();
    CHECK_THAT(out(ask).body, Catch::Contains("invalid_cursor"));
    ask.headers.push_back({"Cookie", "a=b; " + set->value.substr(0, set->value.find(';'))});
    CHECK(client.take(wire(api.port())(ask), got));  // any connection will do
    CHECK(got.records.size() == 14);

    api.add(fault(fault::kind::session_lost, 3));
    CHECK_THAT(out(ask).body, Catch::Contains("invalid_cursor"));
    CHECK(api.log()[2].session == 1);
    CHECK(api.log()[3].session == 0);
}

TEST_CASE("a server bound to connections is told them", "[mock_api][A9]")
{
    const connector c = contract("slack");
    behaviour b;
    b.session = behaviour::session_kind::connection;
    mock_api api(c, make_dataset(c, dataset_options(30)), b);
    wire out(api.port()), other(api.port());
    naive_client client(api.described(c), nullptr);
    walked got;
    REQUIRE(client.take(out(client.request()), got));
    CHECK_THAT(other(client.request()).body, Catch::Contains("invalid_cursor"));
    CHECK(client.take(out(client.request()), got));
    CHECK(got.records.size() == 14);
    CHECK(api.log()[0].connection == 1);
    CHECK(api.log()[1].connection == 2);
    CHECK(api.log()[2].connection == 1);
}

TEST_CASE("a function is told the connection of each request", "[mock_api]")
{
    mock_api api([](const http_request&, const arrival& how) {
        return scripted_answer(200, std::to_string(how.connection));
    });
    wire a(api.port()), b(api.port());
    CHECK(a(http_request()).body == "1");
    CHECK(b(http_request()).body == "2");
    CHECK(a(http_request()).body == "1");
}

TEST_CASE("stop closes what is open and joins, with requests in flight", "[mock_api]")
{
    mock_api_options o;
    o.delay = 1h;
    mock_api api([](const http_request&, time_point) { return scripted_answer(200, "{}"); }, o);
    asio::io_context context;
    tcp::socket busy(context), idle(context);
    const tcp::endpoint to(asio::ip::address_v4::loopback(), api.port());
    busy.connect(to);
    idle.connect(to);
    asio::write(busy, asio::buffer("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27));
    while (api.requests() == 0 || api.connections() < 2)
        std::this_thread::yield();

    api.stop();
    api.stop();
    char octet;
    error_code ec;
    busy.read_some(asio::buffer(&octet, 1), ec);
    CHECK((ec == asio::error::eof || ec == asio::error::connection_reset));
    idle.read_some(asio::buffer(&octet, 1), ec);
    CHECK((ec == asio::error::eof || ec == asio::error::connection_reset));
    CHECK(api.requests() == 1);
}
