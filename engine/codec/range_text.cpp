#include "codec/located_json.hpp"
#include "core/json_lexer.hpp"
#include <catena/codec/range_text.hpp>
#include <catena/core/json_text.hpp>
#include <catena/diagnostics.hpp>

#include <cstddef>
#include <optional>
#include <utility>

namespace catena {
namespace codec {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

bool is_utf8(std::string_view text) noexcept
{
    while (!text.empty()) {
        const std::size_t length = core::utf8_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

void write(std::string& out, std::string_view name, const std::optional<std::string>& border)
{
    if (!border) return;
    if (out.back() != '{') out += ',';
    out.append(quote(name)).append(":");
    if (is_utf8(*border)) {
        out += quote(*border);
        return;
    }
    out += "{\"hex\":\"";
    for (const char c : *border) {
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
    }
    out += "\"}";
}

bool read(const located& from, std::string& out)
{
    if (from.kind == json_kind::string) {
        out = from.text;
        return true;
    }
    const located* const hex = from.find("hex");
    if (!hex || from.members.size() != 1 || hex->kind != json_kind::string) return false;
    if (hex->text.size() % 2 != 0) return false;
    for (std::size_t i = 0; i < hex->text.size(); i += 2) {
        const std::size_t high = digits.find(hex->text[i]);
        const std::size_t low = digits.find(hex->text[i + 1]);
        if (high == digits.npos || low == digits.npos) return false;
        out += static_cast<char>(high << 4 | low);
    }
    return true;
}

bool read(const located& from, interval& out)
{
    if (from.kind != json_kind::object) return false;
    for (const located::member& m : from.members) {
        if (m.name != "from" && m.name != "to") return false;
        if (!read(m.is, (m.name == "from" ? out.lower : out.upper).emplace())) return false;
    }
    return true;
}

std::optional<range> read_range(std::string_view text)
{
    json_fault ignored;
    const std::optional<located> root = read_located(text, {}, ignored);
    if (!root || root->kind != json_kind::array) return std::nullopt;
    range out;
    for (const located& item : root->items)
        if (!read(item, out.over.emplace_back())) return std::nullopt;
    return out;
}

}  // namespace
}  // namespace codec

std::string to_text(const range& r)
{
    std::string out = "[";
    for (const interval& part : r.over) {
        out += out.size() > 1 ? ",{" : "{";
        codec::write(out, "from", part.lower);
        codec::write(out, "to", part.upper);
        out += '}';
    }
    return out + ']';
}

range range_from_text(std::string_view text)
{
    std::optional<range> out = codec::read_range(text);
    // Written in one way only: a text that comes back different was changed by something else.
    if (out && to_text(*out) == text) return std::move(*out);
    diagnostics why;
    why.code = errc::bad_checkpoint;
    why.what = "the stored range cannot be read";
    why.mend = "it was changed, or written by a newer version: use that version, or start anew";
    throw failure(std::move(why));
}

}  // namespace catena
