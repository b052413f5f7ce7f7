#include "codec/xml_scan.hpp"

#include "codec/xml_outline.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;
using codec::xml_scanner;

namespace {

/// All that a scan says, as text, so that two can be compared and printed.
std::string report(const xml_scanner& s, const scan_plan& p, error_code ec, std::string_view body)
{
    const scanned& out = s.so_far();
    const auto show = [&](const found& f) {
        if (!f.present) return std::string("- ");
        return (f.kind == json_kind::object ? "E<" : "<") + std::string(out.octets(f, body)) + "> ";
    };
    std::string text =
        ec ? ec.message() + " at " + std::to_string(s.octet()) + s.pointer() + s.trouble() : "ok";
    text += " slots: ";
    for (std::size_t i = 0; i < p.slots(); ++i)
        text += show(out.slot(i));
    const found& place = out.records_place();
    text += place.present ? (place.kind == json_kind::array ? "place" : "other root") : "no place";
    for (std::size_t r = 0; r < out.records().size(); ++r) {
        if (out.records()[r].end == 0) continue;
        text += "\n" + std::string(out.records()[r].in(body)) + " : ";
        for (std::size_t i = 0; i < p.fields(); ++i)
            text += show(out.field(r, i));
    }
    return text;
}

scan_request typical()
{
    scan_request r;
    r.slots = {"/List/Next", "/List/More", "/List/Next/@size", "/List/Info", "/Error/Code"};
    r.records = "/List/Item";
    r.fields = {"/Key", "/@id", "/Owner/Name", ""};
    return r;
}

std::string scan_whole(const scan_request& r, const std::string& body, scan_limits l = {})
{
    const scan_plan plan(r);
    xml_scanner s(plan, l);
    const error_code ec = s.finish(body);
    return report(s, plan, ec, body);
}

/// The same in pieces of random length, in a buffer that moves each time.
std::string scan_pieces(const scan_request& r, const std::string& body, unsigned seed)
{
    const scan_plan plan(r);
    xml_scanner s(plan);
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

/// The error of a document, and where.
std::pair<error_code, std::size_t> check(const std::string& body, scan_limits l = {})
{
    const scan_plan plan(typical());
    xml_scanner s(plan, l);
    const error_code ec = s.finish(body);
    return {ec, s.octet()};
}

const std::vector<std::string> documents{
    "<List><Item><Key>a</Key></Item><Next>t</Next><More>true</More></List>",
    "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<List>\n <Item id='7'><Key>b</Key>"
    "<Owner><Name>n</Name></Owner></Item>\n</List>\n<!-- end -->",
    "<x:List xmlns:x=\"u:n\"><x:Item x:id=\"1\"><x:Key>&lt;a&amp;b&gt;</x:Key></x:Item></x:List>",
    "<List><Next size=\"3&#x20;\"> a<![CDATA[<b>]]>c&#233;\r\nd </Next></List>",
    "<List><Next/><Item/><Item>text</Item><Info><a/><b>1</b></Info></List>",
    "<List><Next></Next><Other><Next>no</Next><Item>no</Item></Other></List>",
    "<Error><Code>Slow&#x44;own</Code><!-- <Code/> --><?pi <Code/> ?></Error>",
    "<List><Next>a</Next><Next>b</Next></List>",
    "<List><Item id=\"1\" x:id=\"2\"/></List>",
    "<List><Item><Key>a</Key><Key>b</Key></Item></List>",
    "<List><Item><Other/><Other/></Item><Other/><Other/></List>",
    "<List><Next>a<b/>c</Next><More>a<!-- x -->b</More></List>",
    "<List><Item><Item><Key>k</Key></Item></Item></List>",
    "<List><Item></List>",
    "<List><Item><Key>a",
    "<List></List><List></List>",
    "<List></List>junk",
    "<!DOCTYPE List [<!ENTITY a \"b\">]><List>&a;</List>",
    "<!DOCTYPE html><html><body><p>bad gateway</body></html>",
    "<List>&undefined;</List>",
    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><List>\xe9</List>",
    "<List>\xe9</List>",
    "<List><Next>\xed\xa0\x80</Next></List>",
    "<List><Next>&#xd800;</Next></List>",
    "<List a='1' a='2'/>",
    std::string("\xff\xfe<\0L\0/\0>\0", 10),
    std::string("\0<\0L\0/\0>", 8),
    "",
    " ",
    "<",
    "{\"List\": 1}",
    "<List></List>ju/k>",  // told apart by how the parser's token was cut
    "<List><Next xmlns:size='u' xmlns='v' size='3'/></List>",
    "<List></List>j/",
    "<List></List>jk/",
    "<List>\xc3",
    "<List><Next a='\xe2\x82",
};

}  // namespace

TEST_CASE("the result of an XML scan does not depend on how the body was cut", "[xml][C1]")
{
    const auto seed = GENERATE(Catch::Generators::range(0u, 12u));
    CAPTURE(seed);
    for (const std::string& body : documents) {
        CAPTURE(body);
        CHECK(scan_pieces(typical(), body, seed) == scan_whole(typical(), body));
    }
}

TEST_CASE("an XML scan finds elements and attributes by local name", "[xml]")
{
    struct row {
        std::size_t document;
        const char* says;
    };
    const std::vector<row> table{
        {0,
         "ok slots: <t> <true> - - - place\n<Item><Key>a</Key></Item> : <a> - - "
         "E<<Item><Key>a</Key></Item>> "},
        {1,
         "ok slots: - - - - - place\n<Item id='7'><Key>b</Key><Owner><Name>n</Name></Owner>"
         "</Item> : <b> <7> <n> E<<Item id='7'><Key>b</Key><Owner><Name>n</Name></Owner>"
         "</Item>> "},
        {2,
         "ok slots: - - - - - place\n<x:Item x:id=\"1\"><x:Key>&lt;a&amp;b&gt;</x:Key>"
         "</x:Item> : <<a&b>> <1> - "
         "E<<x:Item x:id=\"1\"><x:Key>&lt;a&amp;b&gt;</x:Key></x:Item>> "},
        {3, "ok slots: < a<b>cé\nd > - <3 > - - place"},
        {4,
         "ok slots: <> - - E<<Info><a/><b>1</b></Info>> - place\n<Item/> : - - - <> "
         "\n<Item>text</Item> : - - - <text> "},
        {5, "ok slots: <> - - - - place"},
        {6, "ok slots: - - - - <SlowDown> other root"},
        {11, "ok slots: E<<Next>a<b/>c</Next>> <ab> - - - place"},
        {32, "ok slots: <> - <3> - - place"},
        {12,
         "ok slots: - - - - - place\n<Item><Item><Key>k</Key></Item></Item> : - - - "
         "E<<Item><Item><Key>k</Key></Item></Item>> "},
    };
    for (const row& r : table)
        CHECK(scan_whole(typical(), documents[r.document]) == r.says);
}

TEST_CASE("an XML scan keeps no other texts than the wanted ones", "[xml]")
{
    const scan_plan plan(typical());
    xml_scanner s(plan);
    CHECK_FALSE(
        s.finish("<List><Other>o</Other><Next>a<b/>c</Next><Item id='1'><Key>k</Key>"
                 "<Size>2</Size></Item> </List>"));
    CHECK(s.so_far().texts() == "1k");
}

TEST_CASE("what an XML scan refuses has a code and a place", "[xml][C1][C5][C6]")
{
    struct row {
        std::size_t document;
        errc code;
        std::size_t at;
    };
    const std::vector<row> table{
        {7, errc::ambiguous_field, 20}, {8, errc::ambiguous_field, 6},
        {9, errc::ambiguous_field, 24}, {13, errc::malformed_xml, 14},
        {14, errc::malformed_xml, 18},  {15, errc::malformed_xml, 13},
        {16, errc::malformed_xml, 13},  {17, errc::wrong_content, 15},
        {18, errc::wrong_content, 14},  {19, errc::malformed_xml, 6},
        {20, errc::wrong_encoding, 0},  {21, errc::malformed_xml, 6},
        {22, errc::malformed_xml, 12},  {23, errc::malformed_xml, 12},
        {24, errc::malformed_xml, 12},  {25, errc::wrong_encoding, 0},
        {26, errc::wrong_encoding, 0},  {27, errc::malformed_xml, 0},
        {28, errc::malformed_xml, 1},   {29, errc::malformed_xml, 0},
        {30, errc::malformed_xml, 0},
    };
    for (const row& r : table) {
        CAPTURE(documents[r.document]);
        const auto [ec, at] = check(documents[r.document]);
        CHECK(ec == r.code);
        CHECK(at == r.at);
    }
    CHECK_FALSE(check(documents[10]).first);
}

TEST_CASE("an ambiguous element or attribute is named", "[xml][C6]")
{
    CHECK(scan_whole(typical(), documents[7]).find("/List/Next") != std::string::npos);
    CHECK(scan_whole(typical(), documents[8]).find("/@id") != std::string::npos);
    CHECK(scan_whole(typical(), "<List><Next size='1' z:size='2'/></List>")
              .find("/List/Next/@size") != std::string::npos);
}

TEST_CASE("depth and records of an XML document have limits", "[xml][C2][C13]")
{
    const auto nested = [](std::size_t depth) {
        std::string text;
        for (std::size_t i = 0; i < depth; ++i)
            text += "<a>";
        for (std::size_t i = 0; i < depth; ++i)
            text += "</a>";
        return text;
    };
    scan_limits l;
    l.depth = 5;
    CHECK_FALSE(check(nested(5), l).first);
    CHECK(check(nested(6), l) == std::pair(make_error_code(errc::limit_exceeded), std::size_t(15)));
    l.depth = 2;
    CHECK(scan_whole(typical(), "<List><Item><x/></Item></List>", l).find('\n') ==
          std::string::npos);  // the record is still open
    l.depth = 5;
    l.records = 2;
    CHECK_FALSE(check("<List><Item/><Item/></List>", l).first);
    CHECK(check("<List><Item/><Item/><Item/></List>", l) ==
          std::pair(make_error_code(errc::limit_exceeded), std::size_t(20)));
}

TEST_CASE("a reset XML scanner knows nothing of the document before", "[xml]")
{
    const scan_plan plan(typical());
    xml_scanner s(plan);
    for (const std::string& before : documents) {
        (void)s.finish(before);
        s.reset(3);
        for (const std::size_t n : {0U, 3U, 7U}) {
            const error_code ec = s.finish(documents[n]);
            CHECK(report(s, plan, ec, documents[n]) == scan_whole(typical(), documents[n]));
            s.reset();
        }
    }
}

TEST_CASE("one long token in small pieces is read in linear time", "[xml][C3]")
{
    const scan_plan plan(typical());
    xml_scanner s(plan);
    const std::string body = "<List><Next>" + std::string(8 << 20, 'x') + "</Next></List>";
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t fed = 0; fed < body.size(); fed += 1024)
        REQUIRE_FALSE(s.feed(std::string_view(body).substr(0, fed)));
    CHECK_FALSE(s.finish(body));
    // Read again with each piece it would be 34 GB, and take minutes.
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}

TEST_CASE("a tag that would keep others waiting is refused, whole and in pieces", "[xml][C3]")
{
    const scan_plan plan(typical());
    std::string body = "<List";
    for (int i = 0; body.size() < (4u << 20); ++i)
        body += " a" + std::to_string(i) + "=''";
    body += "/>";
    xml_scanner whole(plan);
    CHECK(whole.finish(body) == errc::limit_exceeded);
    xml_scanner pieces(plan);
    std::size_t fed = 0;
    while (fed < body.size() && !pieces.feed(std::string_view(body).substr(0, fed)))
        fed += 4096;
    CHECK(pieces.finish(body) == errc::limit_exceeded);
    CHECK(fed <= (2u << 20) + 8192);  // a long token is looked at when it has doubled
}

TEST_CASE("an outline is the document without its records, as JSON", "[xml][C10]")
{
    struct row {
        const char* body;
        const char* json;
    };
    const std::vector<row> table{
        {"<L/>", "{}"},
        {"<L a='1' xmlns='n' xmlns:p='m'/>", R"({"@a":1})"},
        {"<L>\n <I><N>x</N></I> <N>t\"</N> <I/> <C>12</C></L>", R"({"N":"t\"","C":12})"},
        {"<p:L><p:M>true</p:M><A><B><C/></B></A><E e='x'/><F e='x'>t</F></p:L>",
         R"({"M":true,"A":{"B":{"C":""}},"E":{"@e":"x"},"F":"t"})"},
        {"<L a='1'><M b='2'><N/></M> </L>", R"({"@a":1,"M":{"@b":2,"N":""}})"},
        {"<L><I><I><N/></I></I><N>1</N></L>", R"({"N":1})"},
    };
    for (const row& r : table) {
        CAPTURE(r.body);
        const auto outline = codec::outline_of(r.body, "/L/I");
        REQUIRE(outline);
        CHECK(outline->root == "/L");
        CHECK(outline->json == r.json);
    }
    CHECK_FALSE(codec::outline_of("<L>", "/L/I"));
}
