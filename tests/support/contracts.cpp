#include "support/contracts.hpp"

#include <catena/codec/connector_json.hpp>

#include <stdexcept>

namespace catena::testing {
namespace {

constexpr const char* texts[] = {
    R"({"name": "token",
        "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": "/id", "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}},
        "end": "missing",
        "expiry": {"signs": {"status": 410},
                   "recover": {"rebuild": {"to": {"query": "after"}, "bound": "exclusive"}}}})",
    R"({"name": "token, inclusive rebuild",
        "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": "/id", "order": "descending",
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"body": "/page/next"}, "to": {"query": "cursor"}},
        "end": "null",
        "expiry": {"signs": {"status": 400, "body": "/error", "contains": "expired"},
                   "recover": {"rebuild": {"to": {"query": "until"}, "bound": "inclusive"}}}})",
    R"({"name": "ties, exclusive rebuild",
        "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": ["/created", "/id"], "order": "ascending", "ties": true,
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}},
        "end": "empty_string",
        "expiry": {"signs": {"status": 410},
                   "recover": {"rebuild": {"to": {"query": "since"}, "bound": "exclusive"}}}})",
    R"({"name": "ties, inclusive rebuild",
        "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": ["/created", "/id"], "order": "ascending", "ties": true,
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}},
        "end": {"false": "/has_more"},
        "expiry": {"signs": {"status": 410},
                   "recover": {"rebuild": {"to": {"query": "since"}, "bound": "inclusive"}}}})",
    R"({"name": "link",
        "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "", "key": "/id", "order": "ascending",
        "page_size": {"to": {"query": "per_page"}, "value": 7},
        "next": {"from": {"link": "next"}, "to": {"url": true}},
        "end": "missing",
        "expiry": {"signs": {"status": 410}, "recover": "rescan"}})",
    R"({"name": "rescan without order",
        "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": "/id",
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}},
        "end": "missing",
        "expiry": {"signs": {"status": 410}, "recover": "rescan"}})",
    R"({"name": "fresh token in the error",
        "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": "/id", "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"body": "/metadata/continue"}, "to": {"query": "continue"}},
        "end": ["missing", "empty_string"],
        "expiry": {"signs": {"status": 410}, "recover": {"token_from": "/metadata/continue"}}})",
    R"({"name": "last record",
        "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/data", "key": "/id", "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"last_record": "/id"}, "to": {"query": "starting_after"}},
        "end": {"false": "/has_more"}})",
    R"({"name": "offset",
        "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": "/id", "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"counter": {"start": 0, "step": "records"}}, "to": {"query": "offset"}},
        "total": {"body": "/total"},
        "end": "total"})",
    R"({"name": "body cursor",
        "request": {"method": "POST", "url": "http://127.0.0.1/graphql",
                    "body": {"query": "{ items }", "variables": {"first": 7}}},
        "records": "/data/items/nodes", "key": "/id", "order": "ascending",
        "page_size": {"to": {"body": "/variables/first"}, "value": 7},
        "next": {"from": {"body": "/data/items/pageInfo/endCursor"},
                 "to": {"body": "/variables/after"}},
        "end": {"false": "/data/items/pageInfo/hasNextPage"}})",
};

}  // namespace

std::vector<connector> contracts()
{
    std::vector<connector> all;
    for (const char* text : texts)
        all.push_back(load_connector(text));
    return all;
}

connector contract(const std::string& name)
{
    for (connector& c : contracts())
        if (c.name == name) return c;
    throw std::out_of_range("no contract is called " + name);
}

}  // namespace catena::testing
