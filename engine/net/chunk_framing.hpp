#pragma once

#include <catena/net/intake_limits.hpp>

#include <cstddef>
#include <cstdint>

namespace catena::net {

/** The octets between the data of a chunked body: sizes, extensions, line ends, trailers.

    Takes only those octets. After `chunk` the next size() octets are data and are not shown to it.
    Strict (RFC 9112, section 7.1), with one exception: white space after a size is taken, as
    servers are known that pad sizes to a fixed width.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class chunk_framing {
public:
    enum class event {
        none,       ///< The octet is taken; show the next.
        chunk,      ///< size() octets of data follow, at least one.
        end,        ///< That was the last octet of the body.
        malformed,  ///< Not chunked framing.
        line_too_long,
        trailer_too_long,
    };

    explicit chunk_framing(const intake_limits& limits) noexcept : limits_(limits) {}

    [[nodiscard]] event on_octet(char c) noexcept;
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

private:
    enum class place {
        size_first,
        size,
        after_size,
        extension_first,
        extension,
        quoted,
        escaped,
        size_line_end,
        data_cr,
        data_lf,
        trailer_first,
        trailer_name,
        trailer_value,
        trailer_line_end,
        last_line_end,
    };

    [[nodiscard]] event on_size_line(char c) noexcept;
    [[nodiscard]] event on_extension(char c) noexcept;
    [[nodiscard]] event on_trailer(char c) noexcept;
    [[nodiscard]] event go(place next) noexcept;

    intake_limits limits_;
    place at_ = place::size_first;
    std::uint64_t size_ = 0;
    std::size_t line_ = 0;     // octets of the current size line
    std::size_t trailer_ = 0;  // octets of all trailers
};

}  // namespace catena::net
