#include "codec/secret_text.hpp"

#include <optional>
#include <utility>

namespace catena::codec {

error_code refuse_secret(diagnostics& why, std::string pointer, std::string what, std::string mend)
{
    why.code = errc::bad_secret;
    why.pointer = std::move(pointer);
    why.what = std::move(what);
    why.mend = std::move(mend);
    why.next = advice::resume;
    return why.code;
}

error_code read_setting(const setting& s, const secret_lookup& look_up, const std::string& pointer,
                        std::string& text, diagnostics& why)
{
    if (!s.is_secret()) {
        text = s.prefix + s.value;
        return {};
    }
    const bool variable = s.from == setting::source::environment;
    const std::string named = (variable ? "environment variable " : "file ") + s.value;
    if (!look_up)
        return refuse_secret(why, pointer, "nothing was given that could read the " + named,
                             "pass a secret_lookup");
    const std::optional<secret> found = look_up(s.from, s.value);
    if (!found.has_value()) {
        return refuse_secret(why, pointer, "the " + named + " cannot be read, or is empty",
                             variable ? "set the variable" : "check the path and its rights");
    }
    text = s.prefix;
    text += found->reveal();
    return {};
}

}  // namespace catena::codec
