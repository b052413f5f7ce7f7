#include <catena/connector.hpp>
#include <catena/core/http.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace catena {
namespace {

// All of a name stand together, where the first one stood.
template <class Same>
void replace(named_settings& in, const named_settings& by, const Same& same)
{
    for (auto first = by.begin(); first != by.end();) {
        const auto end = std::find_if(first, by.end(),
                                      [&](const auto& p) { return !same(p.first, first->first); });
        const auto named = [&](const auto& p) { return same(p.first, first->first); };
        const auto at = std::find_if(in.begin(), in.end(), named) - in.begin();
        in.erase(std::remove_if(in.begin(), in.end(), named), in.end());
        in.insert(in.begin() + at, first, end);
        first = end;
    }
}

bool keeps_pages(const recovery_rule& r)
{
    return r.by == recovery_rule::method::fail || r.by == recovery_rule::method::token_from;
}

// Pages that two requests must find alike.
connector with_fixed_pages(const connector& c)
{
    connector out = c;
    out.discovery.reset();
    out.range.clear();
    out.total.reset();  // of all pages, and a walk of one would miss the others
    const page_size_rule size = c.page_size;
    out.page_size = page_size_rule();
    out.page_size.to = size.to;
    out.page_size.value = size.value;
    out.page_size.max = size.max;
    if (!keeps_pages(c.expiry.recover)) out.expiry.recover = recovery_rule();
    return out;
}

}  // namespace

connector tokens_alone(const connector& c)
{
    connector out = with_fixed_pages(c);
    replace(out.request.query, c.discovery->query,
            [](const std::string& a, const std::string& b) { return a == b; });
    replace(out.request.headers, c.discovery->headers, equal_ignoring_case);
    if (!c.discovery->body.empty()) out.request.body = c.discovery->body;
    out.records.when_absent = records_rule::absence::empty;
    out.key.clear();
    out.sorted = order::none;
    out.ties = false;
    out.self.reset();
    return out;
}

connector pages_by_token(const connector& c) { return with_fixed_pages(c); }

}  // namespace catena
