#include "testing/chance.hpp"
#include "testing/json_tree.hpp"
#include <catena/core/json_text.hpp>
#include <catena/core/key.hpp>
#include <catena/testing/dataset.hpp>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace catena::testing {
namespace {

std::string digits(std::uint64_t n, int width)
{
    const std::string text = std::to_string(n);
    const auto wanted = static_cast<std::size_t>(width);
    return text.size() < wanted ? std::string(wanted - text.size(), '0') + text : text;
}

std::string time_text(std::uint64_t seconds)
{
    return "2026-" + digits(1 + seconds / 86400 / 28 % 12, 2) + '-' +
           digits(1 + seconds / 86400 % 28, 2) + 'T' + digits(seconds / 3600 % 24, 2) + ':' +
           digits(seconds / 60 % 60, 2) + ':' + digits(seconds % 60, 2) + 'Z';
}

value leading_field(key_type type, std::uint64_t group)
{
    if (type == key_type::number) return {json_kind::number, std::to_string(5 + group * 7)};
    return {json_kind::string, time_text(group * 61)};
}

value last_field(key_type type, const dataset_options& o, std::uint64_t number)
{
    const bool text = o.keys == dataset_options::numbering::texts || type == key_type::text;
    if (text && type == key_type::number) return {json_kind::string, std::to_string(number)};
    if (text) return {json_kind::string, 'k' + digits(number, 9) + o.key_tail};
    if (o.keys == dataset_options::numbering::integers)
        return {json_kind::number, std::to_string(number)};
    return {json_kind::number, "18446744073709" + digits(number, 9)};
}

std::string as_json(const value& v) { return v.kind == json_kind::string ? quote(v.text) : v.text; }

// What stands where `s` takes a token from a record that has no key field there.
value mark_of(const token_target& to, const std::vector<value>& key, std::uint64_t number)
{
    if (to.to != token_target::place::body)
        return {json_kind::string, "mark+/=%&" + std::to_string(number)};
    std::string array = "[";
    for (const value& v : key)
        array += as_json(v) + " , ";
    return {json_kind::array, array + std::to_string(number) + "e0]"};
}

std::string filler(const dataset_options& o, std::size_t have, chance& draw)
{
    static constexpr const char* oddities[] = {
        "]}", "\"}],", "\\", "\n\t", "{[", "caf\xc3\xa9", "\"next\":", "\xf0\x9f\x8d\xb0"};
    std::string text = oddities[draw.below(std::size(oddities))];
    while (have + text.size() < o.octets)
        text += static_cast<char>('a' + draw.below(26));
    return text;
}

row make_row(const connector& c, const dataset_options& o, std::uint64_t group,
             std::uint64_t number, chance& draw)
{
    row made;
    json_tree record;
    bool bare = false;
    for (std::size_t f = 0; f < c.key.size(); ++f) {
        const bool last = f + 1 == c.key.size();
        made.key.push_back(last ? last_field(c.key[f].type, o, number)
                                : leading_field(c.key[f].type, group));
        record.set(c.key[f].at, as_json(made.key.back()));
        bare = bare || c.key[f].at.empty();
    }
    for (std::size_t i = 0; i < c.next.from.size(); ++i) {
        const token_source& s = c.next.from[i];
        if (s.from != token_source::place::last_record) continue;
        const auto field = std::find_if(c.key.begin(), c.key.end(),
                                        [&](const key_field& k) { return k.at == s.at; });
        if (field != c.key.end()) {
            made.marks.push_back(made.key[static_cast<std::size_t>(field - c.key.begin())]);
        } else {
            made.marks.push_back(mark_of(c.next.to.at(i), made.key, number));
            record.set(s.at, as_json(made.marks.back()));
        }
    }
    if (!bare) {
        if (c.key.empty()) record.set("/serial", std::to_string(number));
        record.set("/links", R"({"next":"https://records.invalid/?cursor=not-a-token"})");
        record.set("/has_more", "false");
        record.set("/amount", draw.below(2) == 0 ? "1.50" : "12e-1");
        record.set("/text", quote(filler(o, record.text().size() + 11, draw)));
    }
    made.json = record.text();
    return made;
}

}  // namespace

std::vector<row> make_dataset(const connector& c, const dataset_options& o)
{
    chance draw(o.seed);
    std::vector<row> rows;
    rows.reserve(o.records);
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < o.records; ++i) {
        number += 1 + draw.below(3);
        rows.push_back(make_row(c, o, i / std::max<std::size_t>(o.ties, 1), number, draw));
    }
    if (c.sorted == order::descending) std::reverse(rows.begin(), rows.end());
    if (c.sorted == order::none)
        for (std::size_t i = rows.size(); i > 1; --i)
            std::swap(rows[i - 1], rows[draw.below(i)]);
    return rows;
}

}  // namespace catena::testing
