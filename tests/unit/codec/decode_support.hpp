#pragma once

#include <catena/codec/decode.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace catena::testing {

using codings = std::vector<content_coding>;

// Encoders. Those of br and zstd want accept_encoding() to name them.
std::string gzip_of(std::string_view text);
std::string zlib_of(std::string_view text);
std::string plain_deflate_of(std::string_view text);
std::string br_of(std::string_view text);
std::string br_with_large_window_of(std::string_view text);
std::string zstd_of(std::string_view text, int window_log = 0);  ///< With a checksum.

bool built_in(content_coding c);

/// A way to write a body, and the coding that undoes it.
struct form {
    const char* name;
    content_coding coding;
    std::string (*of)(std::string_view text);
    bool checked;  ///< Has a checksum.
    bool marked;   ///< Begins with octets that tell it from all else.
};

/// Those that this build can undo.
std::vector<form> forms();

/// What became of a body.
struct decoded {
    error_code ec;
    std::string body, flaw;
};

constexpr std::size_t page_octets = std::size_t{64} * 1024 * 1024;

/// Undo `coded`, in pieces of at most `piece` octets where that is not 0.
decoded undo(const codings& c, std::string_view coded, std::size_t limit = page_octets,
             std::size_t piece = 0);

/// As undo(), by a decoder that is there already, in pieces of random length below `piece`.
decoded undo_with(decoder& d, const codings& c, std::string_view coded, std::uint32_t seed,
                  std::size_t piece, std::size_t limit = page_octets);

/// Octets like those of a page, of about that size.
std::string page_text(std::size_t size, std::uint32_t seed = 1);

}  // namespace catena::testing
