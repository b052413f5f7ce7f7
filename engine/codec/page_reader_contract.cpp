#include "codec/page_reader_contract.hpp"

#include "codec/xml_scan.hpp"
#include <catena/codec/next_url.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace catena {
namespace {

/// Whether the connector reads the root member at `place`, or says that it means nothing.
bool declares(const connector& c, std::string_view place)
{
    const bool all_are_records = c.records.at.empty() && c.records.as == records_rule::shape::map;
    if (all_are_records || leads_to(place, c.records.at)) return true;
    for (const token_source& s : c.next.from)
        if (s.from == token_source::place::body && leads_to(place, s.at)) return true;
    for (const end_rule& e : c.end)
        if (leads_to(place, e.at)) return true;
    if (c.total && c.total->from == total_rule::place::body && leads_to(place, c.total->at))
        return true;
    return std::any_of(c.next.ignore.begin(), c.next.ignore.end(), [&](std::string_view known) {
        return known == place || known == place.substr(1);
    });
}

}  // namespace

bool leads_to(std::string_view place, std::string_view to)
{
    return to.substr(0, place.size()) == place &&
           (to.size() == place.size() || to[place.size()] == '/');
}

void page_contract::impl::want_complaints()
{
    if (contract->format == page_format::xml) return want_xml_complaints();
    // A line that reports trouble lacks the key. Without one, the last line is looked at.
    if (contract->format == page_format::json_lines && !contract->key.empty()) return;
    for (const std::string place : {"/errors", "/error", "/ok", "/success"}) {
        if (declares(*contract, place)) continue;
        const bool verdict = place == "/ok" || place == "/success";
        complaints.push_back({place, want(place), verdict});
        if (place == "/errors") errors_slot = complaints.back().slot;
    }
}

/// The root element itself, or one in it, that is called an error.
void page_contract::impl::want_xml_complaints()
{
    const std::string& records = contract->records.at;
    const std::string root = records.substr(0, records.find('/', 1));
    for (const char* name : {"/errors", "/error", "/Errors", "/Error"})
        for (const std::string& place : {std::string(name), root + name})
            if (!declares(*contract, place))
                complaints.push_back({place, want(place), false, want(place + "/@code")});
}

/// Where servers put their words, and what they say by when they fail.
void page_contract::impl::want_failures()
{
    const auto also = [&](std::string pointer) {
        failure_request_.slots.push_back(std::move(pointer));
        return failure_request_.slots.size() - 1;
    };
    if (contract->format == page_format::xml) {
        for (const char* place :
             {"/Error/Message", "/ErrorResponse/Error/Message", "/Response/Errors/Error/Message",
              "/error/message", "/problem/detail", "/problem/title", "/error", "/Error"})
            failed.said.push_back(also(place));
        for (const complaint& c : complaints) {
            failed.complaints.push_back(also(c.place));
            failed.complaints.push_back(also(c.place + "/@code"));
            if (c.place.rfind('/') != 0) failed.said.push_back(failed.complaints.end()[-2]);
        }
        failed.complaints.push_back(also("/ErrorResponse"));
    } else {
        for (const char* place : {"/error/message", "/error_description", "/message", "/error",
                                  "/errors/0/message", "/title", "/detail", "/errors/0"})
            failed.said.push_back(also(place));
        failed.complaints = {also("/errors"), also("/error")};
        failed.success = {also("/ok"), also("/success")};
    }
    if (contract->expiry.recover.by == recovery_rule::method::token_from)
        failed.fresh_token = also(contract->expiry.recover.at);
}

std::size_t page_contract::impl::want(std::string pointer)
{
    page_request_.slots.push_back(std::move(pointer));
    return page_request_.slots.size() - 1;
}

page_contract::impl::impl(std::shared_ptr<const connector> c, const page_limits& l)
    : contract(std::move(c)), limits(l)
{
    const connector& api = *contract;
    if (api.format == page_format::xml) codec::require_xml();
    for (const std::string& text : api.origins)
        if (const auto url = parse_url(text); url.has_value()) origins.push_back(url->to);
    // A page of another allowed origin may lead back home.
    if (const auto home = parse_url(api.request.url); !origins.empty() && home.has_value())
        origins.push_back(home->to);

    const auto compile = [&](const sign& s) {
        return compiled_sign{&s, s.body ? want(*s.body) : none};
    };
    for (const error_rule& e : api.errors)
        errors.push_back(compile(e.when));
    for (const end_rule& e : api.end)
        if (e.what == end_rule::kind::sign) ends.push_back(compile(e.when));
    for (const sign& s : api.expiry.signs)
        expiry.push_back(compile(s));
    for (const quota_rule& q : api.limits.signals.quotas)
        for (const auto* p : {&q.limit, &q.remaining, &q.used, &q.reset, &q.window})
            if (*p && (*p)->from == signal_place::place::body)
                signals.push_back({(*p)->at, want((*p)->at)});
    failure_request_.slots = page_request_.slots;

    if (api.format != page_format::json_lines) page_request_.records = api.records.at;
    page_request_.shape = api.records.as;
    for (const key_field& k : api.key) {
        key_fields.push_back(page_request_.fields.size());
        page_request_.fields.push_back(k.at);
    }
    for (std::size_t i = 0; i < api.next.from.size(); ++i) {
        token t{
            &api.next.from[i], i < api.next.to.size() ? &api.next.to[i] : nullptr, none, none, {}};
        const bool may_repeat = api.format == page_format::xml && !t.source->where_at.empty();
        if (t.source->from == token_source::place::body && !may_repeat) t.slot = want(t.source->at);
        if (t.source->from == token_source::place::last_record) {
            t.field = page_request_.fields.size();
            page_request_.fields.push_back(t.source->at);
        }
        if (!t.source->where_at.empty()) {
            scan_request inside;
            inside.records = may_repeat ? t.source->at : "";
            inside.fields = {t.source->where_at, t.source->value_at};
            t.choice = std::make_unique<const scan_plan>(inside);
        }
        tokens.push_back(std::move(t));
    }
    for (const end_rule& e : api.end) {
        if (e.what != end_rule::kind::flag_false && e.what != end_rule::kind::flag_true) continue;
        flag = &e;
        flag_slot = want(e.at);
        break;
    }
    if (api.total && api.total->from == total_rule::place::body) total_slot = want(api.total->at);
    if (api.self && api.self->from == token_source::place::body) self_slot = want(api.self->at);
    want_complaints();

    want_failures();

    pages.emplace(page_request_);
    failures.emplace(failure_request_);
}

page_contract::page_contract(std::shared_ptr<const connector> c, const page_limits& l)
    : impl_(std::make_shared<const impl>(std::move(c), l))
{
}

page_contract::~page_contract() = default;

const connector& page_contract::description() const noexcept { return *impl_->contract; }

}  // namespace catena
