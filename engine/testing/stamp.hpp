#pragma once

#include <catena/core/position.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace catena::testing {

/// What a token of an api_model says. The client never learns it.
struct stamp {
    std::uint64_t chain = 0;       ///< Which walk, counted by the server from 1.
    std::uint64_t page = 0;        ///< Number of the page that the token leads to.
    std::uint64_t after = 0;       ///< Serial of the last record before that page; 0: none.
    std::uint64_t first = 0;       ///< Serial of the last record before the query; 0: none.
    std::uint64_t size = 0;        ///< Records a page.
    std::uint64_t generation = 0;  ///< Dies with kill_tokens().
    std::uint64_t nonce = 0;       ///< Makes a token new that would be an old one.
    std::uint64_t beside = 0;      ///< Sum of the rest of the URL that the token stands in.
    std::uint64_t session = 0;     ///< In which it was given; 0: none.
    std::uint64_t birth = 0;       ///< Nanoseconds on the timeline.

    friend bool operator==(const stamp&, const stamp&) = default;
};

/** Writes and reads stamps as opaque tokens with a checksum.

    Each of a contract's tokens has a number of its own, so one cannot stand for another.
*/
class stamp_codec {
public:
    /// @param awkward Octets that begin and end a token of text.
    explicit stamp_codec(std::string awkward) : awkward_(std::move(awkward)) {}

    /// @param kind string, number or object. The value is as the server's JSON would have it.
    [[nodiscard]] value write(const stamp& s, std::size_t token, json_kind kind) const;

    /// Nothing unless `text` is, octet for octet, what write() made of the same kind.
    [[nodiscard]] std::optional<stamp> read(std::string_view text, std::size_t token,
                                            json_kind kind) const;

private:
    [[nodiscard]] std::string text_of(const stamp& s, std::size_t token) const;
    [[nodiscard]] std::optional<stamp> stamp_in(std::string_view text) const;

    std::string awkward_;
};

/// FNV-1a, folded to 32 bits.
[[nodiscard]] std::uint32_t sum_of(std::string_view text) noexcept;

}  // namespace catena::testing
