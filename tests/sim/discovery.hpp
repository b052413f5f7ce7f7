#pragma once

#include "sim/jobs.hpp"
#include <catena/testing/fake_transport.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

/// A contract whose tokens can be walked apart from the records.
inline connector discovered_contract(const std::string& more = "")
{
    return load_connector(R"({
        "name": "files", "request": {"url": "http://127.0.0.1/v1/files", "query": {"fields": "*"}},
        "records": "/items", "key": "/id", "order": "ascending",
        "page_size": {"to": {"query": "limit"}, "value": 7},
        "next": {"from": {"body": "/nextPageToken"}, "to": {"query": "pageToken"}},
        "end": ["missing", "empty_string"],
        "expiry": {"signs": {"status": 410}}, )" +
                          more + R"(
        "discovery": {"query": {"fields": "nextPageToken"}}
    })");
}

inline bool wants_tokens_alone(const http_request& r)
{
    return r.target.find("fields=nextPageToken") != std::string::npos;
}

/// Takes the token out of an answer.
inline void without_token(scripted_answer& a)
{
    const std::size_t at = a.body.find("\"nextPageToken\"");
    REQUIRE(at != std::string::npos);
    std::size_t end = a.body.find('"', a.body.find(':', at) + 2);
    while (a.body[end - 1] == '\\')
        end = a.body.find('"', end + 1);
    const std::size_t begin = a.body.find_last_of(",{", at);
    a.body.erase(a.body[begin] == '{' ? at : begin, end + 1 - (a.body[begin] == '{' ? at : begin));
}

/// A server whose tokens are the same for everybody.
inline behaviour steady()
{
    behaviour b;
    b.steady_tokens = true;
    return b;
}

/// A world with a store, whose server's answers can be changed.
struct discovery_world {
    discovery_world(std::uint64_t seed, connector c, std::size_t records, behaviour b = steady(),
                    duration jitter = std::chrono::milliseconds(20))
        : time(seed),
          contract(std::move(c)),
          model(contract, make_dataset(contract, dataset_options(records)), std::move(b)),
          wire(
              time.get_executor(), time,
              [this](const http_request& r, const arrival& how) { return answer(r, how); },
              wire_options(seed, jitter)),
          data(time.get_executor(), time)
    {
        engine_options o;
        o.seed = seed;
        on = std::make_unique<engine>(time.get_executor(), wire, time, o);
        options.workers = 4;
    }

    static fake_transport_options wire_options(std::uint64_t seed, duration jitter)
    {
        fake_transport_options o;
        o.seed = seed;
        o.jitter = jitter;
        return o;
    }

    scripted_answer answer(const http_request& r, const arrival& how)
    {
        scripted_answer a = model.answer(r, how);
        if (change) change(model.log().back(), a);
        return a;
    }

    void start()
    {
        done = false;
        work.emplace(*on, contract, data, options);
        work->run([this](error_code ec, const audit_report& r) {
            why = {};
            why.code = ec;
            if (work && work->why().code == ec) why = work->why();
            report = r;
            done = true;
        });
    }

    void run()
    {
        start();
        time.run();
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
        std::vector<std::string> out = model.records();
        std::sort(out.begin(), out.end());
        return out;
    }
    /// The pages whose records were asked for, in the order of the requests.
    [[nodiscard]] std::vector<std::uint64_t> fetched() const
    {
        std::vector<std::uint64_t> out;
        for (const served& s : model.log())
            if (!s.tokens_alone) out.push_back(s.page);
        return out;
    }
    [[nodiscard]] std::size_t token_requests() const
    {
        return model.log().size() - fetched().size();
    }
    /// How many pages were asked for at once.
    [[nodiscard]] std::size_t most_pages_at_once() const
    {
        std::vector<std::pair<time_point, int>> steps;
        for (const exchanged& e : wire.log()) {
            if (wants_tokens_alone(e.request) || !e.ended) continue;
            steps.emplace_back(e.begun, 1);
            steps.emplace_back(*e.ended, -1);
        }
        std::sort(steps.begin(), steps.end());
        std::size_t now = 0, most = 0;
        for (const auto& [at, step] : steps)
            most = std::max(most, step > 0 ? ++now : --now);
        return most;
    }
    [[nodiscard]] const audit_check& check(const std::string& name) const
    {
        static const audit_check none;
        for (const audit_check& c : report.checks)
            if (c.name == name) return c;
        return none;
    }

    sim time;
    connector contract;
    api_model model;
    std::function<void(const served&, scripted_answer&)> change;
    fake_transport wire;
    std::unique_ptr<engine> on;
    fake_store data;
    job_options options;
    std::optional<job> work;
    audit_report report;
    diagnostics why;
    bool done = false;
};

}  // namespace catena::testing
