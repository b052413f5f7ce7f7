// What a page_reader makes of a redirect: where it leads, or why nobody goes there.
#include "codec/page_reader_impl.hpp"
#include "codec/signs.hpp"
#include <catena/codec/next_url.hpp>

namespace catena {
namespace {

std::string_view origin_in(std::string_view url)
{
    const std::size_t host = url.find("//");
    return host == url.npos ? url : url.substr(0, url.find_first_of("/?#", host + 2));
}

}  // namespace

void page_reader::impl::read_locations(const response_head& head)
{
    location.clear();
    locations = 0;
    if (!is_redirect(head.status)) return;
    for (const header_view& h : head.headers) {
        if (!equal_ignoring_case(h.name, "location")) continue;
        location = codec::trimmed(h.value);
        ++locations;
    }
}

void page_reader::impl::judge_redirect(page_facts& out) const
{
    const char* flaw = nullptr;
    if (locations == 0) flaw = "it redirects and does not say where: there is no Location";
    if (locations > 1) flaw = "it redirects to several places: there is more than one Location";
    if (locations == 1 && location.empty()) flaw = "it redirects to nowhere: Location is empty";
    if (flaw != nullptr) {
        fail(out, error_class::fatal, make_error_code(errc::unexpected_redirect), "Location");
        out.said = flaw;
        return;
    }
    url_policy policy;
    policy.allowed = api.origins;
    policy.longest = api.limits.url_octets;
    url_refusal why = url_refusal::none;
    const auto next = resolve_next(url, location, policy, why);
    if (!next.has_value()) {
        fail(out, error_class::fatal, next.error(), "Location");
        out.said = refused_url(location, why);
        return;
    }
    out.is = page_facts::answer::moved;
    out.said.clear();
    out.redirected = {status, url, next->text()};
}

// Of the refused URL its host is told; what stands behind it may be anyone's secret.
std::string page_reader::impl::refused_url(std::string_view reference, url_refusal rule) const
{
    const bool readable = rule != url_refusal::malformed && rule != url_refusal::bad_octet;
    const std::string host = readable ? host_in(reference) : std::string();
    const std::string_view scheme = reference.substr(0, reference.find(':'));
    std::string there = readable ? "a reference without a host" : "something that is no URL";
    if (!host.empty() && scheme.size() < 8 && reference.substr(scheme.size()).starts_with("://"))
        there = std::string(scheme) + "://" + host + "/***";
    else if (!host.empty())
        there = "//" + host + "/***";
    return std::string("it redirects from ") + std::string(origin_in(url)) + " to " +
           fit_for_messages(there) + ", which is refused: " + to_text(rule);
}

}  // namespace catena
