#include "codec/scan_text.hpp"
#include "support/catch.hpp"
#include <catena/codec/scan.hpp>

#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;

namespace {

/// All that a scan says, as text, so that two can be compared and printed.
std::string report(const scanner& s, const scan_plan& p, error_code ec, std::string_view body)
{
    const auto show = [&](const found& f) {
        if (!f.present) return std::string("- ");
        return std::to_string(static_cast<int>(f.kind)) + (f.escaped ? "e" : "") + "<" +
               std::string(f.at.in(body)) + "> ";
    };
    std::string text = ec ? ec.message() + " at " + std::to_string(s.octet()) + s.pointer() : "ok";
    text += " slots: ";
    for (std::size_t i = 0; i < p.slots(); ++i)
        text += show(s.slot(i));
    text += "place: " + show(s.records_place());
    for (std::size_t r = 0; r < s.records().size(); ++r) {
        if (s.records()[r].end == 0) continue;
        text += "\n" + std::string(s.records()[r].in(body)) + " : ";
        for (std::size_t i = 0; i < p.fields(); ++i)
            text += show(s.field(r, i));
    }
    return text;
}

std::string scan_whole(const scan_request& r, const std::string& body, scan_limits l = {})
{
    const scan_plan plan(r);
    scanner s(plan, l);
    const error_code ec = s.finish(body);
    return report(s, plan, ec, body);
}

/// The same in pieces of random length, in a buffer that moves each time.
std::string scan_pieces(const scan_request& r, const std::string& body, unsigned seed,
                        scan_limits l = {})
{
    const scan_plan plan(r);
    scanner s(plan, l);
    std::mt19937 chance(seed);
    std::size_t fed = 0;
    while (fed < body.size()) {
        fed = std::min(body.size(), fed + 1 + (seed == 0 ? 0 : chance() % 9));
        const std::vector<char> moved(body.begin(),
                                      body.begin() + static_cast<std::ptrdiff_t>(fed));
        (void)s.feed({moved.data(), moved.size()});
    }
    const error_code ec = s.finish(body);
    return report(s, plan, ec, body);
}

std::string slot_of(const std::string& body, const std::string& pointer)
{
    scan_request r;
    r.slots = {pointer};
    const scan_plan plan(r);
    scanner s(plan);
    if (s.finish(body)) return "error";
    const found& f = s.slot(0);
    return f.present ? std::string(f.at.in(body)) : "missing";
}

/// The error of a document nothing is wanted from, and where.
std::pair<error_code, std::size_t> check(const std::string& body, scan_limits l = {})
{
    const scan_plan plan({});
    scanner s(plan, l);
    const error_code ec = s.finish(body);
    return {ec, s.octet()};
}

scan_request typical()
{
    scan_request r;
    r.slots = {"/meta/next",      "/meta",         "/more", "/list/1/id",
               "/meta/a~1b/m~0n", "/links/0/href", ""};
    r.records = "/list";
    r.fields = {"/id", "/at/time", "", "/tags/1"};
    return r;
}

const std::vector<std::string> documents{
    R"({"list":[{"id":1,"at":{"time":"x"}},{"id":2}],"meta":{"next":"abc"},"more":true})",
    R"( { "list" : [ 1 , "two" , null , [ ] , { } , [1,"t"] ] , "more" : null } )",
    R"({"list":{"a":{"id":1}},"meta":"\u0041\n","more":-0.5e+10})",
    R"({"meta":{"a/b":{"m~n":7}},"links":[{"href":"\/x"}],"list":[]})",
    R"({"m\u0065ta":{"n\u0065xt":"é😀"},"list":null})",
    R"([{"id":1}])",
    R"("text")",
    "-12.5E-3",
    "true",
    R"({"meta":{"next":1,"next":2}})",
    R"({"meta":{},"list":[{"id":1,"id":1}]})",
    R"({"list":[{"other":1,"other":2}],"x":1,"x":2})",
    R"({"list":[1,2)",
    R"({"meta":{"next":"a)",
    "{\"meta\":\"\xc3\x28\"}",
    "{\"meta\":\"\xed\xa0\x80\"}",
    R"({"meta":"\ud800"})",
    R"({"more":tru})",
    R"({"more":trux})",
    R"({"more":01})",
    R"({"more":1.})",
    R"({"more":"\u12x4"})",
    "",
    "  ",
    "1 2",
    "[1,]",
    "{\"a\":1,}",
};

}  // namespace

TEST_CASE("the result of a scan does not depend on how the body was cut", "[scan][C1]")
{
    const auto seed = GENERATE(Catch::Generators::range(0u, 12u));
    CAPTURE(seed);
    for (const std::string& body : documents) {
        CAPTURE(body);
        CHECK(scan_pieces(typical(), body, seed) == scan_whole(typical(), body));
        scan_limits raw;
        raw.text = scan_limits::utf8::raw;
        raw.depth = 2;
        CHECK(scan_pieces(typical(), body, seed, raw) == scan_whole(typical(), body, raw));
    }
}

TEST_CASE("slots, records and fields are found where the plan says", "[scan]")
{
    const std::string got = scan_whole(typical(), documents[0]);
    CHECK(got == "ok slots: 0<abc> 5<{\"next\":\"abc\"}> 2<true> 1<2> - - 5<" + documents[0] +
                     "> place: 4<[{\"id\":1,\"at\":{\"time\":\"x\"}},{\"id\":2}]> "
                     "\n{\"id\":1,\"at\":{\"time\":\"x\"}} : 1<1> 0<x> "
                     "5<{\"id\":1,\"at\":{\"time\":\"x\"}}> - "
                     "\n{\"id\":2} : 1<2> - 5<{\"id\":2}> - ");
    CHECK(scan_whole(typical(), documents[1]).find("\n\"two\" : - - 0<two> -") !=
          std::string::npos);
    CHECK(scan_whole(typical(), documents[1]).find("\n[1,\"t\"] : - - 4<[1,\"t\"]> - ") !=
          std::string::npos);
    CHECK(scan_whole(typical(), documents[2]).find("place: 5<{\"a\":{\"id\":1}}> ") !=
          std::string::npos);
}

TEST_CASE("the values of a map are records when the plan says so", "[scan]")
{
    scan_request r;
    r.records = "/items";
    r.shape = records_rule::shape::map;
    r.fields = {"/id"};
    r.slots = {"/items/b/id"};
    CHECK(scan_whole(r, R"({"items":{"a":{"id":1},"b":{"id":2},"c":3}})") ==
          "ok slots: 1<2> place: 5<{\"a\":{\"id\":1},\"b\":{\"id\":2},\"c\":3}> "
          "\n{\"id\":1} : 1<1> \n{\"id\":2} : 1<2> \n3 : - ");
    CHECK(scan_whole(r, R"({"items":[{"id":1}]})") == "ok slots: - place: 4<[{\"id\":1}]> ");
}

TEST_CASE("the document itself can be the list of records", "[scan]")
{
    scan_request r;
    r.records = "";
    r.fields = {"/id"};
    CHECK(scan_whole(r, R"([{"id":"a"},{"id":"b"}])") ==
          "ok slots: place: 4<[{\"id\":\"a\"},{\"id\":\"b\"}]> "
          "\n{\"id\":\"a\"} : 0<a> \n{\"id\":\"b\"} : 0<b> ");
    CHECK(scan_whole(r, R"([[{"id":"a"}]])") ==
          "ok slots: place: 4<[[{\"id\":\"a\"}]]> "
          "\n[{\"id\":\"a\"}] : - ");
}

TEST_CASE("the place of the records says what stands there instead", "[scan][C9]")
{
    scan_request r;
    r.records = "/items";
    CHECK(scan_whole(r, R"({"items":null})") == "ok slots: place: 3<null> ");
    CHECK(scan_whole(r, R"({"items":"x"})") == "ok slots: place: 0<x> ");
    CHECK(scan_whole(r, R"({"other":[1]})") == "ok slots: place: - ");
}

TEST_CASE("JSON Pointers are followed as RFC 6901 says", "[scan]")
{
    const std::string body =
        R"({"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"m~n":8," ":7,"k\"l":6,"0":{"1":5},"x":[[1,2],[3]]})";
    const std::vector<std::pair<std::string, std::string>> table{
        {"", body},
        {"/foo", R"(["bar","baz"])"},
        {"/foo/0", "bar"},
        {"/foo/1", "baz"},
        {"/foo/2", "missing"},
        {"/foo/-", "missing"},
        {"/foo/01", "missing"},
        {"/", "0"},
        {"/a~1b", "1"},
        {"/c%d", "2"},
        {"/m~0n", "8"},
        {"/ ", "7"},
        {"/k\"l", "6"},
        {"/0/1", "5"},
        {"/x/1/0", "3"},
        {"/x/0/1", "2"},
        {"/foo/0/x", "missing"},
    };
    for (const auto& [pointer, value] : table) {
        CAPTURE(pointer);
        CHECK(slot_of(body, pointer) == value);
    }
    for (const char* wrong : {"foo", "/~", "/a~2", "/a/~"})
        CHECK_THROWS_AS(slot_of(body, wrong), std::invalid_argument);
}

TEST_CASE("a wanted member that stands twice is ambiguous, another is not", "[scan][C6]")
{
    CHECK(scan_whole(typical(), documents[9]).find("twice") != std::string::npos);
    scan_request r;
    r.slots = {"/a/b"};
    const scan_plan plan(r);
    scanner s(plan);
    CHECK(s.finish(R"({"a":{"b":1},"a":{}})") == errc::ambiguous_field);
    CHECK(s.pointer() == "/a");
    CHECK(s.octet() == 13);
    s.reset();
    CHECK(s.finish(R"({"a":{"b":1,"\u0062":2}})") == errc::ambiguous_field);
    CHECK(s.pointer() == "/a/b");
    s.reset();
    CHECK_FALSE(s.finish(R"({"c":1,"c":2,"d":{"a":{"b":1,"b":2}},"a":{"b":{"b":1,"b":2}}})"));
    s.reset();
    CHECK_FALSE(s.finish(R"({"a":[{"b":1},{"b":1}]})"));
}

TEST_CASE("a slot can be read as soon as it has passed", "[scan]")
{
    scan_request r;
    r.slots = {"/next"};
    const scan_plan plan(r);
    scanner s(plan);
    CHECK_FALSE(s.feed(R"({"next":"ab)"));
    CHECK_FALSE(s.slot(0).present);
    CHECK_FALSE(s.feed(R"({"next":"abc")"));
    CHECK(s.slot(0).present);
}

TEST_CASE("errors name the octet that is wrong", "[scan][C1]")
{
    const std::vector<std::pair<std::string, std::size_t>> table{
        {"[1,,2]", 3},
        {"\x01                   1", 0},
        {std::string("[\0                    1]", 24), 1},
        {"{\"a\" 1}", 5},
        {"[1] x", 4},
        {"[1][2]", 3},
        {"[NaN]", 1},
        {"[tru3]", 4},
        {"[1.x]", 3},
        {"[-]", 2},
        {"[01]", 2},
        {"[\"\\x\"]", 3},
        {"[\"\\u00g0\"]", 6},
        {"[\"a\nb\"]", 3},
        {"\xef\xbb\xbf{}", 0},
        {"[1", 2},
        {"", 0},
        {"[\"\xc3\xa9\xff\"]", 4},
        {"/**/[]", 0},
        {"[1e]", 3},
        {"[1e+]", 4},
        {"{\"a\":1]", 6},
        {"{a:1}", 1},
        {"[1}", 2},
        {"]", 0},
        {"[\"\xe2\x82\"]", 4},
    };
    for (const auto& [body, octet] : table) {
        CAPTURE(body);
        CHECK(check(body) == std::pair(make_error_code(errc::malformed_json), octet));
    }
}

TEST_CASE("depth has a limit and takes no stack", "[scan][C2]")
{
    const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
    CHECK_FALSE(check(nested(64)).first);
    CHECK(check(nested(65)) == std::pair(make_error_code(errc::limit_exceeded), std::size_t(64)));
    scan_limits deep;
    deep.depth = 1024;
    CHECK_FALSE(check(nested(1024), deep).first);
    CHECK(check(std::string(250'000, '['), deep).first == errc::limit_exceeded);
    std::string mixed;
    for (int i = 0; i < 500; ++i)
        mixed += i % 2 == 0 ? "[" : "{\"a\":";
    CHECK(check(mixed + "1" + std::string(500, ']'), deep).first == errc::malformed_json);
}

TEST_CASE("the number of records has a limit", "[scan][C13]")
{
    scan_request r;
    r.records = "";
    const scan_plan plan(r);
    scan_limits few;
    few.records = 2;
    scanner s(plan, few);
    CHECK_FALSE(s.finish("[1,2]"));
    s.reset();
    CHECK(s.finish("[1,{},3]") == errc::limit_exceeded);
    CHECK(s.octet() == 6);
}

TEST_CASE("a reset scanner knows nothing of the document before", "[scan]")
{
    const scan_plan plan(typical());
    scanner s(plan);
    for (const std::string& before : documents) {
        for (const std::string& body : documents) {
            s.reset();
            (void)s.finish(before);
            s.reset();
            const error_code ec = s.finish(body);
            REQUIRE(report(s, plan, ec, body) == scan_whole(typical(), body));
        }
    }
}

TEST_CASE("a number or string of a megabyte costs no more octet by octet", "[scan][C3]")
{
    scan_request r;
    r.slots = {"/n"};
    const scan_plan plan(r);
    for (const std::string& body : {"{\"n\":" + std::string(1'000'000, '7') + "}",
                                    "{\"n\":\"" + std::string(1'000'000, 'x') + "\"}"}) {
        scanner s(plan);
        for (std::size_t i = 1; i < body.size(); ++i)
            REQUIRE_FALSE(s.feed(std::string_view(body).substr(0, i)));
        CHECK_FALSE(s.finish(body));
        CHECK(s.slot(0).at.in(body).size() == 1'000'000);
    }
}

TEST_CASE("escapes are undone as RFC 8259 says, and lone surrogates stand for nothing",
          "[scan][C5]")
{
    const std::vector<std::pair<std::string, std::string>> table{
        {R"(plain)", "plain"},         {R"(\"\\\/\b\f\n\r\t)", "\"\\/\b\f\n\r\t"},
        {R"(\u0041\u00e9)", "Aé"},     {R"(\u20AC)", "€"},
        {R"(\ud83d\ude00!)", "😀!"},    {R"(\u0000)", std::string(1, '\0')},
        {R"(\uFFFF)", "\xef\xbf\xbf"},
    };
    std::string text;
    for (const auto& [raw, wanted] : table) {
        CAPTURE(raw);
        CHECK(codec::unescape(raw, text));
        CHECK(text == wanted);
    }
    for (const char* lone :
         {R"(\ud800)", R"(\udc00)", R"(\ud800x)", R"(\ud800\u0041)", R"(\ud800\n)"})
        CHECK_FALSE(codec::unescape(lone, text));
}
