#include "sim/world.hpp"
#include "testing/json_tree.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/codec/range_query.hpp>
#include <catena/core/json_text.hpp>
#include <catena/core/range_math.hpp>
#include <catena/core/range_probe.hpp>

#include <algorithm>

using namespace catena;
using namespace catena::testing;

namespace {

std::string bound(bool inclusive) { return inclusive ? "\"inclusive\"" : "\"exclusive\""; }

struct kind_of_key {
    const char* name;
    const char* key;
    const char* rule;  // what stands beside the edges
    dataset_options::numbering numbers;
};

const kind_of_key integers{"integer", R"("/id")", R"("by": "/id", "type": "integer")",
                           dataset_options::numbering::integers};
const kind_of_key big_integers{"big integer", R"("/id")", R"("by": "/id", "type": "integer")",
                               dataset_options::numbering::big_integers};
const kind_of_key times{"time", R"(["/at", "/id"])", R"("by": "/at", "type": "time")",
                        dataset_options::numbering::integers};
const kind_of_key seconds{"seconds", R"([{"at": "/at", "type": "number"}, "/id"])",
                          R"("by": "/at", "type": "time", "time": "seconds")",
                          dataset_options::numbering::integers};
const kind_of_key texts{"text", R"("/id")", R"("by": "/id", "type": "text")",
                        dataset_options::numbering::texts};

connector contract_of(const kind_of_key& kind, bool lower_in, bool upper_in,
                      const std::string& more)
{
    return load_connector(R"({"request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": )" +
                          std::string(kind.key) + R"(, "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 5}, )" +
                          more + R"(, "range": {)" + kind.rule +
                          R"(, "lower": {"to": {"query": "from"}, "bound": )" + bound(lower_in) +
                          R"(}, "upper": {"to": {"query": "until"}, "bound": )" + bound(upper_in) +
                          "}}}");
}

const std::string by_token = R"("next": {"from": {"body": "/next"}, "to": {"query": "cursor"}},
    "end": "missing", "expiry": {"signs": {"status": 410},
    "recover": {"rebuild": {"to": {"query": "from"}, "bound": "BOUND"}}})";

std::string by_token_with(bool inclusive)
{
    std::string text = by_token;
    return text.replace(text.find("BOUND"), 5, inclusive ? "inclusive" : "exclusive");
}

const std::string by_link = R"("next": {"from": {"link": "next"}, "to": {"url": true}},
    "end": "missing")";
const std::string by_offset = R"("next": {"from": {"counter": {"start": 0, "step": "records"}},
    "to": {"query": "offset"}}, "total": {"body": "/total"}, "end": "total")";

value key_in(const std::string& record, const std::string& by)
{
    const auto raw = raw_at(record, by);
    REQUIRE(raw);
    if (!raw->starts_with('"')) return {json_kind::number, std::string(*raw)};
    return {json_kind::string, unescape(raw->substr(1, raw->size() - 2)).text};
}

// A server under the contract with records of that kind, and an engine before it.
struct ranged_world {
    ranged_world(std::uint64_t seed, connector c, const kind_of_key& kind, behaviour b = {})
        : contract(std::move(c)), inner(seed, contract, 0, b)
    {
        dataset_options o(60, seed);
        o.keys = kind.numbers;
        inner.model = api_model(contract, make_dataset(contract, o), std::move(b));
    }

    // What the chain of one part gives.
    std::vector<std::string> answer_to(const interval& part)
    {
        chain way(*inner.on, within(contract, range({part})));
        const harvest h = walk(inner, way);
        INFO(h.why.text());
        REQUIRE(h.done);
        REQUIRE_FALSE(h.why.code);
        return h.records;
    }

    // The same without what lies elsewhere.
    std::vector<std::string> records_of(const interval& part)
    {
        const range_rule& by = contract.range[0];
        std::vector<std::string> out;
        for (const std::string& record : answer_to(part)) {
            const side where = where_in(by, part, key_in(record, by.by));
            REQUIRE(where != side::unreadable);
            if (where == side::inside) out.push_back(record);
        }
        return out;
    }

    // Answers a probe's questions until it has none, each answer as one page.
    template <class Probe>
    void serve(Probe& probe)
    {
        while (probe.ask()) {
            const std::vector<std::string> records = answer_to(*probe.ask());
            std::vector<value> keys;
            for (const std::string& record : records)
                keys.push_back(key_in(record, contract.range[0].by));
            const std::vector<field_view> fields(keys.begin(), keys.end());
            probe.on_page(fields, true);
        }
    }

    connector contract;
    world inner;
};

// Every record of the whole once, over all parts; how many pieces there were.
void require_each_once(ranged_world& w, std::size_t pieces)
{
    const range_rule& by = w.contract.range[0];
    const std::vector<std::string> all = w.inner.model.records();
    const interval whole(key_in(all[3], by.by).text, key_in(all[50], by.by).text);
    std::vector<std::string> got;
    const std::vector<interval> parts = divide(by, whole, pieces);
    REQUIRE(parts.size() > 1);
    for (const interval& part : parts) {
        const std::vector<std::string> some = w.records_of(part);
        got.insert(got.end(), some.begin(), some.end());
    }
    CHECK(got == std::vector<std::string>(all.begin() + 3, all.begin() + 50));
}

}  // namespace

TEST_CASE("chains over the parts of a dataset give every record once", "[P17][P28][range][sim]")
{
    const bool lower_in = GENERATE(true, false);
    const bool upper_in = GENERATE(true, false);
    const auto* const kind = GENERATE(&integers, &big_integers, &times, &seconds, &texts);
    const auto seed = GENERATE(1u, 2u);
    CAPTURE(seed, lower_in, upper_in, kind->name);
    if (kind == &texts && !lower_in) return;  // refused by validate()

    for (const std::string& next : {by_token_with(lower_in), by_link, by_offset}) {
        CAPTURE(next);
        ranged_world w(seed, contract_of(*kind, lower_in, upper_in, next), *kind);
        require_each_once(w, 2);
        require_each_once(w, 9);
        require_each_once(w, 100);
    }
}

TEST_CASE("a part's chain recovers inside its part", "[P5][P17][range][sim]")
{
    const bool lower_in = GENERATE(true, false);
    const auto page = GENERATE(std::uint64_t(1), std::uint64_t(2));
    CAPTURE(lower_in, page);
    behaviour b;
    b.faults = {fault(fault::kind::dead_token, page, 1, fault::counted::pages)};
    ranged_world w(1, contract_of(integers, lower_in, false, by_token_with(lower_in)), integers, b);
    require_each_once(w, 2);
    const auto& log = w.inner.model.log();
    CHECK(std::count_if(log.begin(), log.end(),
                        [](const served& line) { return line.status == 410; }) == 1);
}

TEST_CASE("without an upper edge the order tells where a part ends", "[P17][range][sim]")
{
    const bool lower_in = GENERATE(true, false);
    CAPTURE(lower_in);
    connector c = contract_of(integers, lower_in, false, by_token_with(lower_in));
    c.range[0].upper.reset();
    REQUIRE(validate(c).empty());
    ranged_world w(1, c, integers);
    require_each_once(w, 7);
}

TEST_CASE("one parameter may be the border and then the token", "[P17][range][sim]")
{
    const bool ascending = GENERATE(true, false);
    CAPTURE(ascending);
    const std::string at = ascending ? R"({"query": "since_id"})" : R"({"query": "before"})";
    const connector c = load_connector(
        R"({"request": {"url": "http://127.0.0.1/v1/items"}, "records": "/items", "key": "/id",
            "page_size": {"to": {"query": "limit"}, "value": 5}, "end": "empty_page", "order": ")" +
        std::string(ascending ? "ascending" : "descending") +
        R"(", "next": {"from": {"last_record": "/id"}, "to": )" + at +
        R"(}, "range": {"by": "/id", "type": "integer", ")" + (ascending ? "lower" : "upper") +
        R"(": {"to": )" + at + R"(, "bound": "exclusive"}}})");
    ranged_world w(1, c, integers);
    std::vector<std::string> all = w.inner.model.records();
    if (!ascending) std::reverse(all.begin(), all.end());
    std::vector<std::string> got;
    for (const interval& part :
         divide(c.range[0], interval("0", key_in(all.back(), "/id").text), 7)) {
        std::vector<std::string> some = w.records_of(part);
        if (!ascending) std::reverse(some.begin(), some.end());
        got.insert(got.end(), some.begin(), some.end());
    }
    all.pop_back();
    CHECK(got == all);
}

TEST_CASE("a part without records is complete after one request", "[P28][range][sim]")
{
    ranged_world w(1, contract_of(integers, true, false, by_token_with(true)), integers);
    CHECK(w.records_of(interval("100000", "200000")).empty());
    CHECK(w.inner.model.log().size() == 1);
}

TEST_CASE("a server that includes too much costs nothing, one that includes too little records",
          "[P17][range][sim]")
{
    behaviour b;
    b.filters = GENERATE(behaviour::filter_kind::both_inclusive,
                         behaviour::filter_kind::upper_ignored, behaviour::filter_kind::ignored);
    const bool declared = GENERATE(true, false);
    ranged_world more(1, contract_of(integers, declared, declared, by_token_with(declared)),
                      integers, b);
    require_each_once(more, 9);

    b.filters = behaviour::filter_kind::both_exclusive;
    ranged_world less(1, contract_of(integers, true, true, by_token_with(true)), integers, b);
    const std::string first = less.inner.model.records()[3];
    const std::string key = key_in(first, "/id").text;
    CHECK(less.records_of(interval(key, "1000")).front() != first);
}

TEST_CASE("values are walked one by one", "[range][sim]")
{
    connector c = contract_of(integers, true, false, by_offset);
    range_rule amounts;
    amounts.type = range_type::values;
    amounts.by = "/has_more";  // false in all records
    amounts.to = token_target(token_target::place::query, "more");
    amounts.values = {"true", "false"};
    c.range = {amounts};
    ranged_world w(1, c, integers);
    CHECK(w.records_of(interval("true", std::nullopt)).empty());
    CHECK(w.records_of(interval("false", std::nullopt)) == w.inner.model.records());
}

TEST_CASE("the border test tells a server that keeps its contract from one that does not",
          "[P17][range][sim]")
{
    using manner = behaviour::filter_kind;
    const auto* const kind = GENERATE(&integers, &big_integers, &times, &seconds);
    const bool lower_in = GENERATE(true, false);
    const bool upper_in = GENERATE(true, false);
    behaviour b;
    b.filters = GENERATE(manner::as_declared, manner::both_inclusive, manner::both_exclusive,
                         manner::upper_ignored, manner::ignored);
    CAPTURE(kind->name, lower_in, upper_in, static_cast<int>(b.filters));
    ranged_world w(1, contract_of(*kind, lower_in, upper_in, by_offset), *kind, b);
    const range_rule& by = w.contract.range[0];
    border_test t(by, key_in(w.inner.model.records()[20], by.by).text);
    w.serve(t);
    CHECK(t.proven());
    const bool kept = b.filters == manner::as_declared ||
                      (b.filters == manner::both_inclusive && lower_in && upper_in) ||
                      (b.filters == manner::both_exclusive && !lower_in && !upper_in);
    CHECK(t.broken().has_value() == !kept);
    if (b.filters == manner::both_exclusive && lower_in)
        CHECK(t.broken()->mend == "set range.lower.bound to \"exclusive\"");
    if (b.filters == manner::both_inclusive && lower_in && !upper_in)
        CHECK(t.broken()->mend == "set range.upper.bound to \"inclusive\"");
}

TEST_CASE("an upper border is found by asking a server", "[P27][range][sim]")
{
    const auto* const kind = GENERATE(&integers, &big_integers);
    connector c = contract_of(*kind, false, false, by_offset);
    ranged_world w(1, c, *kind);
    const std::vector<std::string> all = w.inner.model.records();
    const range_rule& by = w.contract.range[0];
    bound_search search(by, key_in(all.front(), by.by).text);
    w.serve(search);
    REQUIRE(search.found());
    CHECK(compare_in(by, key_in(all.back(), by.by).text, *search.found()) ==
          std::strong_ordering::less);
    CHECK(w.records_of(interval(key_in(all.front(), by.by).text, *search.found())) == all);
}
