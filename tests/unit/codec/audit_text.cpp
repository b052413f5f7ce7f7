#include "support/catch.hpp"
#include "support/corpora.hpp"
#include "unit/codec/audit_sample.hpp"
#include <catena/codec/audit_text.hpp>
#include <catena/codec/range_text.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <fstream>
#include <limits>
#include <set>
#include <sstream>

using namespace catena;
namespace json = boost::json;
using catena::testing::corpus;
using catena::testing::eventful_facts;
using catena::testing::flawless_facts;
using catena::testing::ids_from;

namespace {

// A golden file that is absent is an empty one: the test fails and prints what belongs there.
std::string golden(const std::string& name) { return corpus("audit/" + name).value_or(""); }

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
        out.push_back(line);
    return out;
}

std::size_t characters_in(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

std::string without_space(std::string text)
{
    text.erase(
        std::remove_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; }),
        text.end());
    return text;
}

json::value schema()
{
    std::ifstream file(CATENA_SOURCE_DIR "/docs/audit.schema.json");
    std::ostringstream text;
    text << file.rdbuf();
    return json::parse(text.str());
}

// As far as this schema goes: members, words and items, by references.
void check_against(const json::value& all, const json::value& rule, const json::value& v)
{
    const json::object& is = rule.as_object();
    if (const json::value* ref = is.if_contains("$ref")) {
        const std::string name = std::string(ref->as_string()).substr(sizeof "#/$defs/" - 1);
        CAPTURE(name);
        return check_against(all, all.at("$defs").at(name), v);
    }
    if (const json::value* words = is.if_contains("enum"))
        CHECK(std::find(words->as_array().begin(), words->as_array().end(), v) !=
              words->as_array().end());
    if (const json::value* required = is.if_contains("required")) {
        std::vector<std::string> wanted, there;
        for (const json::value& name : required->as_array())
            wanted.emplace_back(name.as_string());
        for (const auto& member : v.as_object())
            there.emplace_back(member.key());
        CHECK(there == wanted);
    }
    if (const json::value* properties = is.if_contains("properties"))
        for (const auto& member : v.as_object())
            check_against(all, properties->as_object().at(member.key()), member.value());
    if (const json::value* items = is.if_contains("items"))
        for (const json::value& item : v.as_array())
            check_against(all, *items, item);
    if (const json::value* type = is.if_contains("type")) {
        if (*type == "string") CHECK(v.is_string());
        if (*type == "integer") CHECK(v.is_int64());
        if (*type == "boolean") CHECK(v.is_bool());
    }
}

}  // namespace

TEST_CASE("an audit reads as it always did", "[audit]")
{
    CHECK(to_text(audit(flawless_facts())) == golden("complete.txt"));
    CHECK(to_text(audit(eventful_facts())) == golden("incomplete.txt"));
    CHECK(to_json(audit(flawless_facts())) == golden("complete.json"));
    CHECK(to_json(audit(eventful_facts())) == golden("incomplete.json"));
}

TEST_CASE("an audit's JSON is what its schema says, member by member", "[audit]")
{
    const json::value rules = schema();
    audit_facts odd = eventful_facts();
    odd.unfinished.emplace_back(range({interval("\xff", std::nullopt), interval()}), "odd");
    odd.unfinished.emplace_back(range(), "everything");
    odd.counted_pages = true;
    odd.discovery.emplace();
    for (const audit_facts& facts : {flawless_facts(), eventful_facts(), audit_facts(), odd})
        check_against(rules, rules, json::parse(to_json(audit(facts))));
    const json::value odd_json = json::parse(to_json(audit(odd)));
    CHECK(odd_json.at("gaps").at(2).at("range") == json::parse(R"([{"from":{"hex":"ff"}},{}])"));
    CHECK(odd_json.at("gaps").at(3).at("range") == json::array());

    const std::string text = to_json(audit(odd));
    for (const audit_gap& gap : audit(odd).gaps)
        CHECK(text.find("{\"range\": " + to_text(gap.where) + ", ") != text.npos);

    std::set<std::string> named, made{"file"};  // by who reads the text of an output again
    const json::value& names = rules.at("$defs").at("check").at("properties").at("name");
    for (const json::value& name : names.at("enum").as_array())
        named.emplace(name.as_string());
    for (const audit_check& c : audit(odd).checks)
        made.insert(c.name);
    CHECK(named == made);
}

TEST_CASE("an audit's text keeps within 80 columns and loses nothing", "[audit]")
{
    audit_facts facts = eventful_facts();
    facts.unfinished[0].where = range({interval(std::string(300, 'k'), "\xe4\xb8\x80z")});
    facts.unfinished[0].why = std::string(200, 'w') + ' ' + std::string(79, 'v') + " \xe4\xb8\x80";
    for (std::uint64_t i = 0; i < 20; ++i)
        facts.unfinished.emplace_back(ids_from("1", "2"), "again");
    facts.counts.holds = std::numeric_limits<std::uint64_t>::max();
    const audit_report report = audit(facts);
    const std::string text = to_text(report);
    for (const std::string& line : lines_of(text)) {
        CAPTURE(line);
        CHECK(characters_in(line) <= 80);
        CHECK((line.empty() || line.back() != ' '));
        CHECK(std::none_of(line.begin(), line.end(), [](unsigned char c) { return c < 0x20; }));
    }
    const std::string dense = without_space(text);
    CHECK(dense.find(std::string(300, 'k') + "\",\"to\":\"\xe4\xb8\x80z\"}]" +
                     std::string(200, 'w') + std::string(79, 'v') + "\xe4\xb8\x80") !=
          std::string::npos);
    for (const std::string& reason : report.reasons)
        CHECK(dense.find(without_space(reason)) != std::string::npos);
    CHECK(text.find("gaps: 24\n") != std::string::npos);
    CHECK(text.find("\n  and 14 more\n") != std::string::npos);
    CHECK(text.find("18,446,744,073,709,551,615") != std::string::npos);
    CHECK(text.starts_with("incomplete: items (shop"));
}
