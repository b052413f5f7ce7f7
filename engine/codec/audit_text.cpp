#include "codec/audit_words.hpp"
#include "core/grouped.hpp"
#include "core/json_lexer.hpp"
#include <catena/codec/audit_text.hpp>
#include <catena/codec/range_text.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

namespace catena {

using codec::line_of;
using core::grouped;

namespace {

constexpr std::size_t columns = 80;
constexpr std::size_t most_entries = 10;

// Characters, which is near enough to columns. @pre UTF-8.
std::size_t width_of(std::string_view text) noexcept
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

// The octets of the first `count` characters.
std::size_t octets_of(std::string_view text, std::size_t count) noexcept
{
    std::size_t at = 0;
    for (; count > 0 && at < text.size(); --count)
        at += std::max<std::size_t>(core::utf8_length(text.substr(at)), 1);
    return at;
}

// Text from column `indent` on, its first line behind `head`. What is too long for a line by itself
// is broken anywhere, so that nothing is lost.
void paragraph(std::string& out, std::string head, std::string_view text, std::size_t indent)
{
    head.resize(head.size() + indent - std::min(indent, width_of(head)), ' ');
    std::string line = std::move(head);
    std::size_t used = indent;
    const auto wrap = [&] {
        out.append(line, 0, line.find_last_not_of(' ') + 1).append("\n");
        line.assign(indent, ' ');
        used = indent;
    };
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        std::string_view rest = word;
        const bool fresh = used == indent;
        if (!fresh && used + 1 + width_of(rest) > columns) wrap();
        if (used != indent) {
            line += ' ';
            ++used;
        }
        while (used + width_of(rest) > columns) {
            const std::size_t fits = octets_of(rest, columns - used);
            line += rest.substr(0, fits);
            rest.remove_prefix(fits);
            wrap();
        }
        line += rest;
        used += width_of(rest);
    }
    wrap();
}

template <class List, class Write>
void section(std::string& out, const char* name, const List& list, Write write)
{
    if (list.empty()) return;
    out.append("\n").append(name).append(": ").append(grouped(list.size())).append("\n");
    for (std::size_t i = 0; i < std::min(list.size(), most_entries); ++i)
        write(list[i]);
    if (list.size() > most_entries)
        out += "  and " + grouped(list.size() - most_entries) + " more\n";
}

void write_checks(std::string& out, const std::vector<audit_check>& checks)
{
    out += "\nchecks\n";
    for (const audit_check& c : checks) {
        std::string head = std::string("  ") + codec::word_of(c.is);
        head.resize(11, ' ');
        head += line_of(c.name) + ' ';
        // The note of one that counts stands among the reasons already.
        const bool told = c.allows != verdict::complete;
        std::string text = codec::finding_of(c, !told);
        if (text.empty()) text = "see above";
        paragraph(out, std::move(head), text, 22);
    }
}

void write_counts(std::string& out, const audit_counts& n)
{
    out += "\ncounts\n";
    bool left = true;
    for (const auto& [name, count] : codec::counts_of(n)) {
        std::string cell = std::string("  ") + name;
        std::replace(cell.begin(), cell.end(), '_', ' ');
        const std::string number = grouped(count);
        cell.resize(
            std::max<std::size_t>(36 - std::min<std::size_t>(number.size(), 20), cell.size() + 1),
            ' ');
        out.append(cell).append(number).append(left ? "  " : "\n");
        left = !left;
    }
}

}  // namespace

std::string to_text(const audit_report& r)
{
    std::string out;
    const std::string head = std::string(codec::word_of(r.is)) + ": ";
    paragraph(out, head, line_of(r.job + " (" + r.connector + ")"), head.size());
    for (const std::string& reason : r.reasons)
        paragraph(out, "  - ", line_of(reason), 4);
    section(out, "gaps", r.gaps, [&](const audit_gap& g) {
        paragraph(out, "", line_of(to_text(g.where)), 2);
        paragraph(out, "", line_of(g.why), 6);
    });
    section(out, "overlaps", r.overlaps,
            [&](const range& o) { paragraph(out, "", line_of(to_text(o)), 2); });
    section(out, "deleted since the previous run, and left in the store", r.deleted,
            [&](const std::string& key) { paragraph(out, "", line_of(key), 2); });
    write_checks(out, r.checks);
    write_counts(out, r.counts);
    out += '\n' + codec::date_of(r.begun) + " to " + codec::date_of(r.ended) + ", " +
           codec::length_of(r.begun, r.ended) + (r.resumed ? ", resumed\n" : "\n");
    return out;
}

}  // namespace catena
