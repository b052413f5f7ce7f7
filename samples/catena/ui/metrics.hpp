#pragma once

#include "ui/gauges.hpp"

#include <string>
#include <vector>

namespace ui {

/// One number under the name that Prometheus has for it.
struct metric {
    const char* name;
    const char* type;  ///< "counter" or "gauge".
    const char* help;
    std::string label;  ///< `class="2xx"`, or empty. Of a small, fixed set.
    std::string value;
};

/// In a fixed order; those of one name stand together.
[[nodiscard]] std::vector<metric> metrics_of(const gauges& g);

}  // namespace ui
