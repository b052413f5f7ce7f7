#pragma once

#include "naive_client.hpp"
#include <catena/testing/api_model.hpp>

#include <boost/json/parse.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

inline constexpr time_point t0{std::chrono::hours(1)};

/// A server, a client by the book and a clock that the test moves.
struct world {
    world(connector c, const dataset_options& d, behaviour b = {})
        : model(c, make_dataset(c, d), std::move(b)),
          client(c, [this](const http_request& r) { return model.answer(r, now); })
    {
    }

    [[nodiscard]] std::vector<boost::json::value> truth() const
    {
        std::vector<boost::json::value> all;
        for (const std::string& text : model.records())
            all.push_back(boost::json::parse(text));
        return all;
    }

    time_point now = t0;
    api_model model;
    naive_client client;
};

}  // namespace catena::testing
