#include "ui/series.hpp"

#include <algorithm>
#include <utility>

namespace ui {

namespace {

point joined(const point& a, const point& b)
{
    point p;
    p.until = b.until;
    p.records = a.records + b.records;
    p.requests = a.requests + b.requests;
    p.throttled = a.throttled + b.throttled;
    p.recovered = a.recovered + b.recovered;
    p.retried = a.retried + b.retried;
    p.in_flight = std::max(a.in_flight, b.in_flight);
    p.bound = a.bound == 0 || b.bound == 0 ? 0 : std::max(a.bound, b.bound);
    p.held = a.held || b.held;
    p.answers = a.answers + b.answers;
    p.p50 = std::max(a.p50, b.p50);
    p.p90 = std::max(a.p90, b.p90);
    p.p99 = std::max(a.p99, b.p99);
    return p;
}

}  // namespace

void series::add(const point& p)
{
    if (points_.size() == most) {
        std::vector<point> half;
        half.reserve(most);
        for (std::size_t i = 0; i + 1 < points_.size(); i += 2)
            half.push_back(joined(points_[i], points_[i + 1]));
        points_ = std::move(half);
        step_ *= 2;
    }
    points_.push_back(p);
}

}  // namespace ui
