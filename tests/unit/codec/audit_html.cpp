#include "support/catch.hpp"
#include "unit/codec/audit_sample.hpp"
#include <catena/codec/audit_text.hpp>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;
using catena::testing::eventful_facts;
using catena::testing::flawless_facts;
using catena::testing::ids_from;

namespace {

// Reads a page as strictly as XML is read, and keeps what it is made of.
struct page_of_xml {
    std::set<std::string> elements, attributes;
    std::string texts;  // between tags and in attributes, with references as they stand
    std::string fault;

    explicit page_of_xml(std::string_view page) : rest_(page)
    {
        const std::string_view doctype = "<!DOCTYPE html>\n";
        if (!take(doctype)) fault = "doctype";
        while (fault.empty() && !rest_.empty())
            rest_.front() == '<' ? tag() : text(rest_.substr(0, rest_.find('<')));
        if (fault.empty() && !open_.empty()) fault = "open: " + open_.back();
    }

private:
    void text(std::string_view t)
    {
        static const std::set<std::string_view> references = {"&amp;",  "&lt;",  "&gt;",
                                                              "&quot;", "&#39;", "&#183;"};
        for (std::size_t i = t.find('&'); i != t.npos; i = t.find('&', i + 1))
            if (!references.contains(t.substr(i, t.find(';', i) - i + 1))) fault = "a bare &";
        if (t.find('<') != t.npos || t.find("]]>") != t.npos) fault = "a bare < or ]]>";
        for (const char c : t)
            if (static_cast<unsigned char>(c) < 0x20 && c != '\n') fault = "a control";
        texts += t;
        texts += '\n';
        rest_.remove_prefix(t.size());
    }

    std::string name()
    {
        std::size_t n = 0;
        while (n < rest_.size() &&
               (std::isalnum(static_cast<unsigned char>(rest_[n])) != 0 || rest_[n] == '-'))
            ++n;
        const std::string out(rest_.substr(0, n));
        if (out.empty()) fault = "a name is due";
        rest_.remove_prefix(n);
        return out;
    }

    bool take(std::string_view what)
    {
        if (!rest_.starts_with(what)) return false;
        rest_.remove_prefix(what.size());
        return true;
    }

    void tag()
    {
        if (take("</")) {
            const std::string closed = name();
            if (open_.empty() || open_.back() != closed || !take(">")) fault = "closed: " + closed;
            if (!open_.empty()) open_.pop_back();
            return;
        }
        (void)take("<");
        const std::string element = name();
        elements.insert(element);
        while (fault.empty() && take(" ")) {
            attributes.insert(name());
            if (!take("=\"")) return void(fault = "a value is due");
            text(rest_.substr(0, rest_.find('"')));
            if (!take("\"")) return void(fault = "an open value");
        }
        if (take("/>")) return;
        open_.push_back(element);
        if (!take(">")) fault = "an open tag: " + element;
    }

    std::string_view rest_;
    std::vector<std::string> open_;
};

std::size_t count_of(const std::string& text, std::string_view what)
{
    std::size_t n = 0;
    for (std::size_t i = text.find(what); i != text.npos; i = text.find(what, i + 1))
        ++n;
    return n;
}

// Every place of a report into which a server's or a user's words can come.
audit_report soaked_in(const std::string& text)
{
    audit_facts f = eventful_facts();
    f.job = f.connector = text;
    f.unfinished = {audit_gap(range({interval(text, text)}), text)};
    f.spots->gaps = {audit_gap(range({interval(text, std::nullopt), interval()}), text)};
    f.previous->deleted_keys = {text};
    f.parts[0].over = range({interval(text, text)});
    audit_report r = audit(f);
    r.reasons.push_back(text);
    r.overlaps.push_back(range({interval(text, text)}));
    audit_check& c = r.checks.emplace_back();
    c.name = c.expected = c.found = c.note = text;
    return r;
}

const std::set<std::string> known_elements = {
    "html",    "head",  "meta",  "title", "style",  "body",       "main", "header",
    "p",       "h1",    "h2",    "small", "figure", "svg",        "rect", "i",
    "section", "ul",    "li",    "dl",    "div",    "figcaption", "dt",   "dd",
    "span",    "table", "thead", "tbody", "tr",     "th",         "td",   "code"};
const std::set<std::string> known_attributes = {
    "lang",  "charset",    "http-equiv", "content",
    "name",  "class",      "viewBox",    "preserveAspectRatio",
    "role",  "aria-label", "x",          "y",
    "width", "height"};

bool is_within(const std::set<std::string>& some, const std::set<std::string>& all)
{
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
}

}  // namespace

TEST_CASE("the page is well-formed, loads nothing and runs nothing", "[audit][html]")
{
    for (const audit_facts& facts : {flawless_facts(), eventful_facts(), audit_facts()}) {
        const std::string page = to_html(audit(facts));
        const page_of_xml read(page);
        CHECK(read.fault == "");
        CHECK(is_within(read.elements, known_elements));
        CHECK(is_within(read.attributes, known_attributes));
        CHECK(page.size() < 24'000);
        for (const char* loads : {"url(", "@import", "src=", "href=", "<script", "<link", "<img"})
            CHECK(page.find(loads) == page.npos);
    }
    CHECK(to_html(audit(flawless_facts())).find("://") == std::string::npos);
    // Once where it was said: in the reason of a gap.
    CHECK(count_of(to_html(audit(eventful_facts())), "://") == 1);
}

TEST_CASE("no text becomes markup, wherever it stands", "[audit][html]")
{
    const std::string plain = to_html(soaked_in("text"));
    const page_of_xml wanted(plain);
    REQUIRE(wanted.fault == "");
    const std::string attacks[] = {
        "<script>alert(1)</script>",
        "\"><script src=x>",
        "' onload='x",
        "\" onload=\"x",
        "</title><svg onload=x>",
        "</style><b>",
        "]]><b>",
        "<!-- x --!>",
        "&lt;b&gt; &#60;b&#62; &amp &",
        "<\x01"
        "b\x7f>",
        std::string("<\0script>", 9),
        "\xef\xbf\xbe\xef\xbf\xbf",
        "\xff\xc0\xbc"
        "b\xc0\xbe",
        "\xe2\x80\xae<b>\xe2\x80\xa8",
        "\r\n<b>",
        "+ADw-script+AD4-",
        "javascript:x",
    };
    for (const std::string& attack : attacks) {
        CAPTURE(attack);
        const page_of_xml read(to_html(soaked_in(attack)));
        CHECK(read.fault == "");
        CHECK(read.elements == wanted.elements);
        CHECK(read.attributes == wanted.attributes);
        CHECK(read.texts.find("\xef\xbf\xbe") == std::string::npos);
        CHECK(read.texts.find("\xe2\x80\xae") == std::string::npos);
    }
    CHECK(to_html(soaked_in("<b>")).find("&lt;b&gt;") != std::string::npos);
}

TEST_CASE("the page shows verdict, reasons, gaps, counts and the strip", "[audit][html]")
{
    const std::string page = to_html(audit(eventful_facts()));
    for (const char* shown :
         {"<p class=\"verdict\">incomplete</p>", "<title>items: incomplete</title>",
          "2 of 6 chains have yet to end", "1,234,567", "&quot;from&quot;:&quot;800000&quot;",
          "no chain has it", "resumed", "12 min 0 s", "&lt;script&gt;alert(&quot;1&quot;)"})
        CHECK(page.find(shown) != page.npos);
    CHECK(count_of(page, "<rect class=\"ended\"") == 4);
    CHECK(count_of(page, "<rect class=\"stopped\" x=\"500.00\" y=\"0\" width=\"198.50\"") == 1);
    CHECK(count_of(page, "<rect class=\"open\"") == 1);
    CHECK(count_of(page, "<rect class=\"gap\"") == 2);
    CHECK(to_html(audit(flawless_facts())).find("keeps it from") == std::string::npos);
}

TEST_CASE("a page of a hundred thousand gaps stays a page", "[audit][html]")
{
    audit_facts facts = eventful_facts();
    for (int i = 0; i < 100'000; ++i)
        facts.covered->gaps.push_back(ids_from("800000", "812345"));
    const std::string page = to_html(audit(facts));
    CHECK(page_of_xml(page).fault == "");
    CHECK(page.size() < 300'000);
    CHECK(page.find("and 99,004 more") != page.npos);
}
