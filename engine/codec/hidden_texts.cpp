#include "codec/hidden_texts.hpp"

#include "codec/drift.hpp"
#include "codec/request_builder_query.hpp"
#include <catena/core/json_text.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <system_error>
#include <utility>

namespace catena::codec {
namespace {

constexpr std::size_t least = 4;          // of a text that is hidden
constexpr std::size_t least_of_url = 6;   // of a query's value, which need not be secret
constexpr std::size_t least_of_part = 8;  // of what is told by its beginning
constexpr std::size_t most_shown = 1024;  // more than any message; a hostile text costs time

void add(std::vector<std::string>& hidden, std::string_view text, std::size_t from)
{
    if (text.size() < from || std::find(hidden.begin(), hidden.end(), text) != hidden.end()) return;
    hidden.emplace_back(text);
}

template <class Take>
void split(std::string_view text, std::string_view at, Take take)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(at), text.size());
        take(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

// The texts in a JSON value, but not the names of its members.
void add_texts_of(std::vector<std::string>& hidden, std::string_view json)
{
    for (std::size_t i = json.find('"'); i < json.size(); i = json.find('"', i + 1)) {
        const std::size_t from = ++i;
        while (i < json.size() && json[i] != '"')
            i += json[i] == '\\' ? 2u : 1u;
        if (i >= json.size()) return;
        const std::size_t next = json.find_first_not_of(" \t\r\n", i + 1);
        if (next == std::string_view::npos || json[next] != ':')
            add(hidden, unescape(json.substr(from, i - from)).text, least);
    }
}

// What a quoting server may have done to a text octet by octet.
enum class quoted { not_at_all, as_json, as_xml };

struct marked {
    std::string text;
    std::size_t head;  // octets of it by which it is known
};

// Octets of the escape that `text` begins with: 2, 6, or 12 for a pair of surrogates; 0 for none.
std::size_t escape_at(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdefABCDEF";
    const auto coded = [&](std::string_view t) {
        return t.size() >= 6 && t.starts_with("\\u") &&
               t.substr(0, 6).find_first_not_of(digits, 2) == std::string_view::npos;
    };
    if (coded(text))
        return unescape(text.substr(0, 6)).lone_surrogate && coded(text.substr(6)) ? 12 : 6;
    const bool plain = text.size() >= 2 && text.front() == '\\' &&
                       std::string_view("\"\\/bfnrt").find(text[1]) != std::string_view::npos;
    return plain ? 2 : 0;
}

/// The octets of the reference that `text` begins with, such as "&amp;", and what it stands for;
/// 0 for none. Of numbers only those of ASCII: what markup must escape is.
std::pair<std::size_t, std::string> reference_at(std::string_view text)
{
    const std::size_t end = text.substr(0, 12).find(';');
    if (end == std::string_view::npos) return {};
    std::string_view name = text.substr(1, end - 1);
    constexpr std::pair<std::string_view, char> named[] = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (const auto& [known, c] : named)
        if (name == known) return {end + 1, std::string(1, c)};
    if (!name.starts_with('#')) return {};
    name.remove_prefix(1);
    const int base = name.starts_with('x') || name.starts_with('X') ? 16 : 10;
    if (base == 16) name.remove_prefix(1);
    unsigned number = 0;
    const auto [stop, bad] = std::from_chars(name.data(), name.data() + name.size(), number, base);
    if (bad != std::errc{} || stop != name.data() + name.size() || number >= 0x80) return {};
    return {end + 1, std::string(1, static_cast<char>(number))};
}

/// The same of an escape or a reference, as `how` has them.
std::pair<std::size_t, std::string> quoted_at(std::string_view text, quoted how)
{
    if (how == quoted::as_xml && text.front() == '&') return reference_at(text);
    if (how != quoted::as_json || text.front() != '\\') return {};
    const std::size_t length = escape_at(text);
    return {length, unescape(text.substr(0, length)).text};
}

/// How far `text` goes along with `m`; 0 if it is not known by that much.
std::size_t length_of(const marked& m, std::string_view text, quoted how)
{
    const std::string_view wanted = m.text;
    std::size_t at = 0;
    std::size_t same = 0;
    while (same < wanted.size() && at < text.size()) {
        const auto [escape, octets] = quoted_at(text.substr(at), how);
        if (escape != 0) {
            if (!wanted.substr(same).starts_with(octets)) break;
            at += escape;
            same += octets.size();
        } else {
            if (text[at] != wanted[same]) break;
            ++at;
            ++same;
        }
    }
    return same >= std::min(m.head, wanted.size()) ? at : 0;
}

}  // namespace

void hide(std::vector<std::string>& hidden, std::string_view text)
{
    if (text.starts_with('{') || text.starts_with('[')) add_texts_of(hidden, text);
    add(hidden, text, least);
    if (const std::size_t blank = text.find(' '); blank < text.size())
        add(hidden, text.substr(blank + 1), least);
    split(text, " ,;=", [&](std::string_view part) { add(hidden, part, least_of_part); });
}

void hide(std::vector<std::string>& hidden, const credential& c)
{
    hide(hidden, c.value.reveal());
    for (const secret& part : c.parts)
        hide(hidden, part.reveal());
}

void hide_target(std::vector<std::string>& hidden, std::string_view target,
                 std::string_view own_path)
{
    const std::size_t mark = std::min(target.find('?'), target.size());
    if (target.substr(0, mark) != own_path)
        split(target.substr(0, mark), "/", [&](std::string_view part) {
            if (own_path.find(part) == std::string_view::npos) add(hidden, part, least_of_part);
        });
    split(target.substr(mark), "?&", [&](std::string_view part) {
        if (part.find('=') == std::string_view::npos) add(hidden, part, least_of_url);
    });
}

std::string without_hidden(std::string_view text, std::string_view url,
                           std::span<const std::string> hidden)
{
    std::vector<marked> all;
    const auto know = [&](const std::string& value, std::size_t from, std::size_t head) {
        if (value.size() < from) return;
        std::string encoded;
        append_encoded(encoded, value);
        all.push_back({value, head});
        all.push_back({std::move(encoded), head});
    };
    for (const std::string& value : hidden)
        know(value, least, least_of_part);
    for (const std::string& value : values_in(url))
        know(value, least_of_url, std::string::npos);

    std::string out;
    while (!text.empty() && out.size() < most_shown) {
        std::size_t longest = 0;
        for (const marked& m : all)
            for (const quoted how : {quoted::not_at_all, quoted::as_json, quoted::as_xml})
                longest = std::max(longest, length_of(m, text, how));
        if (longest == 0)
            out += text.front();
        else
            out += "***";
        text.remove_prefix(std::max<std::size_t>(longest, 1));
    }
    return out;
}

}  // namespace catena::codec
