#include "testing/stamp.hpp"

#include <catena/core/json_text.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace catena::testing {
namespace {

constexpr std::uint64_t stamp::*fields[] = {
    &stamp::chain,      &stamp::page,  &stamp::after,  &stamp::first,   &stamp::size,
    &stamp::generation, &stamp::nonce, &stamp::beside, &stamp::session, &stamp::birth};

constexpr std::string_view object_head = "{ \"pk\" :";
constexpr std::string_view object_tail = ", \"n\":1.50e1,\"deep\":[ null,{}] }";

std::optional<std::uint64_t> number_in(std::string_view text, int base)
{
    std::uint64_t n = 0;
    const auto end = text.data() + text.size();
    const auto [stop, bad] = std::from_chars(text.data(), end, n, base);
    if (bad != std::errc{} || stop != end || text.empty()) return std::nullopt;
    return n;
}

std::string hexadecimal(std::uint64_t n)
{
    std::array<char, 16> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), n, 16).ptr;
    return std::string(buffer.data(), end);
}

// A number token: each field in twenty digits behind a leading one.
constexpr std::size_t width = 20;

std::string digits_of(std::string_view text)
{
    std::string out = "1";
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('.'), text.size());
        const std::string part = std::to_string(*number_in(text.substr(0, end), 16));
        out.append(width - part.size(), '0').append(part);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string text_from(std::string_view digits)
{
    std::string out;
    digits.remove_prefix(std::min<std::size_t>(1, digits.size()));
    while (digits.size() >= width) {
        const auto part = number_in(digits.substr(0, width), 10);
        if (!out.empty()) out += '.';
        out += hexadecimal(part.value_or(0));
        digits.remove_prefix(width);
    }
    return out;
}

}  // namespace

std::uint32_t sum_of(std::string_view text) noexcept
{
    std::uint64_t sum = 0xcbf29ce484222325;
    for (const char c : text)
        sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return static_cast<std::uint32_t>(sum ^ (sum >> 32));
}

std::string stamp_codec::text_of(const stamp& s, std::size_t token) const
{
    std::string text;
    for (const auto field : fields)
        text += hexadecimal(s.*field) + '.';
    return text + hexadecimal(sum_of(text + std::to_string(token)));
}

std::optional<stamp> stamp_codec::stamp_in(std::string_view text) const
{
    stamp s;
    for (const auto field : fields) {
        const std::size_t end = text.find('.');
        if (end == std::string_view::npos) return std::nullopt;
        const auto n = number_in(text.substr(0, end), 16);
        if (!n) return std::nullopt;
        s.*field = *n;
        text.remove_prefix(end + 1);
    }
    return s;
}

value stamp_codec::write(const stamp& s, std::size_t token, json_kind kind) const
{
    const std::string text = text_of(s, token);
    if (kind == json_kind::number) return {kind, digits_of(text)};
    if (kind == json_kind::object)
        return {kind, std::string(object_head) + quote(text) + std::string(object_tail)};
    return {json_kind::string, awkward_ + text + awkward_};
}

std::optional<stamp> stamp_codec::read(std::string_view text, std::size_t token,
                                       json_kind kind) const
{
    std::string inner(text);
    if (kind == json_kind::number) {
        inner = text_from(text);
    } else if (kind == json_kind::object) {
        if (text.size() < object_head.size() + 1 + object_tail.size()) return std::nullopt;
        inner = text.substr(object_head.size() + 1,
                            text.find('"', object_head.size() + 1) - object_head.size() - 1);
    } else {
        if (text.size() < 2 * awkward_.size()) return std::nullopt;
        inner = text.substr(awkward_.size(), text.size() - 2 * awkward_.size());
    }
    const auto found = stamp_in(inner);
    if (!found || write(*found, token, kind).text != text) return std::nullopt;
    return found;
}

}  // namespace catena::testing
