#include "codec/json_edit.hpp"

#include <catena/core/json_text.hpp>

#include <algorithm>
#include <charconv>

namespace catena::codec {
namespace {

constexpr std::size_t nowhere = std::string_view::npos;

std::size_t skip_blanks(std::string_view text, std::size_t at)
{
    return std::min(text.find_first_not_of(" \t\r\n", at), text.size());
}

// Behind the string that begins at `at`.
std::size_t skip_string(std::string_view text, std::size_t at)
{
    for (++at; at < text.size(); ++at) {
        if (text[at] == '"') return at + 1;
        if (text[at] == '\\') ++at;
    }
    return nowhere;
}

/* Behind the value that begins at `at`. Brackets are counted, not paired: the text is the user's
   own body or was read as JSON before, and depth must not cost stack. */
std::size_t skip_value(std::string_view text, std::size_t at)
{
    std::size_t depth = 0;
    for (;;) {
        at = skip_blanks(text, at);
        if (at >= text.size()) return nowhere;
        const char c = text[at];
        if (c == '"') {
            at = skip_string(text, at);
            if (at == nowhere) return nowhere;
        } else if (c == '{' || c == '[') {
            ++depth;
            ++at;
        } else if (c == '}' || c == ']') {
            if (depth == 0) return nowhere;
            --depth;
            ++at;
        } else if (c == ',' || c == ':') {
            if (depth == 0) return nowhere;
            ++at;
        } else {
            at = std::min(text.find_first_of(" \t\r\n,:{}[]\"", at), text.size());
        }
        if (depth == 0) return at;
    }
}

// A value of an object or array, as positions in the text.
struct element {
    std::string_view name;
    std::size_t begin = 0, end = 0;
};

struct container {
    std::vector<element> elements;
    std::size_t close = 0;  // where the closing bracket stands
};

// The elements of the container whose opening bracket stands at `at`.
std::optional<container> read_container(std::string_view text, std::size_t at)
{
    const bool object = text[at] == '{';
    const char closing = object ? '}' : ']';
    container out;
    at = skip_blanks(text, at + 1);
    if (at < text.size() && text[at] == closing) {
        out.close = at;
        return out;
    }
    for (;;) {
        element e;
        if (object) {
            if (at >= text.size() || text[at] != '"') return std::nullopt;
            const std::size_t end = skip_string(text, at);
            if (end == nowhere) return std::nullopt;
            e.name = text.substr(at + 1, end - at - 2);
            at = skip_blanks(text, end);
            if (at >= text.size() || text[at] != ':') return std::nullopt;
            ++at;
        }
        e.begin = skip_blanks(text, at);
        e.end = skip_value(text, e.begin);
        if (e.end == nowhere) return std::nullopt;
        out.elements.push_back(e);
        at = skip_blanks(text, e.end);
        if (at >= text.size() || (text[at] != ',' && text[at] != closing)) return std::nullopt;
        if (text[at] == closing) {
            out.close = at;
            return out;
        }
        at = skip_blanks(text, at + 1);
    }
}

// The first step of a pointer, unescaped (RFC 6901, section 4); takes it off `pointer`.
std::string take_step(std::string_view& pointer)
{
    pointer.remove_prefix(1);
    const std::string_view raw = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(raw.size());
    std::string step;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const bool escape = raw[i] == '~' && i + 1 < raw.size();
        step += !escape ? raw[i] : raw[++i] == '1' ? '/' : '~';
    }
    return step;
}

// Objects for the rest of a pointer, the value inside.
std::string wrapped(std::string_view pointer, std::string_view value)
{
    std::string before;
    std::string after;
    while (!pointer.empty()) {
        before += '{' + json_string(take_step(pointer)) + ':';
        after += '}';
    }
    return before.append(value) + after;
}

std::string replaced(std::string_view text, std::size_t begin, std::size_t end,
                     std::string_view with)
{
    std::string out;
    out.reserve(text.size() + with.size());
    return out.append(text.substr(0, begin)).append(with).append(text.substr(end));
}

// The element that `step` names; `ok` is false where the step cannot be taken at all.
const element* find_element(const container& in, bool object, std::string_view step, bool& ok)
{
    if (object) {
        const element* found = nullptr;
        for (const element& e : in.elements) {
            if (unescape(e.name).text != step) continue;
            if (found) ok = false;  // which of the two a server would take is anyone's guess
            found = &e;
        }
        return found;
    }
    std::size_t index = 0;
    const auto [end, ec] = std::from_chars(step.data(), step.data() + step.size(), index);
    const bool canonical = ec == std::errc{} && end == step.data() + step.size() &&
                           (step.size() == 1 || step[0] != '0');
    ok = canonical && index < in.elements.size();
    return ok ? &in.elements[index] : nullptr;
}

}  // namespace

std::optional<std::vector<json_member>> members_of(std::string_view text)
{
    const std::size_t begin = skip_blanks(text, 0);
    if (begin >= text.size() || text[begin] != '{') return std::nullopt;
    const std::optional<container> object = read_container(text, begin);
    if (!object || skip_blanks(text, object->close + 1) != text.size()) return std::nullopt;
    std::vector<json_member> out;
    for (const element& e : object->elements)
        out.push_back({e.name, text.substr(e.begin, e.end - e.begin)});
    return out;
}

std::optional<std::string> with_value_at(std::string_view json, std::string_view pointer,
                                         std::string_view value)
{
    if (!pointer.empty() && pointer[0] != '/') return std::nullopt;
    std::size_t begin = skip_blanks(json, 0);
    if (begin == json.size()) return wrapped(pointer, value);
    std::size_t end = skip_value(json, begin);
    if (end == nowhere || skip_blanks(json, end) != json.size()) return std::nullopt;

    while (!pointer.empty()) {
        const std::string_view here = json.substr(begin, end - begin);
        if (here == "null") break;
        if (here[0] != '{' && here[0] != '[') return std::nullopt;
        const bool object = here[0] == '{';
        const std::optional<container> in = read_container(json, begin);
        if (!in) return std::nullopt;

        const std::string step = take_step(pointer);
        bool ok = true;
        const element* next = find_element(*in, object, step, ok);
        if (!ok) return std::nullopt;
        if (!next) {
            std::string member = in->elements.empty() ? "" : ",";
            member += json_string(step) + ':' + wrapped(pointer, value);
            const std::size_t at = in->elements.empty() ? begin + 1 : in->elements.back().end;
            return replaced(json, at, at, member);
        }
        begin = next->begin;
        end = next->end;
    }
    return replaced(json, begin, end, wrapped(pointer, value));
}

std::string json_string(std::string_view text)
{
    std::string quoted = quote(text);
    constexpr char digits[] = "0123456789abcdef";
    for (std::size_t at = quoted.find('\xed'); at != nowhere; at = quoted.find('\xed', at + 1)) {
        if (at + 2 >= quoted.size()) break;
        const auto second = static_cast<unsigned char>(quoted[at + 1]);
        const auto third = static_cast<unsigned char>(quoted[at + 2]);
        if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
        const unsigned code = 0xd000u | (second & 0x3fu) << 6 | (third & 0x3fu);
        std::string escape = "\\ud";
        for (const unsigned shift : {8u, 4u, 0u})
            escape += digits[code >> shift & 15];
        quoted.replace(at, 3, escape);
    }
    return quoted;
}

}  // namespace catena::codec
