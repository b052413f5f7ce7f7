#include "codec/page_reader_impl.hpp"
#include "codec/scan_text.hpp"
#include "codec/signs.hpp"
#include <catena/codec/next_url.hpp>

#include <algorithm>
#include <utility>

namespace catena {
namespace {

bool takes_containers(const token_target* to)
{
    if (to == nullptr) return false;
    if (to->to == token_target::place::body) return true;
    if (to->to == token_target::place::url) return false;
    return to->as == token_target::form::json ||
           (to->to == token_target::place::query && to->at == "*");
}

bool for_url(const token_target* to) { return to != nullptr && to->to == token_target::place::url; }

/// Whether two values are the same token, however they are escaped.
bool same_value(const found& a, std::string_view a_octets, const found& b,
                std::string_view b_octets)
{
    return a.kind == b.kind && codec::text_of(a, a_octets) == codec::text_of(b, b_octets);
}

}  // namespace

std::string host_in(std::string_view url)
{
    const std::size_t slashes = url.find("//");
    if (slashes == std::string_view::npos || slashes > url.find_first_of("/?#")) return {};
    url.remove_prefix(slashes + 2);
    url = url.substr(0, url.find_first_of("/?#\\"));
    const std::size_t user = url.rfind('@');
    if (user != std::string_view::npos) url.remove_prefix(user + 1);
    return codec::printable(url);
}

void page_reader::impl::read_tokens(page_facts& out)
{
    out.tokens.reserve(api.tokens.size());
    for (std::size_t i = 0; i < api.tokens.size(); ++i) {
        out.tokens.push_back(read_token(api.tokens[i], i, out));
        if (out.is == page_facts::answer::failed) return;
    }
}

token_fact page_reader::impl::read_token(const plan::token& t, std::size_t n, page_facts& out)
{
    const token_source& source = *t.source;
    switch (source.from) {
        case token_source::place::counter: return {};
        case token_source::place::body: {
            if (t.choice) {
                const auto [what, raw] = chosen(t, out);
                return as_token(what, raw, t.target, source.at, out);
            }
            const found& there = seen().slot(t.slot);
            return as_token(there, seen().octets(there, body), t.target, source.at, out);
        }
        case token_source::place::last_record: {
            const std::size_t records = seen().records().size();
            if (records == 0) return {};
            const found& last = seen().field(records - 1, t.field);
            return as_token(last, seen().octets(last, body), t.target, source.at, out);
        }
        case token_source::place::header:
        case token_source::place::link: break;
    }
    const std::string place = source.from == token_source::place::link ? "Link" : source.at;
    const head_token& head = head_tokens[n];
    if (head.trouble) {
        fail(out, error_class::fatal, head.trouble, place);
        return {};
    }
    if (head.is != presence::given) return {head.is, {}};
    if (for_url(t.target)) return as_url(head.text, place, out);
    return {presence::given, {json_kind::string, head.text}};
}

/** The one value that a where clause means, and its octets.

    An array was captured whole; it is scanned once more. So is an XML page, for elements that
   repeat.
*/
std::pair<found, std::string> page_reader::impl::chosen(const plan::token& t, page_facts& out) const
{
    const bool xml = api.contract->format == page_format::xml;
    std::string_view text = body;
    if (!xml) {
        const found& array = seen().slot(t.slot);
        text = array.at.in(body);
        if (!array.present || array.kind != json_kind::array) return {array, std::string(text)};
    }
    scan_limits limits;
    limits.depth = api.limits.json_depth;
    codec::format_scanner inside(api.contract->format, *t.choice, limits);
    if (const error_code ec = inside.finish(text)) {
        fail(out, error_class::fatal, ec, t.source->at + inside.pointer());
        return {};
    }
    const scanned& all = inside.so_far();
    std::pair<found, std::string> result;
    bool matched = false;
    for (std::size_t i = 0; i < all.records().size(); ++i) {
        const found& name = all.field(i, 0);
        if (!name.present || name.kind != json_kind::string ||
            codec::text_of(name, all.octets(name, text)) != t.source->where_equals)
            continue;
        const found& value = all.field(i, 1);
        std::string raw(all.octets(value, text));
        const bool differs =
            value.present != result.first.present ||
            (value.present && !same_value(value, raw, result.first, result.second));
        if (matched && differs) {
            fail(out, error_class::fatal, make_error_code(errc::ambiguous_field), t.source->at);
            return {};
        }
        matched = true;
        result = {value, std::move(raw)};
    }
    return result;
}

token_fact page_reader::impl::as_token(const found& what, std::string_view raw,
                                       const token_target* target, const std::string& place,
                                       page_facts& out) const
{
    if (!what.present) return {};
    std::string text(raw);
    switch (what.kind) {
        case json_kind::null: return {presence::null, {}};
        case json_kind::boolean: return {presence::unusable, {}};
        case json_kind::array:
        case json_kind::object:
            if (!takes_containers(target) || api.contract->format == page_format::xml)
                return {presence::unusable, {}};
            break;
        case json_kind::number:
            if (for_url(target)) return {presence::unusable, {}};
            break;
        case json_kind::string:
            // XML is often written with its elements' tags on lines of their own.
            if (text.empty() || (what.decoded && codec::trimmed(text).empty()))
                return {presence::empty, {}};
            if (what.escaped && !codec::unescape(raw, text)) return {presence::unusable, {}};
            if (for_url(target)) return as_url(std::move(text), place, out);
            break;
    }
    return {presence::given, {what.kind, std::move(text)}};
}

token_fact page_reader::impl::as_url(std::string reference, const std::string& place,
                                     page_facts& out) const
{
    url_policy policy;
    policy.allowed = api.origins;
    policy.longest = api.limits.url_octets;
    url_refusal why = url_refusal::none;
    const auto next = resolve_next(url, reference, policy, why);
    if (next.has_value()) {
        return {presence::given, {json_kind::string, next->text()}, next->same_page};
    }

    fail(out, error_class::fatal, next.error(), place);
    out.said = to_text(why);
    if (const std::string host = host_in(reference); !host.empty()) out.said += " " + host;
    return {};
}

}  // namespace catena
