#pragma once

#include "finding.hpp"
#include "page.hpp"

#include <string>
#include <vector>

namespace probe {

/// An array that may hold the records.
struct candidate {
    std::string at;
    std::size_t size = 0;
    bool objects = false;  ///< Its elements are objects, all alike.
    int score = 0;
};

/// All of them, the best first. Places in other arrays do not count.
[[nodiscard]] std::vector<candidate> find_records(const page& p);

/// An object whose values look like records, where there is one: its place.
[[nodiscard]] std::string find_map(const page& p);

/// Whether the document is one record and no listing.
[[nodiscard]] bool is_one_record(const page& p, const candidate& best);

}  // namespace probe
