#include "codec/drift.hpp"
#include "codec/page_reader_impl.hpp"
#include "codec/signs.hpp"
#include <catena/codec/link_header.hpp>
#include <catena/codec/retry_after.hpp>

#include <algorithm>
#include <charconv>

namespace catena {
namespace {

constexpr std::size_t first_reserve = 1024 * 1024;  // a length is only a claim

std::vector<std::string_view> values_of(std::span<const header_view> headers, std::string_view name)
{
    std::vector<std::string_view> out;
    for (const header_view& h : headers)
        if (equal_ignoring_case(h.name, name)) out.push_back(h.value);
    return out;
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view first_value(std::span<const header_view> headers, std::string_view name)
{
    const header_view* const h = find_header(headers, name);
    return h == nullptr ? std::string_view() : trimmed(h->value);
}

bool can_be_page(int status)
{
    return status >= 200 && status < 300 && (status < 204 || status > 206);
}

void note_heads(const std::vector<page_contract::impl::compiled_sign>& signs, std::vector<bool>& to,
                const response_head& head)
{
    to.clear();
    for (const auto& s : signs)
        to.push_back(codec::head_holds(*s.rule, head.status, head.headers));
}

}  // namespace

error_code page_reader::impl::begin(std::string_view asked, const response_head& head,
                                    wall_time received, std::span<const std::string> not_to_show)
{
    url = asked;
    hidden.assign(not_to_show.begin(), not_to_show.end());
    status = head.status;
    as = can_be_page(status) ? intake::page : intake::failure;
    refused = {};
    octets = 0;
    body.clear();
    page_scan.reset(last_records);
    copied_keys.clear();
    copied_keys.reserve(last_records * api.key_fields.size());
    if (key_octets.capacity() > first_reserve) key_octets = std::string();  // as body_pool does
    key_octets.clear();
    failure_scan.reset();
    content_type = first_value(head.headers, "content-type");
    read_head_signals(head, received);
    total_header.clear();
    if (const auto& t = contract->description().total; t && t->from == total_rule::place::header)
        total_header = first_value(head.headers, t->at);
    retry_after.reset();
    if (find_header(head.headers, "retry-after") != nullptr)
        retry_after = read_retry_after(values_of(head.headers, "retry-after"),
                                       first_value(head.headers, "date"), received);

    note_heads(api.errors, errors_head, head);
    note_heads(api.ends, ends_head, head);
    note_heads(api.expiry, expiry_head, head);
    read_head_tokens(head);
    read_locations(head);
    head_lookalikes.clear();
    if (as == intake::page && some_head_token_is_missing())
        head_lookalikes = codec::lookalikes(contract->description(), head.headers, url);

    content_codings codings =
        read_content_codings(values_of(head.headers, "content-encoding"), api.limits.codings);
    coding_trouble = codings.trouble;
    coding_flaw = std::move(codings.flaw);
    if (coding_trouble) {
        if (as == intake::page) refused = coding_trouble;
        as = intake::none;
        return refused;
    }
    coded = !codings.undo.empty();
    ends_by_close = find_header(head.headers, "content-length") == nullptr &&
                    find_header(head.headers, "transfer-encoding") == nullptr;
    if (coded)
        undo.reset(codings.undo, as == intake::page ? api.limits.page_octets : failure_octets);

    std::size_t length = 0;
    const std::string_view claim = first_value(head.headers, "content-length");
    std::from_chars(claim.data(), claim.data() + claim.size(), length);
    if (as == intake::page) {
        if (length > api.limits.page_octets) return refused = make_error_code(errc::limit_exceeded);
        const bool tells = length != 0 && !coded;
        const std::size_t guess = tells ? std::min(length, first_reserve) : last_size;
        body.reserve(std::min(std::max(guess, last_size), api.limits.page_octets));
    }
    return find_self(head.headers);
}

void page_reader::impl::read_head_tokens(const response_head& head)
{
    head_tokens.resize(api.tokens.size());
    for (std::size_t i = 0; i < api.tokens.size(); ++i) {
        const token_source& source = *api.tokens[i].source;
        head_token& t = head_tokens[i];
        t.is = presence::missing;
        t.trouble = {};
        if (source.from == token_source::place::link) {
            const auto link = find_link(values_of(head.headers, "link"), source.at, url);
            if (link.has_error()) {
                t.trouble = link.error();
            } else if (*link) {
                t.text = **link;
                t.is = presence::given;
            }
        } else if (source.from == token_source::place::header) {
            const auto values = values_of(head.headers, source.at);
            if (values.empty()) continue;
            t.text = trimmed(values.front());
            t.is = t.text.empty() ? presence::empty : presence::given;
            const bool same = std::all_of(values.begin(), values.end(),
                                          [&](auto v) { return trimmed(v) == t.text; });
            if (!same) t.trouble = make_error_code(errc::ambiguous_field);
        }
    }
}

bool page_reader::impl::some_head_token_is_missing() const
{
    for (std::size_t i = 0; i < head_tokens.size(); ++i) {
        const token_source& s = *api.tokens[i].source;
        const bool in_head =
            s.from == token_source::place::link || s.from == token_source::place::header;
        if (in_head && !s.keep && head_tokens[i].is != presence::given) return true;
    }
    return false;
}

}  // namespace catena
