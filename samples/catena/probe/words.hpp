#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// A name without case and punctuation: "next_page-Token" is "nextpagetoken".
[[nodiscard]] std::string plain(std::string_view name);

[[nodiscard]] bool one_of(std::string_view word, std::initializer_list<std::string_view> words);

/// A server's word, fit for a terminal and cut where it is long.
[[nodiscard]] std::string shown(std::string_view word);

/// The JSON Pointer of the member `name` of the object at `at`.
[[nodiscard]] std::string pointer_to(const std::string& at, std::string_view name);

/// "1 record", "2 records".
[[nodiscard]] std::string counted(std::size_t n, const std::string& thing);

/// Percent-encoded, all but unreserved octets (RFC 3986, section 2.3).
[[nodiscard]] std::string encoded(std::string_view text);

/// One parameter of a URL's query.
struct parameter {
    std::string name, text;  ///< Percent-encoding undone.
};

[[nodiscard]] std::vector<parameter> parameters_of(std::string_view url);
[[nodiscard]] std::optional<std::string> parameter_of(std::string_view url, std::string_view name);
/// All other octets of the URL stay as they are.
[[nodiscard]] std::string without_parameter(std::string_view url, std::string_view name);
[[nodiscard]] std::string with_parameter(std::string_view url, std::string_view name,
                                         std::string_view text);
/// The path alone: "/v1/items".
[[nodiscard]] std::string_view path_of(std::string_view url);

}  // namespace probe
