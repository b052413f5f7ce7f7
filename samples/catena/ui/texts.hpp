#pragma once

#include "ui/gauges.hpp"

#include <string>

namespace ui {

/** What Prometheus asks for: its text format, version 0.0.4.

    Sums end in `_total`, times are in seconds; no line is of one chain, so the number of lines does
    not grow with them.
*/
[[nodiscard]] std::string to_prometheus(const gauges& g);

/** What the page shows, as one JSON object: all numbers of to_prometheus() by the same names, the
    points, the slowest chains and the bar. Less than 200 KB, whatever the run.
*/
[[nodiscard]] std::string to_json(const gauges& g);

/// As few digits as tell `d` to `digits` behind the point: "0.25", "3", "-1.5".
[[nodiscard]] std::string in_digits(double d, int digits);

}  // namespace ui
