// layer: testing
#pragma once

#include <catena/core/http.hpp>
#include <catena/core/time.hpp>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

/// One whole answer of a server.
struct scripted_answer {
    scripted_answer() {}
    explicit scripted_answer(int s, std::string b = {}) : status(s), body(std::move(b)) {}

    int status = 200;
    std::vector<header_field> headers;  ///< Without those of the framing.
    std::string body;
};

/// Answers requests: a server without its wire.
using server = std::function<scripted_answer(const http_request&, time_point)>;

}  // namespace catena::testing
