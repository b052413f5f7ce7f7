#include "codec/connector_json_reading.hpp"
#include <catena/codec/connector_json.hpp>

#include <limits>
#include <stdexcept>
#include <utility>

namespace catena {
namespace codec {
namespace {

constexpr std::int64_t most_u32 = std::numeric_limits<std::uint32_t>::max();

void refuse_credential(reading& in, const node& n, std::string_view name, const setting& s)
{
    const bool scheme = s.value.starts_with("Bearer ") || s.value.starts_with("Basic ");
    if (s.is_secret() || in.flawed(n.pointer) || !(names_credential(name) || scheme)) return;
    const std::string kind = s.value.substr(0, s.value.find(' ') + 1);
    const std::string prefix = scheme ? ", \"prefix\": \"" + kind + "\"" : "";
    in.flaw(
        n, "a credential must not stand in a connector as text",
        "refer to it: {\"$env\": \"NAME\"" + prefix + "} or {\"$file\": \"/path\"" + prefix + "}");
}

void read(reading& in, const node& n, named_settings& out)
{
    if (!in.expect(n, json_kind::object, "an object")) return;
    for (const located::member& m : n.is->members)
        in.each(node{&m.is, below(n.pointer, m.name)}, [&](const node& item) {
            setting s;
            read(in, item, s);
            refuse_credential(in, item, m.name, s);
            out.emplace_back(m.name, std::move(s));
        });
}

// A key in the URL's own query is as visible as one in `query`.
void refuse_credential_in_url(reading& in, const node& n, std::string_view url)
{
    for (std::size_t i = url.find('?'); i != std::string_view::npos; i = url.find('&', i + 1)) {
        const std::string_view name = url.substr(i + 1, url.find_first_of("=&#", i + 1) - i - 1);
        if (!names_credential(name)) continue;
        in.flaw(n, "a credential must not stand in the URL",
                "move it to request.query: {\"NAME\": {\"$env\": \"VARIABLE\"}}");
        return;
    }
}

// A body goes out as it is written: a reference in it would be sent as its own name.
void refuse_references(reading& in, const node& n)
{
    for (std::size_t i = 0; i < n.is->items.size(); ++i)
        refuse_references(in, node{&n.is->items[i], below(n.pointer, std::to_string(i))});
    for (const located::member& m : n.is->members) {
        const node at{&m.is, below(n.pointer, m.name)};
        if ((m.name == "$env" || m.name == "$file") && m.is.kind == json_kind::string)
            in.flaw(at, "a body is sent as written and cannot refer to a secret",
                    "move the secret to request.headers or request.query");
        else
            refuse_references(in, at);
    }
}

void read(reading& in, const node& n, request_rule& out)
{
    if (!n || !in.object(n, request_members)) return;
    in.text(reading::member(n, "method"), out.method);
    const node url = reading::member(n, "url");
    if (in.text(url, out.url)) refuse_credential_in_url(in, url, out.url);
    if (const node query = reading::member(n, "query")) read(in, query, out.query);
    if (const node headers = reading::member(n, "headers")) read(in, headers, out.headers);
    if (const node body = reading::member(n, "body")) {
        refuse_references(in, body);
        out.body = body.is->octets;
    }
}

void read(reading& in, const node& n, std::optional<discovery_rule>& out)
{
    if (!n || !in.object(n, discovery_members)) return;
    out.emplace();
    if (const node query = reading::member(n, "query")) read(in, query, out->query);
    if (const node headers = reading::member(n, "headers")) read(in, headers, out->headers);
    const node body = reading::member(n, "body");
    if (!body) return;
    refuse_references(in, body);
    out->body = body.is->octets;
}

void read(reading& in, const node& n, records_rule& out)
{
    if (!n) return;
    if (n.is->kind == json_kind::string) {
        out.at = n.is->text;
        return;
    }
    if (!in.object(n, records_members)) return;
    in.text(reading::member(n, "at"), out.at);
    in.one_word(reading::member(n, "shape"), shape_words, out.as);
    in.one_word(reading::member(n, "absent"), absence_words, out.when_absent);
}

void read(reading& in, const node& n, key_field& out)
{
    if (n.is->kind == json_kind::string) {
        out.at = n.is->text;
        return;
    }
    if (!in.object(n, key_members)) return;
    const node at = reading::member(n, "at");
    if (!at && !in.flawed(n.pointer))
        in.flaw(n, "a key field needs its place", "add \"at\": \"/id\"");
    in.text(at, out.at);
    in.one_word(reading::member(n, "type"), type_words, out.type);
}

void read(reading& in, const node& n, error_rule& out)
{
    if (!in.object(n, error_members)) return;
    const node when = reading::member(n, "when");
    const node is = reading::member(n, "class");
    if (when) read(in, when, out.when);
    in.one_word(is, class_words, out.is);
    if ((!when || !is) && !in.flawed(n.pointer))
        in.flaw(n, "an error rule needs a sign and a class",
                "write {\"when\": {\"status\": 409}, \"class\": \"retry\"}");
}

void read(reading& in, const node& n, rate_policy& out)
{
    if (!in.object(n, policy_members)) return;
    std::int64_t count = 0;
    if (in.integer(reading::member(n, "requests"), 1, most_u32, count,
                   "for one request in ten seconds write \"requests\": 1, \"per\": \"10s\""))
        out.requests = static_cast<std::uint32_t>(count);
    in.time_span(reading::member(n, "per"), out.per);
    if (in.integer(reading::member(n, "burst"), 1, most_u32, count))
        out.burst = static_cast<std::uint32_t>(count);
    in.one_word(reading::member(n, "window"), policy_window_words, out.counts);
    if (in.integer(reading::member(n, "weight"), 1, most_u32, count))
        out.weight = static_cast<std::uint32_t>(count);
}

template <class Part>
void read_all(reading& in, const node& n, std::vector<Part>& out)
{
    in.each(n, [&](const node& item) { read(in, item, out.emplace_back()); });
}

void read_shrink_on(reading& in, const node& n, page_size_rule& out)
{
    std::int64_t status = 0;
    bool page_size_rule::*word = nullptr;
    if (n.is->kind == json_kind::number) {
        if (in.integer(n, 400, 599, status, "name statuses such as 413, 502 and 504"))
            out.shrink_on.push_back(static_cast<int>(status));
        return;
    }
    in.one_word(n, shrink_words, word);
    if (word != nullptr) out.*word = true;
}

void read(reading& in, const node& n, page_size_rule& out)
{
    if (!n || !in.object(n, page_size_members)) return;
    const node to = reading::member(n, "to");
    const node value = reading::member(n, "value");
    if (to) read(in, to, out.to);
    std::int64_t size = 0;
    if (in.integer(value, 1, most_u32, size, "use at least 1, or remove page_size"))
        out.value = static_cast<std::uint32_t>(size);
    if (in.integer(reading::member(n, "max"), 1, most_u32, size))
        out.max = static_cast<std::uint32_t>(size);
    in.each(reading::member(n, "shrink_on"),
            [&](const node& item) { read_shrink_on(in, item, out); });
    if ((!to || !value) && !in.flawed(n.pointer))
        in.flaw(n, "a page size needs a place and a value",
                "write {\"to\": {\"query\": \"limit\"}, \"value\": 100}");
}

void read(reading& in, const node& n, next_rule& out)
{
    if (!n || !in.object(n, next_members)) return;
    read_all(in, reading::member(n, "from"), out.from);
    read_all(in, reading::member(n, "to"), out.to);
    in.texts(reading::member(n, "drop"), out.drop);
    in.boolean(reading::member(n, "exclusive"), out.exclusive);
    in.texts(reading::member(n, "keep"), out.keep);
    in.boolean(reading::member(n, "inclusive"), out.inclusive);
    in.boolean(reading::member(n, "single_use"), out.single_use);
    in.boolean(reading::member(n, "may_repeat"), out.may_repeat);
    in.texts(reading::member(n, "ignore"), out.ignore);
}

void read(reading& in, const node& n, std::optional<total_rule>& out)
{
    if (!n || !in.object(n, total_members)) return;
    out.emplace();
    if (const node at = in.one_of(n, total_places)) {
        out->from =
            at.is == n.is->find("header") ? total_rule::place::header : total_rule::place::body;
        in.text(at, out->at);
    }
    in.one_word(reading::member(n, "counts"), unit_words, out->counts);
}

void read(reading& in, const node& n, window_rule& out)
{
    if (!n || !in.object(n, window_members)) return;
    std::int64_t records = 0;
    const node at = reading::member(n, "records");
    if (in.integer(at, 1, std::numeric_limits<std::int64_t>::max(), records))
        out.records = static_cast<std::uint64_t>(records);
    in.one_word(reading::member(n, "action"), window_words, out.past);
    if (!at && !in.flawed(n.pointer))
        in.flaw(n, "a window needs its size", "write {\"records\": 10000}");
}

void read(reading& in, const node& n, recovery_rule& out)
{
    if (!n) return;
    if (n.is->kind == json_kind::string) return in.one_word(n, recover_words, out.by);
    if (!in.object(n, recover_members)) return;
    const node at = in.one_of(n, recover_members);
    if (!at) return;
    if (at.is == n.is->find("token_from")) {
        out.by = recovery_rule::method::token_from;
        in.text(at, out.at);
        return;
    }
    out.by = recovery_rule::method::rebuild;
    if (!in.object(at, rebuild_members)) return;
    read_all(in, reading::member(at, "to"), out.to);
    in.one_word(reading::member(at, "bound"), bound_words, out.includes);
}

void read(reading& in, const node& n, expiry_rule& out)
{
    if (!n || !in.object(n, expiry_members)) return;
    read_all(in, reading::member(n, "signs"), out.signs);
    in.time_span(reading::member(n, "ttl"), out.ttl);
    in.one_word(reading::member(n, "clock"), clock_words, out.counts);
    read(in, reading::member(n, "recover"), out.recover);
}

void read(reading& in, const node& n, limits_rule& out)
{
    if (!n || !in.object(n, limits_members)) return;
    read_all(in, reading::member(n, "policies"), out.policies);
    std::int64_t count = 0;
    if (in.integer(reading::member(n, "concurrency"), 0, most_u32, count))
        out.concurrency = static_cast<std::uint32_t>(count);
    read(in, reading::member(n, "signals"), out.signals);
}

void read(reading& in, const node& n, session_rule& out)
{
    if (!n || !in.object(n, session_members)) return;
    in.boolean(reading::member(n, "cookies"), out.cookies);
    in.boolean(reading::member(n, "one_connection"), out.one_connection);
}

void read_connector(reading& in, const node& n, connector& out)
{
    if (!in.object(n, connector_members)) return;
    std::string ignored;
    in.text(reading::member(n, "$schema"), ignored);
    in.text(reading::member(n, "name"), out.name);
    read(in, reading::member(n, "request"), out.request);
    in.one_word(reading::member(n, "format"), format_words, out.format);
    read(in, reading::member(n, "records"), out.records);
    read_all(in, reading::member(n, "key"), out.key);
    in.one_word(reading::member(n, "order"), order_words, out.sorted);
    in.boolean(reading::member(n, "ties"), out.ties);
    read(in, reading::member(n, "page_size"), out.page_size);
    read(in, reading::member(n, "next"), out.next);
    read_all(in, reading::member(n, "end"), out.end);
    if (const node self = reading::member(n, "self")) read(in, self, out.self.emplace());
    read(in, reading::member(n, "total"), out.total);
    read(in, reading::member(n, "window"), out.window);
    read_all(in, reading::member(n, "range"), out.range);
    read(in, reading::member(n, "discovery"), out.discovery);
    read(in, reading::member(n, "expiry"), out.expiry);
    read_all(in, reading::member(n, "errors"), out.errors);
    read(in, reading::member(n, "limits"), out.limits);
    read(in, reading::member(n, "auth"), out.auth);
    read(in, reading::member(n, "session"), out.session);
    in.texts(reading::member(n, "origins"), out.origins);
}

// After a lost answer a single-use token is spent, so someone has to decide what then.
void require_recovery(reading& in, const located& root, const connector& c)
{
    if (!c.next.single_use) return;
    const located* expiry = root.find("expiry");
    if (expiry && expiry->find("recover")) return;
    const node next = reading::member(node{&root, {}}, "next");
    in.flaw(reading::member(next, "single_use"),
            "a lost answer spends a single-use token, and nothing says how to go on",
            "add expiry.recover; \"recover\": \"fail\" makes any network failure final");
}

// One line: a name from the file may hold anything.
std::string on_one_line(std::string text)
{
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    return text;
}

}  // namespace
}  // namespace codec

std::string connector_file_flaw::text() const
{
    return codec::on_one_line("line " + std::to_string(line) + ", column " +
                              std::to_string(column) + ", " +
                              (pointer.empty() ? "" : pointer + ": ") + what + "; " + mend);
}

std::optional<connector> load_connector(std::string_view json,
                                        std::vector<connector_file_flaw>& flaws)
{
    flaws.clear();
    codec::reading in(json);
    codec::json_fault fault;
    const std::optional<codec::located> root = codec::read_located(json, {}, fault);
    if (!root) {
        in.flaw_at(fault.offset, fault.pointer, fault.what, fault.mend);
        flaws = in.flaws();
        return std::nullopt;
    }
    connector out;
    codec::read_connector(in, codec::node{&*root, {}}, out);
    if (root->kind == json_kind::object) {
        codec::require_recovery(in, *root, out);
        in.add(validate(out), *root);
    }
    flaws = in.flaws();
    if (!flaws.empty()) return std::nullopt;
    return out;
}

connector load_connector(std::string_view json)
{
    std::vector<connector_file_flaw> flaws;
    std::optional<connector> c = load_connector(json, flaws);
    if (c) return std::move(*c);
    std::string text = "this connector cannot be used";
    for (const connector_file_flaw& f : flaws)
        text += '\n' + f.text();
    throw std::invalid_argument(text);
}

}  // namespace catena
