#pragma once

#include <catena/core/audit.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catena::codec {

[[nodiscard]] const char* word_of(verdict v) noexcept;
[[nodiscard]] const char* word_of(audit_check::result r) noexcept;
[[nodiscard]] const char* word_of(audit_stretch::state s) noexcept;

/// One sentence of what a verdict means.
[[nodiscard]] const char* meaning_of(verdict v) noexcept;

/// The counts by name, in the order in which all forms show them.
[[nodiscard]] std::vector<std::pair<const char*, std::uint64_t>> counts_of(const audit_counts& n);

/// RFC 3339, in UTC, whole seconds.
[[nodiscard]] std::string date_of(wall_time t);

/// "12 min 30 s". Rounded to seconds; 0 s where `to` is before `from`.
[[nodiscard]] std::string length_of(wall_time from, wall_time to);

/// A server's words as text of any length, on one line.
[[nodiscard]] std::string line_of(std::string_view text);

/// What a check expected or found: a number with its thousands apart, else the words.
[[nodiscard]] std::string amount_of(std::string_view text);

/// "expected 3, found 2; a note".
[[nodiscard]] std::string finding_of(const audit_check& c, bool with_note);

}  // namespace catena::codec
