// layer: net
#pragma once

#include <cstddef>
#include <cstdint>

namespace catena {

/// How much of one answer is taken in. What is past a limit ends with errc::limit_exceeded.
struct intake_limits {
    std::size_t header_octets = 64 * 1024;  ///< Status line and header block of one answer.
    std::size_t header_lines = 500;
    std::size_t interim_answers = 16;  ///< 1xx answers before the final one.
    std::size_t chunk_line_octets = 8 * 1024;
    std::size_t trailer_octets = 8 * 1024;
    std::uint64_t body_octets = 64 * 1024 * 1024;  ///< As received, chunked framing undone.
};

}  // namespace catena
