#include "codec/connector_json_reading.hpp"

#include "core/connector_checks.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <numeric>
#include <utility>

namespace catena::codec {
namespace {

std::string_view found(const located& v) noexcept
{
    switch (v.kind) {
        case json_kind::string: return "a text";
        case json_kind::number: return "a number";
        case json_kind::boolean: return v.octets == "true" ? "true" : "false";
        case json_kind::null: return "null";
        case json_kind::array: return "an array";
        case json_kind::object: break;
    }
    return "an object";
}

std::string listed(std::span<const names> known)
{
    std::string out;
    for (const names n : known)
        out += (out.empty() ? "" : ", ") + std::string(n);
    return out;
}

// Names are quoted in messages, but not by the page.
std::string quoted(std::string_view name)
{
    return '"' + std::string(name.substr(0, 60)) + (name.size() > 60 ? "..." : "") + '"';
}

std::string plain(std::string_view name)
{
    std::string out;
    for (const char c : name)
        if (c != '_' && c != '-' && c != '$' && c != ' ')
            out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return out;
}

// Edits between two short words; two letters that changed places are one edit.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    std::iota(above.begin(), above.end(), std::size_t(0));
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] =
                std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = std::exchange(above, row);
    }
    return above[b.size()];
}

bool within(std::string_view pointer, std::string_view outer) noexcept
{
    return pointer.starts_with(outer) &&
           (pointer.size() == outer.size() || pointer[outer.size()] == '/');
}

// Follow a pointer of validate() into the file, where one element may stand without its array and
// a text for an object. Returns the innermost value that is there; `pointer` becomes its own,
// with the member that is missing in it.
std::size_t locate(const located& root, std::string& pointer)
{
    const located* at = &root;
    std::string real;
    std::string_view rest = pointer;
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::size_t end = std::min(rest.find('/'), rest.size());
        const std::string_view token = rest.substr(0, end);
        rest.remove_prefix(end);
        if (at->kind == json_kind::object) {
            const auto m = std::find_if(
                at->members.begin(), at->members.end(),
                [&](const auto& each) { return core::pointer_token(each.name) == token; });
            if (m == at->members.end() && token == "0") continue;
            real += '/' + std::string(token);
            if (m == at->members.end()) break;
            at = &m->is;
        } else if (at->kind == json_kind::array) {
            std::size_t index = 0;
            std::from_chars(token.data(), token.data() + token.size(), index);
            if (index >= at->items.size()) break;
            real += '/' + std::string(token);
            at = &at->items[index];
        } else if (token != "0") {
            break;
        }
    }
    pointer = std::move(real);
    return at->offset;
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const names> known)
{
    if (name.size() > 40) return {};
    const std::string wanted = plain(name);
    std::string_view best;
    std::size_t least = 2 + wanted.size() / 4;
    for (const names n : known) {
        const std::size_t d = distance(wanted, plain(n));
        if (d < least && d < n.size()) {
            least = d;
            best = n;
        }
    }
    return best;
}

bool names_credential(std::string_view name)
{
    const std::string text = plain(name);
    for (const std::string_view end :
         {"authorization", "cookie", "apikey", "authtoken", "accesstoken", "privatetoken",
          "securitytoken", "sessiontoken", "subscriptionkey", "authkey", "secret", "password"})
        if (text.ends_with(end)) return true;
    return false;
}

void reading::flaw(const node& at, std::string what, std::string mend)
{
    flaw_at(at.is->offset, at.pointer, std::move(what), std::move(mend));
}

void reading::flaw_at(std::size_t offset, std::string pointer, std::string what, std::string mend)
{
    constexpr std::size_t enough = 1000;  // for a person; more would only cost time
    if (flaws_.size() < enough)
        flaws_.push_back({offset, std::move(pointer), std::move(what), std::move(mend)});
}

void reading::add(const std::vector<connector_flaw>& found, const located& root)
{
    std::vector<located_flaw> more;
    for (const connector_flaw& f : found) {
        std::string pointer = f.pointer;
        const std::size_t offset = locate(root, pointer);
        if (!explained(pointer)) more.push_back({offset, std::move(pointer), f.what, f.mend});
    }
    flaws_.insert(flaws_.end(), more.begin(), more.end());
}

bool reading::explained(const std::string& pointer) const
{
    const auto parent = [](const std::string& of) { return of.substr(0, of.rfind('/')); };
    const auto covers = [&](const located_flaw& f) {
        return within(pointer, f.pointer) || parent(f.pointer) == pointer;
    };
    // A misspelt member is missing, which its neighbours may be found to contradict.
    const auto is_missed = [&](const std::string& meant) {
        return within(pointer, meant) || parent(meant) == pointer ||
               (!parent(meant).empty() && parent(meant) == parent(pointer));
    };
    return std::any_of(flaws_.begin(), flaws_.end(), covers) ||
           std::any_of(meant_.begin(), meant_.end(), is_missed);
}

bool reading::flawed(const std::string& pointer) const
{
    return std::any_of(flaws_.begin(), flaws_.end(),
                       [&](const located_flaw& f) { return within(f.pointer, pointer); });
}

bool reading::expect(const node& n, json_kind kind, std::string_view expected)
{
    if (!n) return false;
    if (n.is->kind == kind) return true;
    flaw(n,
         std::string(expected) + " is expected, but " + std::string(found(*n.is)) + " stands here",
         "write " + std::string(expected));
    return false;
}

bool reading::object(const node& n, std::span<const names> known)
{
    if (!expect(n, json_kind::object, "an object")) return false;
    for (const located::member& m : n.is->members) {
        const std::string pointer = below(n.pointer, m.name);
        if (m.name == "comment") {
            expect(node{&m.is, pointer}, json_kind::string, "a text");
            continue;
        }
        if (std::find(known.begin(), known.end(), m.name) != known.end()) continue;
        const std::string_view near = nearest(m.name, known);
        flaw_at(m.offset, pointer, "there is no member " + quoted(m.name) + " here",
                near.empty() ? "known members: " + listed(known)
                             : "did you mean \"" + std::string(near) + "\"?");
        if (!near.empty()) meant_.push_back(below(n.pointer, near));
    }
    return true;
}

node reading::member(const node& of, std::string_view name)
{
    return node{of.is->find(name), below(of.pointer, name)};
}

node reading::one_of(const node& of, std::span<const names> places)
{
    node only;
    for (const names name : places) {
        const node m = member(of, name);
        if (!m) continue;
        if (only)
            flaw(m, "there is another place here already", "keep one of " + listed(places));
        else
            only = m;
    }
    if (!only && !flawed(of.pointer))
        flaw(of, "no place is named", "name one of " + listed(places));
    return only;
}

bool reading::text(const node& n, std::string& out)
{
    if (!expect(n, json_kind::string, "a text")) return false;
    out = n.is->text;
    return true;
}

void reading::boolean(const node& n, bool& out)
{
    if (expect(n, json_kind::boolean, "true or false")) out = n.is->octets == "true";
}

bool reading::integer(const node& n, std::int64_t least, std::int64_t most, std::int64_t& out,
                      std::string_view mend)
{
    if (!expect(n, json_kind::number, "a whole number")) return false;
    const std::string_view digits = n.is->octets;
    std::int64_t read = 0;
    const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), read);
    if (fault == std::errc{} && end == digits.data() + digits.size() && read >= least &&
        read <= most) {
        out = read;
        return true;
    }
    const std::string range = "from " + std::to_string(least) + " to " + std::to_string(most);
    flaw(n, "a whole number " + range + " is expected here",
         mend.empty() ? "write its digits without point and exponent" : std::string(mend));
    return false;
}

void reading::time_span(const node& n, duration& out)
{
    std::string written;
    if (!n || !text(n, written)) return;
    std::int64_t count = 0;
    const char* const last = written.data() + written.size();
    const auto [end, fault] = std::from_chars(written.data(), last, count);
    const std::string_view unit(end, static_cast<std::size_t>(last - end));
    for (const word<duration>& u : unit_of_time)
        if (fault == std::errc{} && u.text == unit && count >= 0 &&
            count <= std::numeric_limits<duration::rep>::max() / u.means.count()) {
            out = u.means * count;
            return;
        }
    flaw(n, "this is no duration",
         "write digits and a unit (ms, s, m, h, d), as in \"90s\" or \"5m\"");
}

void reading::texts(const node& n, std::vector<std::string>& out)
{
    each(n, [&](const node& item) {
        std::string one;
        if (text(item, one)) out.push_back(std::move(one));
    });
}

void reading::unknown_word(const node& n, const std::string& written, std::span<const names> known)
{
    const std::string_view near = nearest(written, known);
    flaw(n, quoted(written) + " is not known here",
         near.empty() ? "known words: " + listed(known)
                      : "did you mean \"" + std::string(near) + "\"?");
}

std::vector<connector_file_flaw> reading::flaws() const
{
    std::vector<located_flaw> sorted = flaws_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.offset < b.offset; });
    std::vector<connector_file_flaw> out;
    for (located_flaw& f : sorted) {
        const text_place at = place_of(text_, f.offset);
        out.push_back(
            {at.line, at.column, std::move(f.pointer), std::move(f.what), std::move(f.mend)});
    }
    return out;
}

}  // namespace catena::codec
