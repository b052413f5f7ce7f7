#include "codec/connector_json_names.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/core/json_text.hpp>

#include <string>
#include <string_view>

namespace catena {
namespace codec {
namespace {

/// "[a, b]", or nothing for no values.
template <class All, class Write>
std::string list_of(const All& values, Write write)
{
    std::string list;
    for (const auto& value : values)
        list += (list.empty() ? "" : ", ") + write(value);
    return list.empty() ? list : '[' + list + ']';
}

/// One JSON object, member by member. Members whose value is the default are left out.
class object_text {
public:
    /// `value` is JSON already.
    object_text& add(std::string_view name, const std::string& value)
    {
        text_ += (text_.empty() ? "" : ", ") + quote(name) + ": " + value;
        return *this;
    }
    object_text& text(std::string_view name, const std::string& value)
    {
        return value.empty() ? *this : add(name, quote(value));
    }
    object_text& flag(std::string_view name, bool value)
    {
        return value ? add(name, "true") : *this;
    }
    object_text& count(std::string_view name, std::uint64_t value, std::uint64_t usual)
    {
        return value == usual ? *this : add(name, std::to_string(value));
    }
    object_text& part(std::string_view name, const object_text& value)
    {
        return value.text_.empty() ? *this : add(name, value.json());
    }
    template <class All, class Write>
    object_text& all(std::string_view name, const All& values, Write write)
    {
        const std::string list = list_of(values, write);
        return list.empty() ? *this : add(name, list);
    }
    object_text& texts(std::string_view name, const std::vector<std::string>& values)
    {
        return all(name, values, [](const std::string& v) { return quote(v); });
    }
    /// The word for `value`, unless it is the first one.
    template <class Meaning, std::size_t Count>
    object_text& one_word(std::string_view name, Meaning value, const word<Meaning> (&words)[Count],
                          Meaning usual = Meaning())
    {
        for (const word<Meaning>& w : words)
            if (w.means == value && value != usual) add(name, quote(w.text));
        return *this;
    }

    [[nodiscard]] std::string json() const { return '{' + text_ + '}'; }

private:
    std::string text_;
};

std::string write(duration d)
{
    for (const word<duration>& unit : unit_of_time)
        if (d % unit.means == duration::zero() && (d != duration::zero() || unit.text == "s"))
            return '"' + std::to_string(d / unit.means) + std::string(unit.text) + '"';
    return "\"0s\"";
}

std::string write(const setting& s)
{
    if (!s.is_secret()) return quote(s.value);
    object_text out;
    out.add(s.from == setting::source::file ? "$file" : "$env", quote(s.value));
    return out.text("prefix", s.prefix).json();
}

object_text write(const named_settings& all)
{
    object_text out;
    for (auto first = all.begin(); first != all.end();) {
        std::string values;
        auto end = first;
        for (; end != all.end() && end->first == first->first; ++end)
            values += (values.empty() ? "" : ", ") + write(end->second);
        out.add(first->first, end - first == 1 ? values : '[' + values + ']');
        first = end;
    }
    return out;
}

std::string write(const token_target& t)
{
    using form = token_target::form;
    object_text out;
    switch (t.to) {
        case token_target::place::query: out.add("query", quote(t.at)); break;
        case token_target::place::body:
            return out.add("body", quote(t.at)).one_word("as", t.as, form_words, form::json).json();
        case token_target::place::header: out.add("header", quote(t.at)); break;
        case token_target::place::path: out.add("path", quote(t.at)); break;
        case token_target::place::url: out.add("url", "true"); break;
    }
    return out.one_word("as", t.as, form_words).json();
}

std::string write(const token_source& s)
{
    object_text out;
    switch (s.from) {
        case token_source::place::body: out.add("body", quote(s.at)); break;
        case token_source::place::header: out.add("header", quote(s.at)); break;
        case token_source::place::link: out.add("link", quote(s.at)); break;
        case token_source::place::last_record: out.add("last_record", quote(s.at)); break;
        case token_source::place::counter: {
            object_text counter;
            counter.add("start", std::to_string(s.start)).one_word("step", s.step, step_words);
            out.add("counter", counter.json());
        }
    }
    if (!s.where_at.empty())
        out.add("where", '{' + quote(s.where_at) + ": " + quote(s.where_equals) + '}');
    return out.text("value", s.value_at).flag("optional", s.optional).flag("keep", s.keep).json();
}

std::string write(const sign& s)
{
    object_text out;
    if (s.status) out.add("status", std::to_string(*s.status));
    if (s.header) out.add("header", quote(*s.header));
    if (s.body) out.add("body", quote(*s.body));
    if (s.equals) out.add("equals", quote(*s.equals));
    if (s.contains) out.add("contains", quote(*s.contains));
    return out.json();
}

std::string write(const end_rule& e)
{
    object_text out;
    if (e.what == end_rule::kind::flag_false) return out.add("false", quote(e.at)).json();
    if (e.what == end_rule::kind::flag_true) return out.add("true", quote(e.at)).json();
    for (const word<end_rule::kind>& w : end_words)
        if (w.means == e.what) return quote(w.text);
    return write(e.when);
}

object_text write(const request_rule& r)
{
    object_text out;
    if (r.method != "GET") out.add("method", quote(r.method));
    out.add("url", quote(r.url)).part("query", write(r.query)).part("headers", write(r.headers));
    return r.body.empty() ? out : out.add("body", r.body);
}

object_text write(const discovery_rule& d)
{
    object_text out;
    out.part("query", write(d.query)).part("headers", write(d.headers));
    return d.body.empty() ? out : out.add("body", d.body);
}

object_text write(const records_rule& r)
{
    object_text out;
    return out.text("at", r.at)
        .one_word("shape", r.as, shape_words)
        .one_word("absent", r.when_absent, absence_words);
}

object_text write(const next_rule& n)
{
    object_text out;
    out.all("from", n.from, [](const token_source& s) { return write(s); });
    out.all("to", n.to, [](const token_target& t) { return write(t); });
    out.texts("drop", n.drop).flag("exclusive", n.exclusive).texts("keep", n.keep);
    out.flag("inclusive", n.inclusive).flag("single_use", n.single_use);
    return out.flag("may_repeat", n.may_repeat).texts("ignore", n.ignore);
}

object_text write(const total_rule& t)
{
    object_text out;
    out.add(t.from == total_rule::place::header ? "header" : "body", quote(t.at));
    return out.one_word("counts", t.counts, unit_words);
}

std::string write(const recovery_rule& r)
{
    object_text out;
    for (const word<recovery_rule::method>& w : recover_words)
        if (w.means == r.by) return quote(w.text);
    if (r.by == recovery_rule::method::token_from) return out.add("token_from", quote(r.at)).json();
    object_text rebuild;
    rebuild.all("to", r.to, [](const token_target& t) { return write(t); });
    rebuild.one_word("bound", r.includes, bound_words, recovery_rule::bound::exclusive);
    return out.add("rebuild", rebuild.json()).json();
}

object_text write(const range_edge& e)
{
    object_text out;
    const auto bound =
        e.inclusive ? recovery_rule::bound::inclusive : recovery_rule::bound::exclusive;
    for (const word<recovery_rule::bound>& w : bound_words)
        if (w.means == bound) out.add("to", write(e.to)).add("bound", quote(w.text));
    return out;
}

std::string write(const range_rule& r)
{
    object_text out;
    out.text("by", r.by);
    for (const word<range_type>& w : range_type_words)
        if (w.means == r.type) out.add("type", quote(w.text));
    if (r.lower) out.part("lower", write(*r.lower));
    if (r.upper) out.part("upper", write(*r.upper));
    out.one_word("time", r.time, moment_words);
    if (r.resolution != range_rule().resolution) out.add("resolution", write(r.resolution));
    if (r.type == range_type::values) out.add("to", write(r.to));
    return out.texts("values", r.values).json();
}

object_text write(const expiry_rule& e, bool single_use)
{
    object_text out;
    out.all("signs", e.signs, [](const sign& s) { return write(s); });
    if (e.ttl != duration::zero()) out.add("ttl", write(e.ttl));
    out.one_word("clock", e.counts, clock_words);
    // To fail is the default, but with single-use tokens it must be said.
    if (single_use || e.recover != recovery_rule()) out.add("recover", write(e.recover));
    return out;
}

std::string write(const signal_place& p)
{
    object_text out;
    const bool in_body = p.from == signal_place::place::body;
    return out.add(in_body ? "body" : "header", quote(p.at)).json();
}

std::string write(const quota_rule& q)
{
    object_text out;
    const auto place = [&](std::string_view name, const std::optional<signal_place>& p) {
        if (p) out.add(name, write(*p));
    };
    out.text("name", q.name);
    place("limit", q.limit);
    place("remaining", q.remaining);
    place("used", q.used);
    place("reset", q.reset);
    out.one_word("reset_as", q.reset_as, time_form_words);
    place("window", q.window);
    out.one_word("window_as", q.window_as, time_form_words, time_form::seconds);
    return out.json();
}

object_text write(const signals_rule& s)
{
    object_text out;
    out.all("quotas", s.quotas, [](const quota_rule& q) { return write(q); });
    return s.known_fields ? out : out.add("known_fields", "false");
}

object_text write(const limits_rule& l)
{
    object_text out;
    out.all("policies", l.policies, [](const rate_policy& p) {
        object_text one;
        one.add("requests", std::to_string(p.requests)).add("per", write(p.per));
        one.count("burst", p.burst, 1).one_word("window", p.counts, policy_window_words);
        return one.count("weight", p.weight, 1).json();
    });
    return out.count("concurrency", l.concurrency, 0).part("signals", write(l.signals));
}

object_text write(const auth_rule& a)
{
    using method = auth_rule::method;
    const auto is_set = [](const setting& s) { return s.is_secret() || !s.value.empty(); };
    object_text out, inner;
    switch (a.by) {
        case method::none: return out;
        case method::basic:
            inner.add("user", write(a.user)).add("password", write(a.password));
            out.part("basic", inner);
            break;
        case method::bearer: out.add("bearer", write(a.token)); break;
        case method::oauth2:
            inner.text("token_url", a.token_url).one_word("grant", a.granted_by, grant_words);
            inner.add("client_id", write(a.client_id));
            if (is_set(a.client_secret)) inner.add("client_secret", write(a.client_secret));
            if (is_set(a.refresh_token)) inner.add("refresh_token", write(a.refresh_token));
            inner.one_word("client_in", a.client_in, client_words).text("scope", a.scope);
            out.part("oauth2", inner.part("parameters", write(a.parameters)));
            break;
        case method::provider: out.text("provider", a.name); break;
    }
    return out.flag("allow_plain_http", a.allow_plain_http);
}

std::string write(const key_field& k)
{
    object_text out;
    return out.add("at", quote(k.at)).one_word("type", k.type, type_words).json();
}

std::string write(const error_rule& e)
{
    object_text out;
    out.add("when", write(e.when));
    for (const word<error_class>& w : class_words)
        if (w.means == e.is) out.add("class", quote(w.text));
    return out.json();
}

object_text write(const page_size_rule& p)
{
    object_text out;
    if (p.value == 0) return out;
    out.add("to", write(p.to)).add("value", std::to_string(p.value)).count("max", p.max, 0);
    std::vector<std::string> causes;
    for (const int status : p.shrink_on)
        causes.push_back(std::to_string(status));
    for (const word<bool page_size_rule::*>& one : shrink_words)
        if (p.*one.means) causes.push_back(quote(one.text));
    return out.all("shrink_on", causes, [](const std::string& cause) { return cause; });
}

// A member a line, so that people can read it and tools can compare it.
class document {
public:
    void line(std::string_view name, const std::string& value)
    {
        text_ += (text_.empty() ? "{\n  " : ",\n  ") + quote(name) + ": " + value;
    }
    void line(std::string_view name, const object_text& value)
    {
        if (value.json() != "{}") line(name, value.json());
    }
    template <class All, class Write>
    void lines(std::string_view name, const All& values, Write write)
    {
        if (!values.empty()) line(name, list_of(values, write));
    }
    [[nodiscard]] std::string json() const { return text_ + "\n}\n"; }

private:
    std::string text_;
};

}  // namespace
}  // namespace codec

std::string to_json(const connector& c)
{
    using namespace codec;
    const auto each = [](const auto& part) { return write(part); };
    object_text window, session;
    session.flag("cookies", c.session.cookies).flag("one_connection", c.session.one_connection);
    document out;
    out.line("name", quote(c.name));
    out.line("request", write(c.request));
    for (const word<page_format>& w : format_words)
        if (w.means == c.format && c.format != page_format::json) out.line("format", quote(w.text));
    out.line("records", write(c.records));
    out.lines("key", c.key, each);
    for (const word<order>& w : order_words)
        if (w.means == c.sorted && c.sorted != order::none) out.line("order", quote(w.text));
    if (c.ties) out.line("ties", std::string("true"));
    out.line("page_size", write(c.page_size));
    out.line("next", write(c.next));
    out.lines("end", c.end, each);
    if (c.self) out.line("self", write(*c.self));
    if (c.total) out.line("total", write(*c.total));
    window.count("records", c.window.records, 0).one_word("action", c.window.past, window_words);
    out.line("window", window);
    out.lines("range", c.range, each);
    if (c.discovery) out.line("discovery", write(*c.discovery));
    out.line("expiry", write(c.expiry, c.next.single_use));
    out.lines("errors", c.errors, each);
    out.line("limits", write(c.limits));
    out.line("auth", write(c.auth));
    out.line("session", session);
    out.lines("origins", c.origins, [](const std::string& o) { return quote(o); });
    return out.json();
}

}  // namespace catena
