// Pages in JSON lines.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include <catena/codec/connector_json.hpp>

using namespace catena;
using namespace catena::testing;

namespace {

connector in_lines(const std::string& next, const std::string& more = "")
{
    return load_connector(R"({
        "name": "lines", "request": {"url": "http://127.0.0.1/v1/items"},
        "format": "json_lines", "key": "/id", "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "expiry": {"signs": {"status": 410}, "recover": "rescan"},
        )" + more + R"("next": )" +
                          next + "}");
}

std::vector<connector> all()
{
    return {
        in_lines(R"({"from": {"header": "X-Next"}, "to": {"query": "cursor"}})",
                 R"("end": "missing", )"),
        in_lines(R"({"from": {"link": "next"}, "to": {"url": true}})", R"("end": "missing", )"),
        in_lines(R"({"from": {"last_record": "/id"}, "to": {"query": "after"}})",
                 R"("end": "empty_page", )"),
        in_lines(R"({"from": {"counter": {}}, "to": {"query": "offset"}})",
                 R"("end": "total", "total": {"header": "X-Total"}, )"),
    };
}

}  // namespace

TEST_CASE("walks over JSON lines give every record once, whatever breaks", "[sim][lines]")
{
    for (const connector& c : all()) {
        for (std::uint64_t at = 0; at < 6; ++at) {
            for (const auto kind : {fault::kind::status, fault::kind::html_page,
                                    fault::kind::cut_json, fault::kind::dead_token}) {
                const auto from = c.next.from[0].from;
                const bool no_token = from == token_source::place::last_record ||
                                      from == token_source::place::counter;
                if (kind == fault::kind::dead_token && (at == 0 || no_token)) continue;
                CAPTURE(c.next.to[0].at, at, static_cast<int>(kind));
                behaviour b;
                b.faults.emplace_back(kind, at);
                world w(at, c, 40, b);
                require_all(w);
            }
        }
    }
}

TEST_CASE("a token that is missing from the head of JSON lines ends no walk by itself",
          "[sim][lines][P1]")
{
    connector c = all()[0];
    behaviour b;
    b.faults.emplace_back(fault::kind::renamed_token, 2);
    world w(1, c, 40, b);
    const harvest h = walk_all(w);
    CHECK(h.why.code == errc::schema_drift);
    CHECK(h.records.size() == 14);
}
