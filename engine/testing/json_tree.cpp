#include "testing/json_tree.hpp"

#include <catena/core/json_text.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>
#include <utility>

namespace catena::testing {
namespace {

std::size_t past_space(std::string_view json, std::size_t i)
{
    return std::min(json.find_first_not_of(" \t\r\n", i), json.size());
}

std::size_t past_string(std::string_view json, std::size_t i)
{
    for (++i; i < json.size() && json[i] != '"'; ++i)
        if (json[i] == '\\') ++i;
    return i + 1;
}

std::size_t past_value(std::string_view json, std::size_t i)
{
    if (json[i] == '"') return past_string(json, i);
    if (json[i] != '{' && json[i] != '[')
        return std::min(json.find_first_of(" \t\r\n,]}", i), json.size());
    int depth = 0;
    while (i < json.size()) {
        if (json[i] == '"') {
            i = past_string(json, i);
            continue;
        }
        if (json[i] == '{' || json[i] == '[') ++depth;
        if (json[i] == '}' || json[i] == ']') --depth;
        ++i;
        if (depth == 0) break;
    }
    return i;
}

// RFC 6901, section 4: no leading zeros. Higher numbers are names: "/2026/next" is no array.
std::optional<std::size_t> array_index(std::string_view name)
{
    std::size_t index = 0;
    const char* end = name.data() + name.size();
    const auto [stop, bad] = std::from_chars(name.data(), end, index);
    const bool digits = bad == std::errc{} && stop == end && (name == "0" || name[0] != '0');
    if (!digits || index >= 1000) return std::nullopt;
    return index;
}

// Where the element with that name begins, in the array that begins at `i`.
std::optional<std::size_t> element_at(std::string_view json, std::size_t i, std::string_view name)
{
    const auto index = array_index(name);
    if (!index) return std::nullopt;
    i = past_space(json, i + 1);
    for (std::size_t n = 0; n < *index && i < json.size(); ++n) {
        i = past_space(json, past_value(json, i));
        if (i < json.size() && json[i] == ',') i = past_space(json, i + 1);
    }
    if (i >= json.size() || json[i] == ']') return std::nullopt;
    return i;
}

// Where the value of the first member with that name begins, in the object that begins at `i`.
std::optional<std::size_t> member_at(std::string_view json, std::size_t i, std::string_view name)
{
    for (i = past_space(json, i + 1);; i = past_space(json, i + 1)) {
        if (i >= json.size() || json[i] != '"') return std::nullopt;
        const std::size_t begin = i + 1;
        i = past_string(json, i);
        const bool found = unescape(json.substr(begin, i - 1 - begin)).text == name;
        i = past_space(json, past_space(json, i) + 1);
        if (found) return i;
        i = past_space(json, past_value(json, i));
    }
}

}  // namespace

std::string take_segment(std::string_view& pointer)
{
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    std::string name;
    for (std::size_t i = 0; i < end; ++i) {
        const bool escape = pointer[i] == '~' && i + 1 < end;
        if (escape) ++i;
        name += !escape ? pointer[i] : pointer[i] == '1' ? '/' : '~';
    }
    pointer.remove_prefix(end);
    return name;
}

json_tree::member* json_tree::descend(member& from, std::string_view& pointer)
{
    member* at = &from;
    while (!pointer.empty()) {
        const std::string_view here = pointer;
        const std::string name = take_segment(pointer);
        const auto next = std::find_if(at->members.begin(), at->members.end(),
                                       [&](const member& m) { return m.name == name; });
        if (next == at->members.end()) {
            pointer = here;
            break;
        }
        at = &*next;
    }
    return at;
}

void json_tree::set(std::string_view pointer, std::string raw)
{
    member* at = descend(root_, pointer);
    while (!pointer.empty()) {
        at->members.emplace_back();
        at = &at->members.back();
        at->name = take_segment(pointer);
    }
    at->raw = std::move(raw);
}

void json_tree::duplicate(std::string_view pointer, std::string raw)
{
    const std::size_t last = pointer.rfind('/');
    std::string_view parent = pointer.substr(0, last);
    member* at = descend(root_, parent);
    std::string_view name = pointer.substr(last);
    at->members.emplace_back();
    at->members.back().name = take_segment(name);
    at->members.back().raw = std::move(raw);
}

bool json_tree::write_array(const std::vector<member>& elements, std::string& out)
{
    std::vector<const member*> by_index;
    for (const member& m : elements) {
        const auto index = array_index(m.name);
        if (!index) return false;
        by_index.resize(std::max(by_index.size(), *index + 1));
        if (by_index[*index] != nullptr) return false;  // twice: only an object can say that
        by_index[*index] = &m;
    }
    if (by_index.empty()) return false;
    char mark = '[';
    for (const member* m : by_index) {
        out += std::exchange(mark, ',');
        if (m == nullptr)
            out += "null";
        else
            write(*m, out);
    }
    out += ']';
    return true;
}

void json_tree::write(const member& m, std::string& out)
{
    if (!m.raw.empty()) {
        out += m.raw;
        return;
    }
    if (write_array(m.members, out)) return;
    out += '{';
    for (const member& child : m.members) {
        if (&child != &m.members.front()) out += ',';
        out += quote(child.name);
        out += ':';
        write(child, out);
    }
    out += '}';
}

std::string json_tree::text() const
{
    std::string out;
    write(root_, out);
    return out;
}

std::optional<std::string_view> raw_at(std::string_view json, std::string_view pointer)
{
    std::size_t i = past_space(json, 0);
    while (!pointer.empty()) {
        const std::string wanted = take_segment(pointer);
        if (i >= json.size()) return std::nullopt;
        const auto next = json[i] == '{'   ? member_at(json, i, wanted)
                          : json[i] == '[' ? element_at(json, i, wanted)
                                           : std::nullopt;
        if (!next) return std::nullopt;
        i = *next;
    }
    if (i >= json.size()) return std::nullopt;
    return json.substr(i, past_value(json, i) - i);
}

}  // namespace catena::testing
