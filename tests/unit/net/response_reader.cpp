#include "net/response_reader.hpp"

#include "corpus/replay.hpp"
#include "support/catch.hpp"

#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

std::string head(const std::string& fields) { return "HTTP/1.1 200 OK\r\n" + fields + "\r\n"; }

const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

reading read_all(const std::string& text)
{
    return replay(text, text.size(), text.size(), after::open);
}

}  // namespace

TEST_CASE("what is framed in two ways, or in none, is refused",
          "[response_reader][H1][H2][H7][H8][H10][H14]")
{
    const std::string bad[] = {
        head("Content-Length: 5\r\nContent-Length: 5\r\n") + "hello",
        head("Content-Length: 5, 5\r\n") + "hello",
        head("Content-Length: +5\r\n") + "hello",
        head("Content-Length: -1\r\n") + "hello",
        head("Content-Length: 0x5\r\n") + "hello",
        head("Content-Length: \r\n") + "hello",
        head("Content-Length: 18446744073709551616\r\n") + "hello",
        head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "5\r\nhello\r\n0\r\n\r\n",
        head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n",
        head("Transfer-Encoding: gzip, chunked\r\n") + "0\r\n\r\n",
        head("Transfer-Encoding: identity\r\n") + "0\r\n\r\n",
        head("Transfer-Encoding:\r\n") + "0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        head("A : b\r\n"),
        head(": b\r\n"),
        head("no colon\r\n"),
        head("A: b\r\n c\r\n"),
        head("A: b\rc\r\n"),
        head(std::string("A: b\0c\r\n", 8)),
        "HTTP/1.1 200 OK\nA: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\n\r\n",
        "HTTP/1.1 099 X\r\n\r\n",
        "HTTP/1.1 20 X\r\n\r\n",
        "HTTP/1.1 2000 X\r\n\r\n",
        "HTTP/1.1 200X\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.2 200 OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\r\nHTTP/1.1 200 OK\r\n\r\n",
        chunked + "\r\n",
        chunked + "g\r\n",
        chunked + "-5\r\nhello\r\n",
        chunked + "10000000000000000\r\n",
        chunked + "5\nhello\r\n",
        chunked + "5\rhello\r\n",
        chunked + "5\r\nhelloX\r\n0\r\n\r\n",
        chunked + "5\r\nhello\n0\r\n\r\n",
        chunked + "5 6\r\nhello\r\n0\r\n\r\n",
        chunked + "5;\r\nhello\r\n0\r\n\r\n",
        chunked + "5;a=\"b\r\nhello\r\n0\r\n\r\n",
        chunked + "5;a=\"b\\\r\nhello\r\n0\r\n\r\n",
        chunked + "5;a=b\nhello\r\n0\r\n\r\n",
        chunked + "0\r\n: b\r\n\r\n",
        chunked + "0\r\nA b\r\n\r\n",
        chunked + "0\r\nA: b\n\r\n",
        chunked + "0\r\n\rX",
    };
    for (const std::string& text : bad) {
        CAPTURE(text);
        CHECK(read_all(text).ec == errc::bad_response);
        CHECK(splits_agree(text, after::open));
    }
}

TEST_CASE("what is framed well is read to its end and no further", "[response_reader][H3][H4][H5]")
{
    struct row {
        std::string text;
        std::string body;
        bool reuse;
    };
    const row rows[] = {
        {head("Content-Length: 5\r\n") + "hello", "hello", true},
        {head("content-length:5\r\n") + "hello", "hello", true},
        {head("Content-Length: 0\r\n"), "", true},
        {head("Content-Length: 5\r\n") + "hellomore", "hello", false},
        {head("Connection: close\r\nContent-Length: 1\r\n") + "x", "x", false},
        {head("Connection: keep-alive, foo ,CLOSE\r\nContent-Length: 1\r\n") + "x", "x", false},
        {head("Connection: closed\r\nContent-Length: 1\r\n") + "x", "x", true},
        {chunked + "0\r\n\r\n", "", true},
        {chunked + "5\r\nhello\r\n0\r\n\r\n", "hello", true},
        {chunked + "2;a;b=c;d=\"e;\\\"\"\r\nhe\r\n003  \r\nllo\r\n00\r\nA: b\r\nC:\r\n\r\n",
         "hello", true},
        {chunked + "0;a=\"\\x\"\r\n\r\n", "", true},
        {"HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n" +
             head("Content-Length: 1\r\n") + "x",
         "x", true},
        {"HTTP/1.1 204 No\r\n\r\n", "", true},
        {"HTTP/1.1 204 No\r\nContent-Length: 4\r\n\r\n", "", false},
        {"HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n", "", false},
        {"HTTP/1.1 304 Same\r\nContent-Length: 4\r\n\r\n", "", true},
        {"HTTP/1.1 304 Same\r\nTransfer-Encoding: chunked\r\n\r\n", "", true},
        {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", "x", false},
        {"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", "x", true},
        {"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", "x", true},
    };
    for (const row& r : rows) {
        CAPTURE(r.text);
        const reading got = read_all(r.text);
        CHECK(got.ec == error_code());
        CHECK(got.done);
        CHECK(got.heads == 1);
        CHECK(got.body == r.body);
        CHECK(got.reuse == r.reuse);
        CHECK(splits_agree(r.text, after::open));
    }
}

TEST_CASE("an end of the connection ends an answer only where its framing says so",
          "[response_reader][T8]")
{
    const std::string until_close = head("") + "hello";
    CHECK(replay(until_close, 10, 10, after::open).done == false);
    const reading whole = replay(until_close, 10, 10, after::ended);
    CHECK(whole.done);
    CHECK(whole.body == "hello");
    CHECK_FALSE(whole.reuse);

    for (const std::string& text :
         {head("Content-Length: 9\r\n") + "hello", chunked + "5\r\nhello\r\n0\r\n\r\n"})
        for (std::size_t n = 0; n < text.size(); ++n)
            CHECK(replay(text.substr(0, n), n, n + 1, after::ended).ec == errc::truncated);
}

TEST_CASE("every intake limit holds to the octet", "[response_reader][H2][H4][H6]")
{
    intake_limits l;
    l.header_octets = 200;
    l.header_lines = 5;
    l.interim_answers = 3;
    l.chunk_line_octets = 20;
    l.trailer_octets = 30;
    l.body_octets = 10;

    const auto of_size = [](std::size_t n, const std::string& end) {
        const std::string start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: ";
        return start + std::string(n - start.size() - end.size(), 'a') + end;
    };
    const auto repeat = [](const std::string& text, int n) {
        std::string all;
        for (int i = 0; i < n; ++i)
            all += text;
        return all;
    };
    const std::string none = head("Content-Length: 0\r\n");
    const std::pair<std::string, std::string> rows[] = {
        {of_size(200, "\r\n\r\n"), of_size(201, "\r\n\r\n")},
        {head("Content-Length: 0\r\n" + repeat("A: b\r\n", 4)),
         head("Content-Length: 0\r\n" + repeat("A: b\r\n", 5))},
        {repeat("HTTP/1.1 100 C\r\n\r\n", 3) + none, repeat("HTTP/1.1 100 C\r\n\r\n", 4) + none},
        {chunked + "0;" + std::string(16, 'a') + "\r\n\r\n",
         chunked + "0;" + std::string(17, 'a') + "\r\n\r\n"},
        {chunked + "0\r\nA:" + std::string(24, 'a') + "\r\n\r\n",
         chunked + "0\r\nA:" + std::string(25, 'a') + "\r\n\r\n"},
        {head("Content-Length: 10\r\n") + "0123456789", head("Content-Length: 11\r\n")},
        {chunked + "6\r\n012345\r\n4\r\n6789\r\n0\r\n\r\n",
         chunked + "6\r\n012345\r\n5\r\n6789x\r\n0\r\n\r\n"},
    };
    for (const auto& [fits, exceeds] : rows) {
        for (const bool slowly : {false, true}) {
            CAPTURE(fits, slowly);
            for (const bool over : {false, true}) {
                const std::string& text = over ? exceeds : fits;
                net::response_reader reader(l);
                reading r;
                for (std::size_t at = 0; at < text.size() && !reader.failed();)
                    at +=
                        reader.feed(std::string_view(text).substr(at, slowly ? 1 : text.size()), r);
                CHECK(reader.done() == !over);
                if (over) {
                    CHECK(reader.error() == errc::limit_exceeded);
                    CHECK(reader.detail().find("intake_limits::") == 0);
                }
            }
        }
    }
}

TEST_CASE("what is not HTTP is called so, also where one piece of it is over the limit",
          "[response_reader][H6]")
{
    intake_limits l;
    l.header_octets = 20;
    const std::pair<std::string, errc> rows[] = {{"\x16\x03\x01", errc::not_tls},
                                                 {"220 mail.test", errc::bad_response}};
    for (const auto& [start, why] : rows) {
        for (const std::size_t piece : {1u, 20u, 21u, 100u}) {
            CAPTURE(start, piece);
            const std::string text = start + std::string(100, 'a');
            net::response_reader reader(l);
            reading r;
            for (std::size_t at = 0; at < text.size() && !reader.failed(); at += piece)
                (void)reader.feed(std::string_view(text).substr(at, piece), r);
            CHECK(reader.error() == why);
        }
    }
}

TEST_CASE("one reader reads many answers, one after another", "[response_reader]")
{
    const std::string answers[] = {head("Content-Length: 5\r\n") + "hello",
                                   chunked + "5\r\nhello\r\n0\r\nA: b\r\n\r\n",
                                   "HTTP/1.1 304 Same\r\n\r\n"};
    std::mt19937 chance(7);
    net::response_reader reader;
    for (int i = 0; i < 300; ++i) {
        const std::string& text = answers[chance() % 3];
        reading r;
        reader.expect(net::response_reader::body_rule::as_framed);
        for (std::size_t at = 0; at < text.size();)
            at += reader.feed(std::string_view(text).substr(at, 1 + chance() % 40), r);
        REQUIRE(reader.done());
        CHECK(reader.keep_alive());
        CHECK(r.heads == 1);
    }
}

TEST_CASE("a message of ours shows no control octet of the server's", "[response_reader]")
{
    const std::string text = head("Transfer-Encoding: \x1b[31m\x07red\r\n");
    net::response_reader reader;
    reading r;
    (void)reader.feed(text, r);
    CHECK(reader.failed());
    CHECK(reader.detail() == "a transfer coding other than chunked: \"?[31m?red\"");
}
