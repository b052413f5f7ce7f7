#include "codec/audit_style.hpp"
#include "codec/audit_words.hpp"
#include "core/grouped.hpp"
#include <catena/codec/audit_text.hpp>
#include <catena/codec/range_text.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

namespace catena {

using codec::line_of;
using core::counted;
using core::grouped;

namespace {

constexpr std::size_t most_entries = 1'000;

// Text and nothing else, between tags and in attributes, in HTML and in XML.
std::string escaped(std::string_view text)
{
    std::string out;
    const std::string line = line_of(text);
    for (std::size_t i = 0; i < line.size(); ++i) {
        switch (line[i]) {
            case '&': out += "&amp;"; continue;
            case '<': out += "&lt;"; continue;
            case '>': out += "&gt;"; continue;
            case '"': out += "&quot;"; continue;
            case '\'': out += "&#39;"; continue;
            default: break;
        }
        // U+FFFE and U+FFFF are no characters of XML.
        const std::string_view three = std::string_view(line).substr(i, 3);
        if (three == "\xef\xbf\xbe" || three == "\xef\xbf\xbf") {
            out += '?';
            i += 2;
            continue;
        }
        out += line[i];
    }
    return out;
}

std::string coordinate(double share)
{
    std::array<char, 32> text{};
    const auto written = std::to_chars(text.data(), text.data() + text.size(), share * 1000,
                                       std::chars_format::fixed, 2);
    return {text.data(), written.ptr};
}

std::string code_of(const range& r) { return "<code>" + escaped(to_text(r)) + "</code>"; }

std::string tip_of(const audit_stretch& s)
{
    std::string out = codec::word_of(s.is);
    if (!s.where.over.empty()) out += ' ' + to_text(s.where);
    if (s.chains > 1) out += ", " + counted(s.chains, "chain");
    if (s.chains != 0) out += ", " + counted(s.records, "record");
    return escaped(out);
}

void write_picture(std::string& out, const std::vector<audit_stretch>& picture)
{
    if (picture.empty()) return;
    out +=
        "<figure>\n<svg viewBox=\"0 0 1000 36\" preserveAspectRatio=\"none\" role=\"img\" "
        "aria-label=\"Chains and gaps along the dataset\">\n"
        "<rect class=\"ground\" x=\"0\" y=\"0\" width=\"1000\" height=\"36\"/>\n";
    for (const audit_stretch& s : picture) {
        // Seen however short it is; what is short leaves no room for a seam.
        const double least = s.is == audit_stretch::state::gap ? 0.003 : 0.0005;
        const double width = std::max(s.to - s.from, least);
        const double seam = width > 0.008 ? 0.0015 : 0;
        const double from = std::min(s.from, 1 - least);
        out += "<rect class=\"" + std::string(codec::word_of(s.is)) + "\" x=\"" + coordinate(from) +
               "\" y=\"0\" width=\"" + coordinate(width - seam) + "\" height=\"36\"><title>" +
               tip_of(s) + "</title></rect>\n";
    }
    out += "</svg>\n<figcaption>";
    for (const auto s : {audit_stretch::state::ended, audit_stretch::state::open,
                         audit_stretch::state::stopped, audit_stretch::state::gap}) {
        const std::string word = codec::word_of(s);
        out += "<span><i class=\"" + word + "\"></i>" + word + "</span>";
    }
    out += "</figcaption>\n</figure>\n";
}

void write_reasons(std::string& out, const std::vector<std::string>& reasons)
{
    if (reasons.empty()) return;
    out += "<section>\n<h2>What keeps it from complete</h2>\n<ul>\n";
    for (const std::string& reason : reasons)
        out += "<li>" + escaped(reason) + "</li>\n";
    out += "</ul>\n</section>\n";
}

void write_counts(std::string& out, const audit_counts& n)
{
    out += "<dl class=\"counts\">\n";
    for (const auto& [name, count] : codec::counts_of(n)) {
        std::string words = name;
        std::replace(words.begin(), words.end(), '_', ' ');
        out += "<div><dt>" + words + "</dt><dd>" + grouped(count) + "</dd></div>\n";
    }
    out += "</dl>\n";
}

void write_checks(std::string& out, const std::vector<audit_check>& checks)
{
    out +=
        "<section>\n<h2>Checks</h2>\n<table "
        "class=\"checks\">\n<thead><tr><th>Check</th><th>Result</th>"
        "<th>Expected</th><th>Found</th><th>In words</th></tr></thead>\n<tbody>\n";
    for (const audit_check& c : checks) {
        const std::string word = codec::word_of(c.is);
        // What is unknown and does not matter is shown as calmly as what is good.
        const bool calm = c.allows == verdict::complete && c.is == audit_check::result::unknown;
        out += "<tr><td>" + escaped(c.name) + "</td><td><span class=\"mark " +
               (calm ? "calm" : word) + "\">" + word + "</span></td><td>" +
               escaped(codec::amount_of(c.expected)) + "</td><td>" +
               escaped(codec::amount_of(c.found)) + "</td><td>" + escaped(c.note) + "</td></tr>\n";
    }
    out += "</tbody>\n</table>\n</section>\n";
}

template <class List, class Write>
void write_list(std::string& out, const char* title, const List& list, Write row)
{
    if (list.empty()) return;
    out += std::string("<section>\n<h2>") + title + " <small>" + grouped(list.size()) +
           "</small></h2>\n<table class=\"list\">\n<tbody>\n";
    for (std::size_t i = 0; i < std::min(list.size(), most_entries); ++i)
        out += "<tr>" + row(list[i]) + "</tr>\n";
    out += "</tbody>\n</table>\n";
    if (list.size() > most_entries)
        out += "<p>and " + grouped(list.size() - most_entries) + " more</p>\n";
    out += "</section>\n";
}

void write_header(std::string& out, const audit_report& r)
{
    const std::string word = codec::word_of(r.is);
    out += "<header class=\"" + word + "\">\n<p class=\"verdict\">" + word + "</p>\n<h1>" +
           escaped(r.job) + "</h1>\n<p class=\"about\">" + codec::meaning_of(r.is) +
           "</p>\n<p class=\"when\">" + escaped(r.connector) + " &#183; " +
           codec::date_of(r.begun) + " to " + codec::date_of(r.ended) + " &#183; " +
           codec::length_of(r.begun, r.ended) + (r.resumed ? " &#183; resumed" : "") +
           "</p>\n</header>\n";
}

}  // namespace

std::string to_html(const audit_report& r)
{
    std::string out =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'\"/>\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>" +
        escaped(r.job) + ": " + codec::word_of(r.is) + "</title>\n<style>\n" + codec::audit_style +
        "</style>\n</head>\n<body>\n<main>\n";
    write_header(out, r);
    write_picture(out, r.picture);
    write_reasons(out, r.reasons);
    write_counts(out, r.counts);
    const auto gap = [](const audit_gap& g) {
        return "<td>" + code_of(g.where) + "</td><td>" + escaped(g.why) + "</td>";
    };
    const auto overlap = [](const range& o) { return "<td>" + code_of(o) + "</td>"; };
    const auto key = [](const std::string& k) {
        return "<td><code>" + escaped(k) + "</code></td>";
    };
    write_list(out, "Gaps", r.gaps, gap);
    write_list(out, "Overlaps", r.overlaps, overlap);
    write_checks(out, r.checks);
    write_list(out, "Deleted since the previous run, left in the store", r.deleted, key);
    return out += "</main>\n</body>\n</html>\n";
}

}  // namespace catena
