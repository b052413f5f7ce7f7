#include "core/printable.hpp"

namespace catena {
namespace {

constexpr char32_t none = 0xffffffff;

/// The character at the start of `text`, which loses it; `none` for an octet that is no UTF-8.
char32_t pass_character(std::string_view& text)
{
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = octet(0);
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
    char32_t code = size == 1 ? lead : lead & (0x7fu >> size);
    bool valid = size != 0 && size <= text.size();
    for (std::size_t i = 1; valid && i < size; ++i) {
        valid = (octet(i) & 0xc0) == 0x80;
        code = code << 6 | (octet(i) & 0x3fu);
    }
    // Overlong, a surrogate, beyond Unicode.
    if (size == 3 && (code < 0x800 || (code >= 0xd800 && code < 0xe000))) valid = false;
    if (size == 4 && (code < 0x10000 || code > 0x10ffff)) valid = false;
    text.remove_prefix(valid ? size : 1);
    return valid ? code : none;
}

bool disturbs(char32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) ||  // controls
           c == 0x061c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;  // direction, lines, nothing to see
}

}  // namespace

std::string printable(std::string_view text, std::size_t most, char instead)
{
    std::string out;
    for (; most != 0 && !text.empty(); --most) {
        const std::string_view from = text;
        const char32_t c = pass_character(text);
        if (c == none) {
            out += '?';
        } else if (disturbs(c)) {
            out += instead;
        } else {
            out += from.substr(0, from.size() - text.size());
        }
    }
    return out;
}

}  // namespace catena
