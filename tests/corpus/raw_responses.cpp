#include "replay.hpp"
#include "support/catch.hpp"
#include "support/corpora.hpp"
#include "support/json_corpus.hpp"
#include "support/raw_server.hpp"
#include "unit/net/exchange_probe.hpp"
#include <catena/net/http_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <iostream>
#include <map>
#include <string>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

// Cases whose verdict is not the wire's. The wire must bring their octets up unharmed.
const std::map<std::string, std::string> judged_above = {
    {"until-close-cut", "a body without length is a page only if its JSON is whole: page reader"},
    {"bom", "whether a byte order mark is dropped or refused is the page reader's verdict"},
    {"html-200", "that HTML is no page is the page reader's verdict"},
    {"gzip", "content coding"},
    {"gzip-members", "content coding"},
    {"gzip-cut", "content coding"},
    {"gzip-cut-mid", "content coding"},
    {"deflate-zlib", "content coding"},
    {"deflate-raw", "content coding"},
    {"gzip-bomb", "content coding"},
    {"gzip-nested", "content coding"},
    {"br-unasked", "content coding"},
};

struct raw_case {
    std::string id;
    script play;
    json::value expect;
};

script script_of(const json::object& o)
{
    script s;
    if (const auto* list = o.if_contains("segments")) {
        for (const json::value& v : list->as_array()) {
            if (v.is_string()) {
                s.segments.push_back(octets_of(v.get_string()));
                continue;
            }
            const std::string unit = octets_of(v.at(0).as_string());
            std::string all;
            for (auto n = v.at(1).as_int64(); n > 0; --n)
                all += unit;
            s.segments.push_back(std::move(all));
        }
    } else {
        for (const json::value& v : o.at("segments_b64").as_array())
            s.segments.push_back(from_base64(v.as_string()));
    }
    const std::string_view close = o.at("close").as_string();
    s.then = close == "fin"    ? script::ending::fin
             : close == "rst"  ? script::ending::reset
             : close == "drip" ? script::ending::drip
                               : script::ending::hold;
    s.gap = s.then == script::ending::drip ? 20ms : 0ms;
    return s;
}

std::vector<raw_case> raw_cases()
{
    std::vector<raw_case> all;
    const json::array cases = json_corpus("raw-responses/raw.json");
    for (const json::value& v : cases) {
        const json::object& o = v.as_object();
        all.push_back({std::string(o.at("id").as_string()), script_of(o), o.at("expect")});
    }
    return all;
}

bool of_kind(error_code ec, std::string_view kind)
{
    if (kind == "framing" || kind == "header" || kind == "protocol")
        return ec == errc::bad_response;
    if (kind == "limit") return ec == errc::limit_exceeded;
    if (kind == "truncated") return ec == errc::truncated;
    if (kind == "reset") return ec == asio::error::connection_reset;
    if (kind == "timeout")
        return ec == errc::timed_out_first_octet || ec == errc::timed_out_idle ||
               ec == errc::timed_out_request;
    return false;
}

struct verdict {
    error_code ec;
    int status;
    std::string body;
    bool reuse;
};

bool meets(const verdict& v, const json::value& expect)
{
    const json::object& o = expect.as_object();
    if (const auto* either = o.if_contains("either")) {
        for (const json::value& one : either->as_array())
            if (meets(v, one)) return true;
        return false;
    }
    if (o.at("outcome") == "error") return of_kind(v.ec, o.at("kind").as_string());
    if (v.ec || v.status != o.at("status").as_int64()) return false;
    if (const auto* reuse = o.if_contains("reuse"); reuse && reuse->as_bool() != v.reuse)
        return false;
    return o.at("outcome") == "empty" ? v.body.empty()
                                      : v.body == octets_of(o.at("body").as_string());
}

std::string all_of(const script& s)
{
    std::string text;
    for (const std::string& segment : s.segments)
        text += segment;
    return text;
}

// Plays the case on a socket, and once more to see whether the connection serves again.
verdict play(const raw_case& c)
{
    asio::io_context context;
    raw_server server(context, [&](const raw_server::asked&) { return c.play; });
    wire_options options;
    options.times.first_octet = options.times.idle = 200ms;
    options.times.request = 2s;
    options.times.rate_window = 100ms;
    options.times.least_octets_per_second = 1000;
    http_transport wire(context.get_executor(), options);
    probe first(server.port());
    first.run(context, wire);
    verdict v{first.ec, first.status, first.body, false};
    if (!v.ec) {
        while (context.poll_one() != 0) {
        }
        probe second(server.port());
        second.ask.repeatable = false;
        second.run(context, wire);
        v.reuse = second.report.reused;
    }
    return v;
}

}  // namespace

TEST_CASE("answers of every kind are read or refused as they deserve",
          "[raw_responses][H1][H2][H3][H4][H5][H6][H7][H8][H9][H10][H14][T7][T8][T9][T10]")
{
    std::size_t good = 0, total = 0;
    std::string above;
    for (const raw_case& c : raw_cases()) {
        CAPTURE(c.id);
        const verdict v = play(c);
        if (judged_above.count(c.id) != 0) {
            above += ' ' + c.id;
            CHECK(v.ec == error_code());
            continue;
        }
        ++total;
        CAPTURE(v.ec, v.status, v.body, v.reuse);
        const bool met = meets(v, c.expect);
        CHECK(met);
        good += met;
    }
    std::cout << "raw-responses: " << good << " of " << total << "; judged above the wire:" << above
              << '\n';
}

TEST_CASE("how an answer is cut into pieces changes nothing", "[raw_responses][H3]")
{
    std::size_t total = 0;
    for (const raw_case& c : raw_cases()) {
        CAPTURE(c.id);
        const after end = c.play.then == script::ending::fin ? after::ended : after::open;
        CHECK(splits_agree(std::string_view(all_of(c.play)).substr(0, 200'000), end));
        ++total;
    }
    std::cout << "raw-responses: " << total << " replayed at every split\n";
}
