// layer: codec
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace catena {

/// A decimal exactly as it was sent: three places are all that the format has.
struct sf_decimal {
    std::int64_t thousandths = 0;

    friend auto operator<=>(const sf_decimal&, const sf_decimal&) = default;
};

struct sf_token {
    std::string text;

    friend auto operator<=>(const sf_token&, const sf_token&) = default;
};

/// Any octets, already out of base64.
struct sf_binary {
    std::string octets;

    friend auto operator<=>(const sf_binary&, const sf_binary&) = default;
};

/// Seconds since 1970 in UTC, leap seconds left out. May lie beyond what @ref wall_time holds.
struct sf_date {
    std::int64_t seconds = 0;

    friend auto operator<=>(const sf_date&, const sf_date&) = default;
};

/// Text for people, UTF-8.
struct sf_display_string {
    std::string text;

    friend auto operator<=>(const sf_display_string&, const sf_display_string&) = default;
};

/// One value of RFC 9651, section 3.3; std::string is its String, printable ASCII.
using sf_bare_item = std::variant<std::int64_t, sf_decimal, std::string, sf_token, sf_binary, bool,
                                  sf_date, sf_display_string>;

/// In the order of first mention; of a key that comes again the last value counts.
using sf_parameters = std::vector<std::pair<std::string, sf_bare_item>>;

struct sf_item {
    sf_bare_item value;
    sf_parameters parameters;

    friend auto operator<=>(const sf_item&, const sf_item&) = default;
};

struct sf_inner_list {
    std::vector<sf_item> items;
    sf_parameters parameters;

    friend auto operator<=>(const sf_inner_list&, const sf_inner_list&) = default;
};

using sf_member = std::variant<sf_item, sf_inner_list>;
using sf_list = std::vector<sf_member>;

/// In the order of first mention; of a key that comes again the last member counts.
using sf_dictionary = std::vector<std::pair<std::string, sf_member>>;

/** Read a structured field (RFC 9651, section 4.2) out of the values of all its lines, in order.

    Strict, as the format wants it: a field with one octet out of place is no field. Of what the
    RFC leaves open, base64 may lack its padding or have bits set in it, and a text that was split
    over two lines is read as joined.

    @par Complexity
    Time n log n, memory proportional to the octets: the limit on headers is the limit here. Nothing
    nests deeper than an item in an inner list.

    @param where If not null: where nothing is returned, the octet that could not be read, counted
    in the lines joined by ", ".
    @return No lines and empty ones are an empty list or dictionary, and no item.
*/
[[nodiscard]] std::optional<sf_list> read_sf_list(std::span<const std::string_view> lines,
                                                  std::size_t* where = nullptr);
[[nodiscard]] std::optional<sf_dictionary> read_sf_dictionary(
    std::span<const std::string_view> lines, std::size_t* where = nullptr);
[[nodiscard]] std::optional<sf_item> read_sf_item(std::span<const std::string_view> lines,
                                                  std::size_t* where = nullptr);

/// The parameter of that key, or nullptr.
[[nodiscard]] const sf_bare_item* find_parameter(const sf_parameters& all,
                                                 std::string_view key) noexcept;

}  // namespace catena
