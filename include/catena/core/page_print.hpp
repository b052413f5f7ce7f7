// layer: core
#pragma once

#include <catena/core/identity.hpp>

#include <cstdint>

namespace catena {

/// Tells a page from the one before it without keeping either.
struct page_print {
    std::uint64_t records = 0;
    std::uint64_t octets = 0;  ///< Of all records together.
    identity first, last;      ///< Of the first and the last record's octets.

    friend bool operator==(const page_print&, const page_print&) = default;
};

}  // namespace catena
