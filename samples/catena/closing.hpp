#pragma once

#include <catena/core/audit.hpp>

#include <string>
#include <vector>

namespace command {

/// What is said of a run that came to its end.
struct closing {
    std::string verdict;
    std::string line;  ///< Verdict, counts, and where the rest is to be had.
    std::vector<std::string>
        trouble;  ///< What keeps it from complete, a line each, the worst first.
};

/// @param report Path that the whole audit was written to; empty: none.
[[nodiscard]] closing closing_of(const catena::audit_report& r, const std::string& report);

}  // namespace command
