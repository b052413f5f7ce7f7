#pragma once

#include "page.hpp"
#include <catena/connector.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace probe {

/// A number that may be the dataset's total.
struct total_place {
    catena::total_rule rule;
    std::uint64_t value = 0;
};

/// Totals of records first, then of pages, the likeliest of each first; none below the page's size.
[[nodiscard]] std::vector<total_place> find_totals(const page& p);

/** The total that two pages agree on and that is more than both have.

    @param again Records of page 2 that stand on page 1 too.
*/
[[nodiscard]] std::optional<total_place> find_stable_total(const page& one, const page& two,
                                                           std::size_t again);

/// A parameter that sets how many records a page has.
struct size_place {
    std::string parameter;
    std::uint32_t value = 0;  ///< That was asked for, or that the server shows.
    bool in_url = false;      ///< The user's own choice.
    std::string evidence;
};
[[nodiscard]] std::optional<size_place> find_size(const page& p);

/// Names of header fields that look like a quota and that catena does not know by itself.
[[nodiscard]] std::vector<std::string> unknown_quota_fields(const page& p);

/// How many quotas of the answer catena reads by itself.
[[nodiscard]] std::size_t known_quotas(const page& p);

}  // namespace probe
