#include <catena/core/json_text.hpp>

#include <cstddef>

namespace catena {
namespace {

unsigned hex(char c) noexcept
{
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    return static_cast<unsigned>((c | 0x20) - 'a' + 10);
}

unsigned four_digits(std::string_view text) noexcept
{
    unsigned code = 0;
    for (std::size_t i = 0; i < 4 && i < text.size(); ++i)
        code = code << 4 | hex(text[i]);
    return code;
}

void append_code_point(std::string& to, unsigned code)
{
    const auto octet = [&](unsigned o) { to += static_cast<char>(o); };
    if (code < 0x80) return octet(code);
    if (code < 0x800) {
        octet(0xc0 | code >> 6);
    } else {
        if (code < 0x10000) {
            octet(0xe0 | code >> 12);
        } else {
            octet(0xf0 | code >> 18);
            octet(0x80 | (code >> 12 & 0x3f));
        }
        octet(0x80 | (code >> 6 & 0x3f));
    }
    octet(0x80 | (code & 0x3f));
}

constexpr bool is_high(unsigned code) noexcept { return code >= 0xd800 && code < 0xdc00; }
constexpr bool is_low(unsigned code) noexcept { return code >= 0xdc00 && code < 0xe000; }

// Reads the escape at text[i] == '\\' and returns the index behind it.
std::size_t append_escape(unescaped& to, std::string_view text, std::size_t i)
{
    switch (text[i + 1]) {
        case 'b': to.text += '\b'; return i + 2;
        case 'f': to.text += '\f'; return i + 2;
        case 'n': to.text += '\n'; return i + 2;
        case 'r': to.text += '\r'; return i + 2;
        case 't': to.text += '\t'; return i + 2;
        case 'u': break;
        default: to.text += text[i + 1]; return i + 2;
    }
    unsigned code = four_digits(text.substr(i + 2));
    i += 6;
    if (is_high(code) && i + 6 <= text.size() && text[i] == '\\' && text[i + 1] == 'u') {
        const unsigned low = four_digits(text.substr(i + 2));
        if (is_low(low)) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            i += 6;
        }
    }
    if (is_high(code) || is_low(code)) to.lone_surrogate = true;
    append_code_point(to.text, code);
    return i;
}

}  // namespace

unescaped unescape(std::string_view inner)
{
    unescaped out;
    out.text.reserve(inner.size());
    for (std::size_t i = 0; i < inner.size();) {
        const std::size_t next = inner.find('\\', i);
        out.text += inner.substr(i, next - i);
        if (next == std::string_view::npos || next + 1 >= inner.size()) break;
        i = append_escape(out, inner, next);
    }
    return out;
}

std::string quote(std::string_view text)
{
    constexpr char digits[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (octet < 0x20) {
            out += "\\u00";
            out += digits[octet >> 4];
            out += digits[octet & 15];
        } else {
            out += c;
        }
    }
    return out += '"';
}

}  // namespace catena
