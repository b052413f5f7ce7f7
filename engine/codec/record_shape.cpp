#include "codec/record_shape.hpp"

#include "codec/json_walk.hpp"
#include "core/printable.hpp"

#include <cstddef>

namespace catena::codec {
namespace {

constexpr std::size_t most_names = 256;
constexpr std::size_t longest_name = 64;

json_kind kind_of(std::string_view value) noexcept
{
    switch (value.empty() ? 'n' : value.front()) {
        case '"': return json_kind::string;
        case '{': return json_kind::object;
        case '[': return json_kind::array;
        case 't':
        case 'f': return json_kind::boolean;
        case 'n': return json_kind::null;
        default: return json_kind::number;
    }
}

}  // namespace

const char* in_words(json_kind k) noexcept
{
    switch (k) {
        case json_kind::string: return "a string";
        case json_kind::number: return "a number";
        case json_kind::boolean: return "a boolean";
        case json_kind::null: return "null";
        case json_kind::array: return "an array";
        case json_kind::object: return "an object";
    }
    return "";
}

std::optional<std::string> record_shape::changes_in(std::string_view record)
{
    std::string changes;
    for_each_member(record, [&](std::string_view name, std::string_view value) {
        const json_kind now = kind_of(value);
        if (now == json_kind::null || name.size() > longest_name) return true;
        const auto known = kinds_.find(name);
        if (known == kinds_.end()) {
            if (kinds_.size() < most_names) kinds_.emplace(name, now);
            return true;
        }
        if (known->second == now || !told_.emplace(name).second) return true;
        changes += (changes.empty() ? "" : ", ") + printable(token_of(name)) + " is " +
                   in_words(now) + " and was " + in_words(known->second);
        return true;
    });
    if (changes.empty()) return std::nullopt;
    return "records look different from now on: " + changes;
}

}  // namespace catena::codec
