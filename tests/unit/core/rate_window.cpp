#include "support/catch.hpp"
#include <catena/core/rate_window.hpp>

#include <algorithm>
#include <queue>
#include <random>
#include <vector>

using namespace catena;
using namespace std::chrono_literals;

namespace {

constexpr time_point t0{1000h};

// A network that takes `base` each way and up to `jitter` more, and what a strict server counts.
struct strict_world {
    strict_world(std::uint32_t seed, std::uint64_t n, duration span, duration way, duration more)
        : chance(seed), window(n, span), most(n), per(span), base(way), jitter(more)
    {
    }

    duration one_way()
    {
        const auto extra =
            jitter.count() == 0 ? 0 : static_cast<duration::rep>(chance()) % jitter.count();
        return base + duration(extra);
    }

    void run(duration how_long)
    {
        struct flight {
            time_point sent, back;
            bool operator<(const flight& o) const { return back > o.back; }
        };
        std::priority_queue<flight> flights;
        for (time_point now = t0; now < t0 + how_long;) {
            while (!flights.empty() && flights.top().back <= now) {
                const flight f = flights.top();
                flights.pop();
                pace.add(f.back - f.sent);
                window.ended(f.sent, f.back, 1);
            }
            const time_point when = window.earliest(now, 1, pace);
            const time_point answer = flights.empty() ? time_point::max() : flights.top().back;
            if (when > now) {
                now = std::min(when, answer);
                continue;
            }
            window.take(now, 1);
            const time_point arrival = now + one_way();
            arrivals.push_back(arrival);
            flights.push({now, arrival + one_way()});
        }
        std::sort(arrivals.begin(), arrivals.end());
    }

    [[nodiscard]] std::size_t refused() const
    {
        std::size_t n = 0;
        for (std::size_t i = most; i < arrivals.size(); ++i)
            n += arrivals[i] - arrivals[i - most] < per ? 1 : 0;
        return n;
    }

    std::mt19937 chance;
    rate_window window;
    exchange_times pace;
    std::uint64_t most;
    duration per, base, jitter;
    std::vector<time_point> arrivals;
};

}  // namespace

TEST_CASE("a strict server refuses none, and hardly any of its quota is left",
          "[R3][R13][property]")
{
    struct row {
        std::uint64_t most;
        duration per, base, jitter;
        double used;
    };
    const row rows[] = {
        {1, 1s, 20ms, 0ms, 0.99},     {10, 1s, 50ms, 0ms, 0.99},      {10, 1s, 400ms, 0ms, 0.99},
        {100, 10s, 30ms, 20ms, 0.99}, {100, 1min, 40ms, 100ms, 0.99}, {5000, 1h, 30ms, 30ms, 0.99},
        {7, 1s, 900ms, 0ms, 0.99},
    };
    for (const row& r : rows) {
        for (std::uint32_t seed = 1; seed <= 20; ++seed) {
            CAPTURE(seed, r.most, r.per.count(), r.base.count(), r.jitter.count());
            strict_world w(seed, r.most, r.per, r.base, r.jitter);
            const duration span = std::max<duration>(10min, 3 * r.per);
            w.run(span);
            CHECK(w.refused() == 0);
            const double quota = double(r.most) * double(span.count()) / double(r.per.count());
            CHECK(double(w.arrivals.size()) >= r.used * quota);
        }
    }
}
