#include "codec/connector_json_names.hpp"
#include "support/catch.hpp"
#include <catena/codec/connector_json.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace catena;
namespace json = boost::json;

namespace {

const std::filesystem::path root = CATENA_SOURCE_DIR;

std::string read_text(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string told(const std::vector<connector_file_flaw>& flaws)
{
    std::string out;
    for (const connector_file_flaw& f : flaws)
        out += f.text() + '\n';
    return out;
}

void check_round_trip(const std::string& text)
{
    std::vector<connector_file_flaw> flaws;
    const std::optional<connector> c = load_connector(text, flaws);
    INFO(text << '\n' << told(flaws));
    REQUIRE(c);
    const std::optional<connector> again = load_connector(to_json(*c), flaws);
    INFO(to_json(*c) << '\n' << told(flaws));
    REQUIRE(again);
    CHECK(*again == *c);
    CHECK(fingerprint(*again) == fingerprint(*c));
}

// The code blocks of a page that are marked as JSON.
std::vector<std::string> snippets(const std::string& page)
{
    const std::string open = "\n```json\n";
    std::vector<std::string> out;
    for (std::size_t at = page.find(open); at != std::string::npos; at = page.find(open, at)) {
        at += open.size();
        out.push_back(page.substr(at, page.find("\n```", at) - at));
    }
    return out;
}

// A snippet shows some members; the rest comes from the smallest connector.
std::string completed(const std::string& snippet)
{
    json::object all = json::parse(snippet).as_object();
    const json::object rest = json::parse(R"({
        "request": {"url": "https://api.example.com/items"},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}},
        "end": ["missing", "null"]})")
                                  .as_object();
    for (const auto& [name, value] : rest)
        if (!all.contains(name)) all[name] = value;
    return json::serialize(all);
}

std::set<std::string> names_in(const json::value& schema)
{
    std::set<std::string> out;
    for (const auto& [name, ignored] : schema.at("properties").as_object())
        out.emplace(name);
    return out;
}

// The definition itself, or the object among its alternatives.
const json::value& object_of(const json::value& definition)
{
    if (const json::value* any = definition.as_object().if_contains("anyOf"))
        for (const json::value& each : any->as_array())
            if (each.as_object().contains("properties")) return each;
    return definition;
}

std::set<std::string> words_in(const json::value& schema)
{
    std::set<std::string> out;
    for (const json::value& word : schema.at("enum").as_array())
        out.emplace(word.as_string());
    return out;
}

template <class Meaning, std::size_t Count>
std::set<std::string> spelt(const codec::word<Meaning> (&words)[Count])
{
    std::set<std::string> out;
    for (const codec::word<Meaning>& w : words)
        out.emplace(w.text);
    return out;
}

}  // namespace

TEST_CASE("every sample connector loads without a flaw and comes back from its JSON form",
          "[connector_json]")
{
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(root / "samples/connectors")) {
        if (entry.path().extension() != ".json") continue;
        CAPTURE(entry.path().string());
        check_round_trip(read_text(entry.path()));
        ++files;
    }
    CHECK(files >= 41);
    std::cout << "sample connectors: " << files << " of " << files << '\n';
}

TEST_CASE("every snippet of the connector page loads", "[connector_json]")
{
    const std::vector<std::string> all = snippets(read_text(root / "docs/connectors.md"));
    CHECK(all.size() > 45);
    for (const std::string& snippet : all)
        check_round_trip(completed(snippet));
    std::cout << "snippets of docs/connectors.md: " << all.size() << " of " << all.size() << '\n';
}

TEST_CASE("the schema knows the loader's members and no others", "[connector_json]")
{
    using namespace catena::codec;
    const json::value schema = json::parse(read_text(root / "docs/connector.schema.json"));
    const json::object& defs = schema.at("$defs").as_object();

    const auto same = [](const json::value& object, std::span<const names> known) {
        std::set<std::string> wanted(known.begin(), known.end());
        wanted.insert("comment");
        CHECK(names_in(object) == wanted);
        CHECK(object.at("additionalProperties") == json::value(false));
    };
    same(schema, connector_members);
    const std::vector<std::pair<const char*, std::span<const names>>> objects{
        {"request", request_members},
        {"secret", secret_members},
        {"records", records_members},
        {"key", key_members},
        {"page_size", page_size_members},
        {"next", next_members},
        {"source", source_members},
        {"counter", counter_members},
        {"target", target_members},
        {"sign", sign_members},
        {"end", end_members},
        {"total", total_members},
        {"window", window_members},
        {"range", range_members},
        {"discovery", discovery_members},
        {"edge", edge_members},
        {"expiry", expiry_members},
        {"recover", recover_members},
        {"rebuild", rebuild_members},
        {"error", error_members},
        {"limits", limits_members},
        {"auth", auth_members},
        {"basic", basic_members},
        {"oauth2", oauth2_members},
        {"session", session_members},
        {"signals", signals_members},
        {"quota", quota_members},
        {"signal", signal_places},
        {"policy", policy_members}};
    for (const auto& [name, known] : objects) {
        CAPTURE(name);
        same(object_of(defs.at(name)), known);
    }

    std::set<std::string> objects_of_schema;
    for (const auto& [name, definition] : defs)
        if (object_of(definition).as_object().contains("properties"))
            objects_of_schema.emplace(name);
    CHECK(objects_of_schema.size() == objects.size());
}

TEST_CASE("the schema knows the loader's words and no others", "[connector_json]")
{
    using namespace catena::codec;
    const json::value schema = json::parse(read_text(root / "docs/connector.schema.json"));
    const auto words = [&](const char* definition, const char* member) {
        const json::value& object = object_of(schema.at("$defs").at(definition));
        return words_in(object.at("properties").at(member));
    };
    CHECK(words_in(schema.at("properties").at("order")) == spelt(order_words));
    CHECK(words("records", "shape") == spelt(shape_words));
    CHECK(words("records", "absent") == spelt(absence_words));
    CHECK(words("policy", "window") == spelt(policy_window_words));
    CHECK(words("quota", "reset_as") == spelt(time_form_words));
    CHECK(words("key", "type") == spelt(type_words));
    CHECK(words("counter", "step") == spelt(step_words));
    CHECK(words_in(schema.at("$defs").at("shrink").at("anyOf").at(0)) == spelt(shrink_words));
    CHECK(words("target", "as") == spelt(form_words));
    CHECK(words("total", "counts") == spelt(unit_words));
    CHECK(words("window", "action") == spelt(window_words));
    CHECK(words("expiry", "clock") == spelt(clock_words));
    CHECK(words("rebuild", "bound") == spelt(bound_words));
    CHECK(words("edge", "bound") == spelt(bound_words));
    CHECK(words("range", "type") == spelt(range_type_words));
    CHECK(words("range", "time") == spelt(moment_words));
    CHECK(words("error", "class") == spelt(class_words));
    CHECK(words("oauth2", "grant") == spelt(grant_words));
    CHECK(words("oauth2", "client_in") == spelt(client_words));
    CHECK(words_in(schema.at("$defs").at("end").at("anyOf").at(0)) == spelt(end_words));
    CHECK(words_in(schema.at("$defs").at("recover").at("anyOf").at(0)) == spelt(recover_words));
}

TEST_CASE("what shrinks a page comes back from its JSON form", "[connector_json][page_size]")
{
    for (const char* causes :
         {"413", "\"timeout\"", R"([413, 504, "timeout", "too_large"])", R"(["too_large"])"}) {
        const std::string size = R"({"to": {"query": "n"}, "value": 2, "max": 3, "shrink_on": )";
        check_round_trip(completed("{\"page_size\": " + size + causes + "}}"));
    }
}

TEST_CASE("a connector with every member set comes back from its JSON form", "[connector_json]")
{
    check_round_trip(R"({
  "$schema": "x", "comment": "c", "name": "all \"members\"",
  "request": {"comment": "c", "method": "POST", "url": "https://api.example.com/items?a=b",
    "query": {"expand": ["a", "b"], "n": 5, "k": {"$env": "K"}},
    "headers": {"Authorization": {"$file": "/f", "prefix": "Bearer "}, "comment": "a header"},
    "body": [1, {"a": null}]},
  "records": {"at": "/data", "shape": "map", "absent": "empty"},
  "key": ["/at", {"at": "/id", "type": "number"}, {"at": "/x~1y", "type": "text"}],
  "order": "descending", "ties": true,
  "page_size": {"to": {"header": "X-Limit"}, "value": 4294967294, "max": 4294967295},
  "next": {
    "from": [{"body": "/l", "where": {"/rel": "next"}, "value": "/t"}, {"header": "X-N", "optional": true},
             {"last_record": "", "keep": true}, {"counter": {"start": -5, "step": "pages"}}],
    "to": [{"query": "a", "as": "json"}, {"query": "b"}, {"header": "X-N"}, {"path": "/v1/"}],
    "drop": ["d"], "exclusive": true, "keep": "e", "inclusive": true, "single_use": true, "ignore": ["/i"]},
  "end": ["null", "empty_string", "empty_page", "short_page", "same_token", "total", {"true": "/done"},
          {"status": 404, "header": "X-Why", "contains": "end"}],
  "self": {"link": "self"},
  "total": {"header": "X-Total", "counts": "pages"},
  "window": {"records": 10000},
  "expiry": {"signs": [{"status": 410}, {"body": "/ok", "equals": false}], "ttl": "90s", "clock": "idle",
    "recover": {"rebuild": {"to": [{"query": "since"}, {"query": "id", "as": "json"}], "bound": "inclusive"}}},
  "errors": [{"when": {"status": 409}, "class": "retry"}, {"when": {"contains": "x"}, "class": "caller"}],
  "session": {"cookies": true, "one_connection": true},
  "limits": {"policies": [{"requests": 5, "per": "1500us", "burst": 2, "window": "bucket", "weight": 3}], "concurrency": 3,
    "signals": {"known_fields": false, "quotas": [
      {"name": "a", "limit": {"body": "/q/limit"}, "remaining": {"header": "X-Left"}, "reset": {"header": "X-At"},
       "reset_as": "epoch_milliseconds", "window": {"body": "/q/w"}, "window_as": "text"},
      {"used": {"header": "X-Used"}}]}},
  "origins": ["https://other.example.com"]
})");
}
