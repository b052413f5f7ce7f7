// Whether an answer belongs to the request: a broken proxy may hand out another one's.
#include "codec/page_reader_impl.hpp"
#include "codec/request_builder_query.hpp"
#include "codec/signs.hpp"
#include <catena/codec/link_header.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catena {
namespace {

using place = token_source::place;

std::string_view query_of(std::string_view url) noexcept
{
    url = url.substr(0, url.find('#'));
    const std::size_t mark = url.find('?');
    return mark == std::string_view::npos ? std::string_view() : url.substr(mark + 1);
}

/// The values of a parameter, decoded and sorted: some servers change the order.
std::vector<std::string> values_of(const std::vector<codec::parameter>& all, std::string_view name)
{
    std::vector<std::string> out;
    for (const codec::parameter& p : all)
        if (p.name == name)
            out.push_back(
                codec::form_decoded(p.text.substr(std::min(p.text.find('=') + 1, p.text.size()))));
    std::sort(out.begin(), out.end());
    return out;
}

bool goes_to(const std::vector<token_target>& to, std::string_view name)
{
    return std::any_of(to.begin(), to.end(), [&](const token_target& t) {
        return t.to == token_target::place::query && t.at == name;
    });
}

/// Whether a parameter tells a page from others. What the connector itself sets is the same on all,
/// and servers write it down in their own way: capped, normalised, struck out.
bool tells_pages_apart(const connector& c, std::string_view name)
{
    if (goes_to(c.next.to, name) || goes_to(c.expiry.recover.to, name)) return true;
    if (codec::is_telling_name(name) || name == c.page_size.to.at) return false;
    const auto named = [&](const auto& p) { return p.first == name; };
    if (std::any_of(c.request.query.begin(), c.request.query.end(), named)) return false;
    const auto own = codec::split_query(query_of(c.request.url));
    return std::none_of(own.begin(), own.end(),
                        [&](const codec::parameter& p) { return p.name == name; });
}

}  // namespace

/// The answer says that it is to `self`.
error_code page_reader::impl::compare_self(std::string_view self)
{
    const connector& c = *api.contract;
    self_seen = true;
    const auto asked = codec::split_query(query_of(url));
    const auto said = codec::split_query(query_of(self));
    for (const codec::parameter& p : asked) {
        if (!tells_pages_apart(c, p.name)) continue;
        const std::vector<std::string> theirs = values_of(said, p.name);
        if (theirs.empty() || theirs == values_of(asked, p.name)) continue;
        return refused = make_error_code(errc::bad_response);
    }
    return {};
}

error_code page_reader::impl::find_self(std::span<const header_view> headers)
{
    self_seen = !api.contract->self;
    if (self_seen || as != intake::page || api.contract->self->from == place::body) return {};
    const token_source& at = *api.contract->self;
    if (at.from == place::header) {
        const header_view* const h = find_header(headers, at.at);
        return h == nullptr ? error_code() : compare_self(h->value);
    }
    std::vector<std::string_view> lines;
    for (const header_view& h : headers)
        if (equal_ignoring_case(h.name, "Link")) lines.push_back(h.value);
    const auto link = find_link(lines, at.at, url);
    return link.has_error() || !*link ? error_code() : compare_self(**link);
}

error_code page_reader::impl::find_self_in_body()
{
    if (self_seen || api.self_slot == plan::none) return {};
    const found& f = seen().slot(api.self_slot);
    if (!f.present || f.kind != json_kind::string) return {};
    return compare_self(codec::text_of(f, seen().octets(f, body)));
}

void page_reader::impl::judge_self(page_facts& out) const
{
    if (refused == errc::bad_response) {
        fail(out, error_class::retry, refused, contract->description().self->at);
        out.said = "the answer says that it is to another request";
    } else if (!self_seen) {
        fail(out, error_class::fatal, make_error_code(errc::schema_drift),
             contract->description().self->at);
        out.said = "the page does not say which request it answers";
        out.mend = "correct the member `self`, or remove it if not every page has one";
    }
}

}  // namespace catena
