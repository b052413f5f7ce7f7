#pragma once

#include <catena/core/request_rule.hpp>
#include <catena/core/secret_lookup.hpp>
#include <catena/diagnostics.hpp>
#include <catena/error.hpp>

#include <string>

namespace catena::codec {

/// A setting's secret cannot be used. @return errc::bad_secret, with the story in `why`.
error_code refuse_secret(diagnostics& why, std::string pointer, std::string what, std::string mend);

/** The text of a setting, looked up if it is a secret.

    @param pointer Of the setting in its connector, for messages.
    @return errc::bad_secret with the story in `why`: the reference's name, never its text.
*/
[[nodiscard]] error_code read_setting(const setting& s, const secret_lookup& look_up,
                                      const std::string& pointer, std::string& text,
                                      diagnostics& why);

}  // namespace catena::codec
