#pragma once

#include <catena/core/time.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace catena::codec {

/// What one Set-Cookie field says (RFC 6265bis, section 5.6).
struct set_cookie {
    std::string name, value;
    std::string domain;               ///< Without its leading dot, lower case; "": none.
    std::optional<std::string> path;  ///< If it begins with a slash.
    wall_time until = wall_time::max();
    bool secure = false;
};

/// The field's cookie, or nothing where it holds a control character or neither name nor value.
[[nodiscard]] std::optional<set_cookie> read_set_cookie(std::string_view field, wall_time now);

/// The time in an Expires attribute, as laxly as servers write it (RFC 6265, section 5.1.1).
[[nodiscard]] std::optional<std::chrono::sys_seconds> read_cookie_date(std::string_view text);

/// Whether `path` asks for something at or beneath `cookie_path` (RFC 6265, section 5.1.4).
[[nodiscard]] bool path_matches(std::string_view path, std::string_view cookie_path) noexcept;

/// Whether a cookie of `domain` is for `host` too (RFC 6265, section 5.1.3). Both lower case.
[[nodiscard]] bool domain_matches(std::string_view host, std::string_view domain) noexcept;

/// Whether registrars let anyone have a name beneath `domain`, such as "co.uk".
[[nodiscard]] bool is_public_suffix(const std::string& domain);

}  // namespace catena::codec
