#pragma once

#include <string>
#include <string_view>

namespace ui {

/// The page that asks for its data once a second.
[[nodiscard]] std::string live_page();

/** The same page with its data, styles and scripts in it: one file that asks for nothing.

    Its own policy (a meta element, Content Security Policy level 2) lets no request out and no
    script run but its own, each named by its SHA-256.

    @param data As to_json() makes it.
*/
[[nodiscard]] std::string whole_page(std::string_view data);

}  // namespace ui
