#pragma once

#include <catena/testing/dataset.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

inline constexpr long span_of_ids = 1'000'000;
inline constexpr std::size_t hours_of_ids = 720;

/// Ids as moments: each hour has as many as Zipf's law gives its rank, hours in random order.
inline std::vector<row> zipf_rows(std::size_t records, std::uint64_t seed)
{
    std::vector<double> share(hours_of_ids);
    for (std::size_t i = 0; i < hours_of_ids; ++i)
        share[i] = 1.0 / static_cast<double>(i + 1);
    const double sum = std::accumulate(share.begin(), share.end(), 0.0);
    std::mt19937_64 random(seed);
    std::shuffle(share.begin(), share.end(), random);

    std::vector<row> out;
    const double width = static_cast<double>(span_of_ids) / hours_of_ids;
    for (std::size_t h = 0; h < hours_of_ids; ++h) {
        const auto count =
            static_cast<std::size_t>(std::lround(share[h] / sum * static_cast<double>(records)));
        for (std::size_t i = 0; i < count; ++i) {
            const double at =
                (static_cast<double>(h) + static_cast<double>(i) / static_cast<double>(count)) *
                width;
            row r;
            const std::string id = std::to_string(static_cast<long>(at));
            if (!out.empty() && out.back().key[0].text == id) continue;
            r.key = {value{json_kind::number, id}};
            r.json = R"({"id":)" + id + "}";
            out.push_back(std::move(r));
        }
    }
    return out;
}

}  // namespace catena::testing
