#include "codec/hidden_texts.hpp"
#include "codec/page_reader_impl.hpp"
#include "codec/record_shape.hpp"
#include "codec/scan_octets.hpp"
#include "codec/signs.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace catena {
namespace {

errc code_for(int status)
{
    switch (status) {
        case 401: return errc::unauthorized;
        case 403: return errc::forbidden;
        case 404: return errc::not_found;
        case 429: return errc::rate_limited;
        default: break;
    }
    if (status >= 500 && status < 600) return errc::server_failed;
    if (status >= 400 && status < 500) return errc::refused;
    if (status >= 300 && status < 400 && status != 304) return errc::unexpected_redirect;
    if (status >= 200 && status < 300) return errc::error_in_page;
    return errc::unexpected_status;
}

/// The code of an answer that a rule gave its class.
errc code_for(error_class is, int status)
{
    switch (is) {
        case error_class::expired: return errc::cursor_expired;
        case error_class::auth: return errc::unauthorized;
        case error_class::retry:
            return status >= 400 && status != 429 ? errc::server_failed : code_for(status);
        case error_class::caller:
        case error_class::fatal: break;
    }
    return code_for(status);
}

bool speaks_of_rate_limits(std::string_view body)
{
    for (const char* word : {"rate limit", "ratelimit", "rate_limit", "rate-limit", "abuse"})
        if (codec::contains_ignoring_case(body, word)) return true;
    return false;
}

bool type_is_json(std::string_view type)
{
    return codec::contains_ignoring_case(type, "json") ||
           codec::contains_ignoring_case(type, "javascript");
}

/// Whether a content type says that the body is not in the connector's format.
bool type_is_foreign(std::string_view type, page_format wanted)
{
    type = type.substr(0, type.find(';'));
    if (codec::contains_ignoring_case(type, "html") || codec::contains_ignoring_case(type, "csv"))
        return true;
    return wanted == page_format::xml ? type_is_json(type)
                                      : codec::contains_ignoring_case(type, "xml");
}

/// Whether a body is a document in JSON or XML, rather than a page or a word for people.
bool holds_data(std::string_view body)
{
    body.remove_prefix(std::min(body.find_first_not_of(" \t\r\n\xef\xbb\xbf"), body.size()));
    return body.starts_with('{') || body.starts_with('[') || body.starts_with("<?xml");
}

}  // namespace

void fail(page_facts& out, error_class is, error_code code, std::string pointer)
{
    out.is = page_facts::answer::failed;
    out.failed_as = is;
    out.code = code;
    out.pointer = std::move(pointer);
}

const char* describe(const found& what) noexcept
{
    if (!what.present) return "nothing";
    return codec::in_words(what.kind);
}

/// Read the body of a failed answer, if it is readable; cut by our own limit it may end early.
void page_reader::impl::scan_failure()
{
    if (failure_scan) return;
    scan_limits limits;
    limits.depth = api.limits.json_depth;
    limits.text = scan_limits::utf8::raw;
    const page_format format = api.contract->format;
    failure_scan.emplace(format == page_format::xml ? format : page_format::json, *api.failures,
                         limits);
    const bool whole = coded ? !undo.finish() : octets == body.size();
    const error_code ec = whole ? failure_scan->finish(body) : failure_scan->feed(body);
    // A server may list several errors; the first of them is as true as if it stood alone.
    const bool listed = ec == errc::ambiguous_field && api.contract->format == page_format::xml;
    if (ec && !listed) failure_scan->reset();
}

bool page_reader::impl::holds(const plan::compiled_sign& c, bool head, const scanned& s) const
{
    return head &&
           codec::body_holds(*c.rule, c.slot == plan::none ? nullptr : &s.slot(c.slot), s, body);
}

bool page_reader::impl::any_holds(const std::vector<plan::compiled_sign>& signs,
                                  const std::vector<bool>& heads, const scanned& s) const
{
    for (std::size_t i = 0; i < signs.size(); ++i)
        if (holds(signs[i], heads[i], s)) return true;
    return false;
}

void page_reader::impl::expire(page_facts& out)
{
    fail(out, error_class::expired, make_error_code(errc::cursor_expired));
    if (api.failed.fresh_token == plan::none) return;
    scan_failure();
    const token_target* const target = api.tokens.empty() ? nullptr : api.tokens.front().target;
    page_facts aside;  // a fresh token that cannot be used is none; the expiry stands
    const scanned& failure = failure_scan->so_far();
    const found& what = failure.slot(api.failed.fresh_token);
    token_fact fresh = as_token(what, failure.octets(what, body), target,
                                contract->description().expiry.recover.at, aside);
    if (fresh.is == presence::given) out.fresh_token = std::move(fresh.token);
}

/// The connector's own rules, which stand above what the status says.
void page_reader::impl::apply_rules(page_facts& out, const scanned& s, bool& decided)
{
    decided = true;
    const auto& rules = contract->description().errors;
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (!holds(api.errors[i], errors_head[i], s)) continue;
        if (rules[i].is == error_class::expired) return expire(out);
        return fail(out, rules[i].is, make_error_code(code_for(rules[i].is, status)));
    }
    // Only a status can make a failed answer an end: a body alone could be anyone's.
    const bool good = as == intake::page;
    for (std::size_t i = 0; i < api.ends.size(); ++i) {
        if (good || !api.ends[i].rule->status || !holds(api.ends[i], ends_head[i], s)) continue;
        out.is = page_facts::answer::end;
        return;
    }
    if (any_holds(api.expiry, expiry_head, s) || (api.expiry.empty() && status == 410))
        return expire(out);
    decided = false;
}

void page_reader::impl::judge_failure(page_facts& out)
{
    scan_failure();
    read_signals(failure_scan->so_far());
    out.said = words();
    bool decided = false;
    apply_rules(out, failure_scan->so_far(), decided);
    if (!decided) judge_status(out);
}

bool page_reader::impl::quota_gone() const noexcept
{
    return std::any_of(quotas.begin(), quotas.end(),
                       [](const quota_signal& q) { return q.remaining == 0u; });
}

void page_reader::impl::judge_status(page_facts& out) const
{
    const error_code code = make_error_code(code_for(status));
    if (status == 401) return fail(out, error_class::auth, code);
    if (status == 403) {
        const bool words = speaks_of_rate_limits(body);
        if (!words && !retry_after && !quota_gone()) return fail(out, error_class::caller, code);
        // Servers that say so this way punish those who come back within the minute.
        if (!out.retry_after) out.retry_after = std::chrono::seconds(60);
        return fail(out, error_class::retry, make_error_code(errc::rate_limited));
    }
    const bool passing =
        status == 408 || status == 425 || status == 429 || (status >= 500 && status < 600);
    // 408 and 425 are the server's own trouble with time, not a refusal.
    if (passing)
        return fail(out, error_class::retry,
                    status == 429 ? code : make_error_code(errc::server_failed));
    if (status >= 400 && status < 500) return fail(out, error_class::caller, code);
    if (is_redirect(status)) return judge_redirect(out);
    const errc strange = status >= 300 && status < 400 && status != 304 ? errc::unexpected_redirect
                                                                        : errc::unexpected_status;
    fail(out, error_class::fatal, make_error_code(strange));
}

/// Whether a 2xx reports a failure in its body: by rule, or by GraphQL's custom.
bool page_reader::impl::judge_good_status(page_facts& out, error_code scanned)
{
    bool decided = false;
    apply_rules(out, seen(), decided);
    if (!decided && !scanned && api.errors_slot != plan::none) {
        const found& errors = seen().slot(api.errors_slot);
        if (errors.kind == json_kind::array &&
            !codec::says_nothing(errors, seen().octets(errors, body))) {
            // Data beside errors is partial: taking it would be a silent loss.
            fail(out, error_class::fatal, make_error_code(errc::error_in_page), "/errors");
            decided = true;
        }
    }
    if (!decided) return false;
    scan_failure();
    out.said = words();
    return true;
}

/// Whether a body that cannot be read is of another format, rather than a broken page.
bool page_reader::impl::is_foreign() const
{
    const page_format wanted = api.contract->format;
    if (type_is_foreign(content_type, wanted)) return true;
    const char* const end = body.data() + body.size();
    const char* const first = codec::skip_space(body.data(), end);
    if (first == end || static_cast<unsigned char>(*first) >= 0x80) return false;
    if (wanted == page_format::xml) return *first != '<';
    const bool starts_json =
        std::string_view("{[\"-0123456789tfn").find(*first) != std::string::npos;
    return *first == '<' || (!starts_json && !type_is_json(content_type));
}

/// A 2xx whose body is not the page that it should be.
void page_reader::impl::judge_content(page_facts& out, error_code ec)
{
    if (ec == errc::ambiguous_field) {
        // Several errors in one page are first of all errors.
        if (api.contract->format == page_format::xml) judge_complaints(out);
        if (out.is == page_facts::answer::page)
            fail(out, error_class::fatal, ec, page_scan.pointer());
        return;
    }
    if (ec == errc::limit_exceeded || ec == errc::wrong_encoding) {
        fail(out, error_class::fatal, ec);
        out.octet = page_scan.octet();
        out.said = fit_for_messages(page_scan.trouble());
        return;
    }
    const bool foreign = ec == errc::wrong_content || is_foreign();
    fail(out, error_class::retry, foreign ? make_error_code(errc::wrong_content) : ec);
    out.octet = page_scan.octet();
    out.said = fit_for_messages(page_scan.trouble());
    if (!foreign) return;
    out.pointer = "Content-Type";
    std::string found = content_type.empty() ? std::string() : content_type + ": ";
    found += holds_data(body) ? "a document in another format" : body;
    out.said = fit_for_messages(found);
}

void page_reader::impl::judge_records_place(page_facts& out)
{
    const records_rule& rule = contract->description().records;
    const found& place = seen().records_place();
    const json_kind wanted =
        rule.as == records_rule::shape::array ? json_kind::array : json_kind::object;
    if (place.present && place.kind == wanted) return;

    const bool nothing = !place.present || place.kind == json_kind::null;
    const bool may_be_absent = nothing && rule.when_absent == records_rule::absence::empty;
    if (may_be_absent && any_holds(api.ends, ends_head, seen())) return;
    scan_failure();
    if (complains()) {
        fail(out, error_class::fatal, make_error_code(errc::error_in_page), rule.at);
        out.said = words();
        if (out.said.empty()) out.said = "the body says that something failed";
        return;
    }
    if (may_be_absent) return;
    fail(out, error_class::fatal, make_error_code(errc::records_missing), rule.at);
    const bool root = api.contract->format == page_format::xml && !nothing;
    out.said = std::string("found ") + (root ? "another root element" : describe(place));
}

/// Whether the body says that something went wrong, in one of the usual ways [C10].
bool page_reader::impl::complains() const
{
    const scanned& failure = failure_scan->so_far();
    const auto silent = [&](std::size_t slot) {
        const found& f = failure.slot(slot);
        return codec::says_nothing(f, failure.octets(f, body));
    };
    for (const std::size_t slot : api.failed.complaints)
        if (!silent(slot)) return true;
    for (const std::size_t slot : api.failed.success)
        if (failure.slot(slot).kind == json_kind::boolean && silent(slot)) return true;
    return false;
}

/// The server's message, where servers usually put it, or how its body begins.
std::string page_reader::impl::words() const
{
    for (const std::size_t slot : api.failed.said) {
        const found& f = failure_scan->so_far().slot(slot);
        if (f.present && f.kind == json_kind::string && f.at.end != f.at.begin)
            return fit_for_messages(codec::text_of(f, failure_scan->so_far().octets(f, body)));
    }
    // What should have been a page holds the user's data, and perhaps a live cursor.
    if (as == intake::page && holds_data(body)) return {};
    return fit_for_messages(body);
}

// Struck before it is cut: the head of a secret is one too.
std::string page_reader::impl::fit_for_messages(std::string_view text) const
{
    return codec::printable(codec::without_hidden(text, url, hidden));
}

}  // namespace catena
