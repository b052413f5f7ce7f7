// layer: testing
#pragma once

#include <catena/core/http.hpp>
#include <catena/core/time.hpp>

#include <cstdint>
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

/// How a request came. A time stands for one whose connection does not matter, and the reverse.
struct arrival {
    arrival(time_point t, std::uint64_t c = 0) : at(t), connection(c) {}  // NOLINT: see above
    operator time_point() const noexcept { return at; }                   // NOLINT

    time_point at;
    std::uint64_t connection;  ///< From 1, and never the number of two; 0: not told.
};

/// Answers requests: a server without its wire. One that asks for a `time_point` alone will do.
using server = std::function<scripted_answer(const http_request&, const arrival&)>;

}  // namespace catena::testing
