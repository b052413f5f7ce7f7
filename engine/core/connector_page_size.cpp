#include "core/connector_checks.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace catena::core {
namespace {

using target_place = token_target::place;

// Statuses that speak of something else than of the request's size.
bool is_of_another_matter(int status) noexcept
{
    constexpr std::array<int, 6> others{401, 403, 404, 407, 410, 429};
    return std::find(others.begin(), others.end(), status) != others.end();
}

bool names(const std::vector<std::string>& list, const std::string& name)
{
    return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

void connector_check::page_size()
{
    const page_size_rule& size = c_.page_size;
    if (size.value != 0) {
        target(size.to, "/page_size/to");
        if (size.to.to == target_place::url || size.to.to == target_place::path ||
            size.to.at == "*")
            flaw("/page_size/to", "a page size goes to a query parameter, body member or header",
                 "use {\"query\": \"limit\"} or the like");
    } else if (!size.to.at.empty() || size.max != 0 || size.shrinks()) {
        flaw("/page_size/value", "the page size is 0", "use at least 1, or remove page_size");
    }
    if (size.max != 0 && size.value > size.max)
        flaw("/page_size/value", "the page size is above the most that the API takes",
             "use at most " + std::to_string(size.max) + ", or correct max");
    if (size.shrinks()) shrinking();
}

/* A size that changes in mid walk must reach the server with every page, and must not move what
   the next page's token points to. */
void connector_check::shrinking()
{
    const std::string where = "/page_size/shrink_on";
    const page_size_rule& size = c_.page_size;
    for (std::size_t i = 0; i < size.shrink_on.size(); ++i) {
        const int status = size.shrink_on[i];
        if (status < 400 || status > 599 || is_of_another_matter(status))
            flaw(item(where, i), "this is no status of a request that asks for too much",
                 "use 413, 502 or 504; 401, 403, 404, 407, 410 and 429 mean something else");
    }
    const std::string or_remove = "; else remove shrink_on";
    for (const token_source& s : c_.next.from)
        if (s.from == token_source::place::counter && s.step == token_source::stride::pages)
            flaw(where, "page numbers count pages of one size: smaller ones would lose records",
                 "count by records if the API takes an offset" + or_remove);
    if (c_.total && c_.total->counts == total_rule::unit::pages)
        flaw(where, "the total counts pages, and pages of another size are another number of them",
             "point to a total of records" + or_remove);
    if (c_.next.may_repeat)
        flaw(where, "the server keeps the page size of a token that serves the whole walk",
             "remove shrink_on");
    if (goes_to_url(c_.next))
        flaw(where, "the page size stands in the next URL, which is sent as the server gave it",
             "remove shrink_on");
    if (size.to.to != target_place::query) return;
    if (c_.next.exclusive && !names(c_.next.keep, size.to.at))
        flaw(where, "a page with a token does not carry the page size",
             "name " + size.to.at + " in next.keep if the API takes it" + or_remove);
    if (names(c_.next.drop, size.to.at))
        flaw(where, "next.drop takes the page size from all pages but the first",
             "remove it from next.drop if the API takes it" + or_remove);
}

}  // namespace catena::core
