#include "codec/connector_json_reading.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string>
#include <utility>

namespace catena::codec {
namespace {

// A scalar as the text that a server would be sent, or would have sent.
bool scalar_text(reading& in, const node& n, std::string& out)
{
    switch (n.is->kind) {
        case json_kind::string: out = n.is->text; return true;
        case json_kind::number:
        case json_kind::boolean: out = n.is->octets; return true;
        default: return in.expect(n, json_kind::string, "a text, number or boolean");
    }
}

void optional_text(reading& in, const node& n, std::optional<std::string>& out)
{
    std::string text;
    if (n && scalar_text(in, n, text)) out = std::move(text);
}

// FHIR's way: of an array of objects, the one whose member `relation` is "next".
void read_selection(reading& in, const node& n, token_source& out)
{
    const node where = reading::member(n, "where");
    const node value = reading::member(n, "value");
    if (value && in.text(value, out.value_at) && !where)
        in.flaw(value, "value needs a \"where\" beside it",
                "add \"where\": {\"/relation\": \"next\"}, or point to the token itself");
    if (!in.expect(where, json_kind::object, "an object")) return;
    if (where.is->members.size() != 1) {
        in.flaw(where, "one member to compare is expected",
                "write it as {\"/relation\": \"next\"}");
        return;
    }
    const located::member& only = where.is->members.front();
    out.where_at = only.name;
    in.text(node{&only.is, below(where.pointer, only.name)}, out.where_equals);
    if (!value && !in.flawed(n.pointer))
        in.flaw(where, "where selects an element, but \"value\" is not there",
                "add \"value\": \"/url\", the token's place in that element");
}

void read_counter(reading& in, const node& n, token_source& out)
{
    using limits = std::numeric_limits<std::int64_t>;
    out.from = token_source::place::counter;
    if (!in.object(n, counter_members)) return;
    in.integer(reading::member(n, "start"), limits::min(), limits::max(), out.start);
    in.one_word(reading::member(n, "step"), step_words, out.step);
}

// The last name of a pointer in lower case, without punctuation.
std::string last_name(std::string_view pointer)
{
    std::string out;
    for (const char c : pointer.substr(std::min(pointer.rfind('/') + 1, pointer.size())))
        if (c != '_' && c != '-') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    return out;
}

bool says_end(const std::string& name)
{
    constexpr names words[] = {"done",      "last",  "lastpage", "end",      "ended",
                               "endofdata", "final", "finished", "complete", "completed",
                               "exhausted", "eof",   "nomore"};
    const std::string_view bare = name.starts_with("is") ? std::string_view(name).substr(2) : name;
    return std::find(std::begin(words), std::end(words), bare) != std::end(words);
}

bool says_more(const std::string& name)
{
    const auto has = [&](names part) { return name.find(part) != std::string::npos; };
    if (has("end") || has("last") || has("done") || has("finish") || has("complete")) return false;
    return name.starts_with("has") || name.starts_with("more") || name.starts_with("ismore") ||
           name == "istruncated" || name == "truncated";
}

// A flag that is read the wrong way round ends the walk at its first page.
void refuse_turned_flag(reading& in, const node& at, const end_rule& flag)
{
    const bool ends_by_true = flag.what == end_rule::kind::flag_true;
    const std::string name = last_name(flag.at);
    if (!(ends_by_true ? says_more(name) : says_end(name))) return;
    const std::string written = ends_by_true ? "true" : "false";
    const std::string turned = ends_by_true ? "false" : "true";
    in.flaw(at,
            "by its name this flag is " + turned + " on the last page, but " + written +
                " is to end the walk",
            "write {\"" + turned + "\": \"" + flag.at + "\"}; if it is really so, {\"body\": \"" +
                flag.at + "\", \"equals\": " + written + "}");
}

}  // namespace

void read(reading& in, const node& n, setting& out)
{
    if (!n) return;
    if (n.is->kind != json_kind::object) {
        (void)scalar_text(in, n, out.value);
        return;
    }
    if (!in.object(n, secret_members)) return;
    const node variable = reading::member(n, "$env");
    const node file = reading::member(n, "$file");
    in.text(reading::member(n, "prefix"), out.prefix);
    if (variable && file) {
        in.flaw(file, "a secret comes from one place, not from two", "keep $env or $file");
    } else if (variable && in.text(variable, out.value)) {
        out.from = setting::source::environment;
    } else if (file && in.text(file, out.value)) {
        out.from = setting::source::file;
    } else if (!in.flawed(n.pointer)) {
        in.flaw(n, "a secret's place is expected here",
                "write {\"$env\": \"NAME\"} or {\"$file\": \"/path\"}");
    }
}

void read(reading& in, const node& n, token_target& out)
{
    using place = token_target::place;
    if (!in.object(n, target_members)) return;
    const node at = in.one_of(n, target_places);
    if (at) {
        if (at.is == n.is->find("query")) out.to = place::query;
        if (at.is == n.is->find("body")) out.to = place::body;
        if (at.is == n.is->find("header")) out.to = place::header;
        if (at.is == n.is->find("path")) out.to = place::path;
        if (at.is == n.is->find("url")) out.to = place::url;
        if (out.to != place::url)
            in.text(at, out.at);
        else if (at.is->octets != "true")
            in.flaw(at, "true is expected here", "write {\"url\": true}");
    }
    out.as = out.to == place::body ? token_target::form::json : token_target::form::text;
    in.one_word(reading::member(n, "as"), form_words, out.as);
}

void read(reading& in, const node& n, token_source& out)
{
    using place = token_source::place;
    if (!in.object(n, source_members)) return;
    const node at = in.one_of(n, source_places);
    if (at) {
        if (at.is == n.is->find("body")) out.from = place::body;
        if (at.is == n.is->find("header")) out.from = place::header;
        if (at.is == n.is->find("link")) out.from = place::link;
        if (at.is == n.is->find("last_record")) out.from = place::last_record;
        if (at.is == n.is->find("counter"))
            read_counter(in, at, out);
        else
            in.text(at, out.at);
    }
    read_selection(in, n, out);
    in.boolean(reading::member(n, "optional"), out.optional);
    in.boolean(reading::member(n, "keep"), out.keep);
}

void read(reading& in, const node& n, sign& out)
{
    if (!in.object(n, sign_members)) return;
    std::int64_t status = 0;
    if (in.integer(reading::member(n, "status"), 100, 599, status))
        out.status = static_cast<int>(status);

    std::string place;
    if (in.text(reading::member(n, "header"), place)) out.header = place;
    if (in.text(reading::member(n, "body"), place)) out.body = place;
    optional_text(in, reading::member(n, "equals"), out.equals);
    optional_text(in, reading::member(n, "contains"), out.contains);
}

void read(reading& in, const node& n, end_rule& out)
{
    if (n.is->kind == json_kind::string) return in.one_word(n, end_words, out.what);
    if (!in.object(n, end_members)) return;
    if (!n.is->find("true") && !n.is->find("false")) {
        out.what = end_rule::kind::sign;
        // What is wrong with this object was told with the members of an end.
        if (!in.flawed(n.pointer)) read(in, n, out.when);
        return;
    }
    const node at = in.one_of(n, flag_places);
    out.what = at.is == n.is->find("true") ? end_rule::kind::flag_true : end_rule::kind::flag_false;
    if (in.text(at, out.at)) refuse_turned_flag(in, at, out);
    for (const names name : sign_members)
        if (n.is->find(name))
            in.flaw(reading::member(n, name), "a flag and a sign are two ends",
                    "write two objects in the array");
}

}  // namespace catena::codec
