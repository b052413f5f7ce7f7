#pragma once

#include "sim/jobs.hpp"
#include "support/contracts.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <vector>

namespace catena::testing {

/// Records whose ids follow one another.
inline std::vector<row> dense_rows(long from, long to)
{
    std::vector<row> out;
    for (long id = from; id <= to; ++id) {
        row r;
        r.key = {value{json_kind::number, std::to_string(id)}};
        r.json = R"({"id":)" + std::to_string(id) + "}";
        out.push_back(r);
    }
    return out;
}

/// Offsets, and a server in which early records go while later ones are read.
struct drifting {
    explicit drifting(std::uint64_t seed, std::size_t goes = 12, const fake_store_options& o = {})
        : w(seed, contract("offset"), 0, {}, o), random(seed), left(goes)
    {
        w.inner.model = api_model(w.inner.contract, dense_rows(1, 200));
    }

    void run()
    {
        w.start();
        while (!w.done) {
            (void)w.inner.time.run_for(std::chrono::milliseconds(25));
            move();
        }
        w.work.reset();
        w.inner.time.run();
    }

    void move()
    {
        if (left == 0) return;
        --left;
        const std::vector<std::string> all = w.inner.model.records();
        (void)w.inner.model.erase(all[random() % (all.size() / 2)]);
    }

    /// Records that the server had all the time, and the store lacks.
    [[nodiscard]] std::size_t lost() const
    {
        const std::vector<std::string> have = w.stored();
        const std::vector<std::string> all = w.truth();
        std::vector<std::string> missing;
        std::set_difference(all.begin(), all.end(), have.begin(), have.end(),
                            std::back_inserter(missing));
        return missing.size();
    }

    job_world w;
    std::mt19937_64 random;
    std::size_t left;
};

}  // namespace catena::testing
