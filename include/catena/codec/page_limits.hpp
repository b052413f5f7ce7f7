// layer: codec
#pragma once

#include <cstddef>

namespace catena {

/// Intake limits of one answer. Goes to constructors only.
struct page_limits {
    std::size_t page_octets = 64 * 1024 * 1024;  ///< As received, and of each coding undone.
    std::size_t codings = 2;                     ///< Content codings on top of one another.
    std::size_t json_depth = 64;                 ///< Of elements too, in XML.
    std::size_t url_octets = 64 * 1024;
    std::size_t records = 10'000'000;
};

}  // namespace catena
