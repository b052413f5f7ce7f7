// layer: core
#pragma once

#include <catena/core/page_facts.hpp>

#include <compare>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/** Compare two JSON numbers by value, digit by digit.

    No double is involved: 18446744073709551616 is greater than 18446744073709551615, and 1e2
    equals 100. O(length), no allocation.

    @pre Both are JSON numbers (RFC 8259, section 6), or digits with an optional sign.
*/
[[nodiscard]] std::strong_ordering compare_numbers(std::string_view a, std::string_view b) noexcept;

/// Whether `text` can be compared as a number: `-?digits[.digits][e[+-]digits]`.
[[nodiscard]] bool is_number(std::string_view text) noexcept;

/// A key field's own text: JSON's escapes of a string undone (RFC 8259, section 7).
[[nodiscard]] value value_of(const key_view& field);

/// One key field without escapes, as a view. Converts from @ref value.
struct field_view {
    field_view() {}
    field_view(json_kind k, std::string_view t) : kind(k), text(t) {}
    field_view(const value& v) : kind(v.kind), text(v.text) {}  // NOLINT: a value is a field

    json_kind kind = json_kind::null;
    std::string_view text;
};

/// Compare two key fields under `type`. Numbers by value, all else by octets.
[[nodiscard]] std::strong_ordering compare_fields(key_type type, field_view a,
                                                  field_view b) noexcept;

/// Identity of a whole key: its fields with their lengths, so that ("a","bc") is not ("ab","c").
[[nodiscard]] identity identity_of_key(std::span<const field_view> key);

/// A key as one line of text for messages, fields separated by a comma.
[[nodiscard]] std::string to_text(std::span<const value> key);

}  // namespace catena
