#include "codec/lines_scan.hpp"

#include "support/catch.hpp"

#include <cstddef>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace catena;
using codec::lines_scanner;

namespace {

scan_request wanted()
{
    scan_request r;
    r.slots = {"/error", "/ok", ""};
    r.fields = {"/id", "/at/time", "", "/error"};
    return r;
}

/// Everything that a scan says, as one text.
std::string told(const scan_plan& plan, const scanned& s, error_code ec, std::size_t octet,
                 const std::string& pointer, std::string_view body)
{
    std::string out = ec ? ec.message() + " at " + std::to_string(octet) + pointer : "ok";
    const auto one = [&](const found& f) {
        out += f.present ? " " + std::to_string(static_cast<int>(f.kind)) + "<" +
                               std::string(s.octets(f, body)) + ">"
                         : " -";
    };
    for (std::size_t i = 0; !ec && i < plan.slots(); ++i)
        one(s.slot(i));
    if (s.records_place().present) out += " place";
    for (std::size_t r = 0; r < s.records().size(); ++r) {
        const extent at = s.records()[r];
        if (at.end == 0) continue;
        out += "\n" + std::string(at.in(body)) + " :";
        for (std::size_t i = 0; i < plan.fields(); ++i)
            one(s.field(r, i));
    }
    return out;
}

std::string scan(const std::string& body, std::size_t cut = 0, const scan_limits& l = {})
{
    const scan_plan plan(wanted());
    lines_scanner s(plan, l);
    error_code ec;
    if (cut != 0) ec = s.feed(std::string(body, 0, cut));
    const error_code last = s.finish(body);
    if (ec) CHECK(last == ec);
    return told(plan, s.so_far(), last, s.octet(), s.pointer(), body);
}

/// The same octet by octet, each time in another buffer.
std::string scan_octets(const std::string& body)
{
    const scan_plan plan(wanted());
    lines_scanner s(plan);
    s.reset(3);
    for (std::size_t n = 1; n <= body.size(); ++n)
        (void)s.feed(std::string(body, 0, n));
    const error_code ec = s.finish(body);
    return told(plan, s.so_far(), ec, s.octet(), s.pointer(), body);
}

/// Error and octet.
std::pair<errc, std::size_t> trouble(const std::string& body, const scan_limits& l = {})
{
    const scan_plan plan(wanted());
    lines_scanner s(plan, l);
    const error_code ec = s.finish(body);
    CHECK(s.finish(body) == ec);
    return {static_cast<errc>(ec.value()), s.octet()};
}

const std::vector<std::string> bodies{
    "",
    "\n",
    " \r\n\t\n",
    "{\"id\":1}",
    "{\"id\":1}\n",
    "{\"id\":1}\r\n{\"id\":\"\\u0032\",\"at\":{\"time\":9007199254740993}}\r\n",
    "\n\n {\"id\":1} \n\n[1,{\"id\":2}]\n\"text\"\n-1.50e+400 \nnull\n",
    "{\"id\":1,\"error\":\"x\"}\n{\"error\":null,\"ok\":false}",
    "{\"a\":1,\"a\":2}\n{\"id\":1}\n",
    "{\"id\":1}\n{\"id\":1,\"id\":2}\n",
    "{\"id\":1}\n{\"id\":",
    "{\"id\":1}\n{\"id\":\n2}\n",
    "{\"id\":1} {\"id\":2}\n",
    "{\"id\":1}\n,{\"id\":2}\n",
    "{\"id\":\"\xc3\x28\"}\n",
    "\xef\xbb\xbf{\"id\":1}\n",
    "{\"id\":1}\n<html>\n",
};

}  // namespace

TEST_CASE("each line is a record, and blank ones are none", "[lines]")
{
    CHECK(scan("") == "ok - - - place");
    CHECK(scan(" \r\n\n\t\n") == "ok - - - place");
    CHECK(scan("{\"id\":1}") == "ok - - 5<{\"id\":1}> place\n{\"id\":1} : 1<1> - 5<{\"id\":1}> -");
    CHECK(scan("\n{\"id\":\"a\"} \r\n\r\n [2]\t\n7\n") ==
          "ok - - 1<7> place\n{\"id\":\"a\"} : 0<a> - 5<{\"id\":\"a\"}> -\n[2] : - - 4<[2]> -\n"
          "7 : - - 1<7> -");
}

TEST_CASE("numbers keep their digits, and texts their octets", "[lines][C5][C7]")
{
    CHECK(
        scan("{\"id\":18446744073709551616.0e1,\"at\":{\"time\":\"\\ud800\xc3\xa9\"}}\n") ==
        "ok - - 5<{\"id\":18446744073709551616.0e1,\"at\":{\"time\":\"\\ud800\xc3\xa9\"}}> place\n"
        "{\"id\":18446744073709551616.0e1,\"at\":{\"time\":\"\\ud800\xc3\xa9\"}} : "
        "1<18446744073709551616.0e1> 0<\\ud800\xc3\xa9> "
        "5<{\"id\":18446744073709551616.0e1,\"at\":{\"time\":\"\\ud800\xc3\xa9\"}}> -");
}

TEST_CASE("slots hold what the last line has", "[lines]")
{
    CHECK(scan("{\"error\":\"x\",\"ok\":true}\n{\"ok\":false}\n\n").substr(0, 11) == "ok - 2<fals");
    CHECK(scan("{\"ok\":true}\n{\"error\":\"x\"}").substr(0, 10) == "ok 0<x> - ");
}

TEST_CASE("the result of a scan of lines does not depend on how the body was cut", "[lines][C1]")
{
    for (const std::string& body : bodies) {
        CAPTURE(body);
        const std::string whole = scan(body);
        for (std::size_t cut = 1; cut <= body.size(); ++cut)
            REQUIRE(scan(body, cut) == whole);
        REQUIRE(scan_octets(body) == whole);
    }
}

TEST_CASE("a line that is no whole JSON value spoils the body, with its octet", "[lines][C1][C6]")
{
    const struct {
        const char* body;
        errc code;
        std::size_t octet;
    } rows[] = {
        {"{\"id\":1}\n{\"id\":", errc::malformed_json, 15},
        {"{\"id\":1}\n{\"id\":\n2}\n", errc::malformed_json, 15},
        {"{\"id\":1}\n{\"id\":1", errc::malformed_json, 16},
        {"{\"id\":1}\n12\n\"a", errc::malformed_json, 14},
        {"{\"id\":1} {\"id\":2}\n", errc::malformed_json, 9},
        {"{\"id\":1},\n{\"id\":2}\n", errc::malformed_json, 8},
        {"[{\"id\":1},\n{\"id\":2}]\n", errc::malformed_json, 10},
        {"{\"id\":1}\n// no\n", errc::malformed_json, 9},
        {"{\"id\":1}\nNaN\n", errc::malformed_json, 9},
        {"{\"id\":1}\n{\"id\":2,\"id\":3}\n", errc::ambiguous_field, 17},
    };
    for (const auto& r : rows) {
        CAPTURE(r.body);
        CHECK(trouble(r.body) == std::pair(r.code, r.octet));
    }
}

TEST_CASE("records, depth and encoding are bounded in lines as in a document", "[lines][C2][C3]")
{
    scan_limits l;
    l.records = 2;
    l.depth = 2;
    CHECK(trouble("1\n2\n", l).first == errc{});
    CHECK(trouble("1\n2\n3\n", l) == std::pair(errc::limit_exceeded, std::size_t(4)));
    CHECK(trouble("1\n[[]]\n", l).first == errc{});
    CHECK(trouble("1\n[[[]]]\n", l) == std::pair(errc::limit_exceeded, std::size_t(4)));
    CHECK(trouble("\"\xff\"\n", l).first == errc::malformed_json);
    CHECK(trouble(std::string(250'000, '[')).first == errc::limit_exceeded);
}

TEST_CASE("lines are read as the elements of an array are", "[lines]")
{
    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 chance(seed);
    const std::vector<std::string> values{"{\"id\":1}", "{\"id\":\"\\n\",\"at\":{\"time\":[]}}",
                                          "[]",         "\"a,b\"",
                                          "-0.5",       "{\"error\":{\"id\":{}}}",
                                          "{}",         "{\"at\":{\"time\":null},\"id\":true}"};
    scan_request of_array = wanted();
    of_array.slots.clear();
    of_array.records = "";
    const scan_plan plan(wanted()), array_plan(of_array);
    lines_scanner lines(plan);
    for (int round = 0; round < 500; ++round) {
        std::string body, array = "[";
        const std::size_t n = chance() % 20;
        for (std::size_t i = 0; i < n; ++i) {
            const std::string& v = values[chance() % values.size()];
            body += v + (chance() % 3 == 0 ? " \r\n" : "\n") + (chance() % 4 == 0 ? "\n" : "");
            array += (i == 0 ? "" : ",") + v;
        }
        array += "]";
        lines.reset();
        scanner truth(array_plan);
        REQUIRE_FALSE(lines.finish(body));
        REQUIRE_FALSE(truth.finish(array));
        REQUIRE(lines.so_far().records().size() == n);
        for (std::size_t i = 0; i < n; ++i) {
            REQUIRE(lines.so_far().records()[i].in(body) == truth.records()[i].in(array));
            for (std::size_t f = 0; f < plan.fields(); ++f) {
                const found &a = lines.so_far().field(i, f), &b = truth.field(i, f);
                REQUIRE(a.present == b.present);
                REQUIRE(a.kind == b.kind);
                REQUIRE(a.escaped == b.escaped);
                REQUIRE(a.at.in(body) == b.at.in(array));
            }
        }
    }
}
