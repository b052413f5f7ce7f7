#pragma once

#include "sim/world.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/job.hpp>
#include <catena/testing/fake_store.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

/// A contract whose records are filtered by their integer ids.
inline connector ranged_contract(const std::string& more = "")
{
    return load_connector(R"({
        "name": "items", "request": {"url": "http://127.0.0.1/v1/items"},
        "records": "/items", "key": "/id", "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"body": "/next"}, "to": {"query": "cursor"}}, "end": "missing",
        "expiry": {"signs": {"status": 410},
                   "recover": {"rebuild": {"to": {"query": "from"}, "bound": "inclusive"}}}, )" +
                          more + R"(
        "range": {"by": "/id", "type": "integer",
                  "lower": {"to": {"query": "from"}, "bound": "inclusive"},
                  "upper": {"to": {"query": "before"}, "bound": "exclusive"}}
    })");
}

/// The check of that name. @pre There is one.
inline const audit_check& check_of(const audit_report& r, const std::string& name)
{
    for (const audit_check& c : r.checks)
        if (c.name == name) return c;
    FAIL("no check " << name);
    return r.checks.front();
}

/// A world with a store, and what a run of a job came to.
struct job_world {
    job_world(std::uint64_t seed, connector c, std::size_t records, behaviour b = {},
              const fake_store_options& o = {})
        : inner(seed, std::move(c), records, std::move(b)),
          data(inner.time.get_executor(), inner.time, o)
    {
        options.workers = 4;
    }

    /// Begin a run; what it comes to stands in `report` and `why` when it is over.
    void start()
    {
        done = false;
        work.emplace(*inner.on, inner.contract, data, options);
        work->run([this](error_code ec, const audit_report& r) {
            why = {};
            why.code = ec;
            if (work && work->why().code == ec) why = work->why();
            report = r;
            done = true;
        });
    }

    /// A run to its end, in virtual time.
    void run()
    {
        start();
        inner.time.run();
        work.reset();
    }

    [[nodiscard]] std::vector<std::string> stored() const
    {
        std::vector<std::string> out;
        for (const auto& [key, body] : data.records(1))
            out.push_back(body);
        std::sort(out.begin(), out.end());
        return out;
    }

    [[nodiscard]] std::vector<std::string> truth() const
    {
        std::vector<std::string> out = inner.model.records();
        std::sort(out.begin(), out.end());
        return out;
    }

    world inner;
    fake_store data;
    job_options options;
    std::optional<job> work;
    audit_report report;
    diagnostics why;
    bool done = false;
};

}  // namespace catena::testing
