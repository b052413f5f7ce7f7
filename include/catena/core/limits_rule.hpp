// layer: core
#pragma once

#include <catena/core/signals_rule.hpp>
#include <catena/core/time.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace catena {

/// So many requests in so much time, with so many at once after a quiet spell.
struct rate_policy {
    enum class window {
        sliding,  ///< No span of `per` ever holds more. Safe for fixed windows too, wherever they
                  ///< begin.
        bucket,   ///< A bucket of `burst` that refills evenly: a span may hold `burst` more.
    };

    rate_policy() {}
    rate_policy(std::uint32_t n, duration span, std::uint32_t at_once = 1)
        : requests(n), per(span), burst(at_once)
    {
    }

    std::uint32_t requests = 1;
    duration per = std::chrono::seconds(1);
    std::uint32_t burst = 1;
    window counts = window::sliding;
    std::uint32_t weight = 1;  ///< What one request of this connector costs.

    friend bool operator==(const rate_policy&, const rate_policy&) = default;
};

struct limits_rule {
    limits_rule() {}

    std::vector<rate_policy> policies;  ///< All hold at once.
    std::uint32_t concurrency = 0;      ///< Requests in flight; 0: as the pool allows.
    signals_rule signals;               ///< How answers show quotas.

    friend bool operator==(const limits_rule&, const limits_rule&) = default;
};

}  // namespace catena
