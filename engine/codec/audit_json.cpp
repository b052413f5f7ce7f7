#include "codec/audit_words.hpp"
#include <catena/codec/audit_text.hpp>
#include <catena/codec/range_text.hpp>
#include <catena/core/json_text.hpp>

namespace catena {

using codec::line_of;

namespace {

// Members of one object, on a line each or all on one.
class members {
public:
    members(std::string& out, const char* between) : out_(out), between_(between) {}

    void add(std::string_view name, std::string_view json)
    {
        out_ += first_ ? "" : between_;
        first_ = false;
        out_.append(quote(name)).append(": ").append(json);
    }
    void add_text(std::string_view name, std::string_view text) { add(name, quote(line_of(text))); }

private:
    std::string& out_;
    const char* between_;
    bool first_ = true;
};

template <class List, class Write>
std::string array_of(const List& list, Write write)
{
    std::string out = "[";
    for (const auto& each : list) {
        out += out.size() > 1 ? ",\n    " : "\n    ";
        out += write(each);
    }
    return out += list.empty() ? "]" : "\n  ]";
}

std::string json_of(const audit_check& c)
{
    std::string out = "{";
    members m(out, ", ");
    m.add_text("name", c.name);
    m.add_text("result", codec::word_of(c.is));
    m.add_text("allows", codec::word_of(c.allows));
    m.add_text("expected", c.expected);
    m.add_text("found", c.found);
    m.add_text("note", c.note);
    return out += '}';
}

std::string json_of(const audit_gap& g)
{
    std::string out = "{";
    members m(out, ", ");
    m.add("range", to_text(g.where));
    m.add_text("why", g.why);
    return out += '}';
}

std::string json_of(const audit_counts& n)
{
    std::string out = "{";
    members m(out, ", ");
    for (const auto& [name, count] : codec::counts_of(n))
        m.add(name, std::to_string(count));
    return out += '}';
}

}  // namespace

std::string to_json(const audit_report& r)
{
    const auto text = [](const std::string& t) { return quote(line_of(t)); };
    const auto object = [](const auto& each) { return json_of(each); };
    std::string out = "{\n  ";
    members m(out, ",\n  ");
    m.add_text("verdict", codec::word_of(r.is));
    m.add_text("job", r.job);
    m.add_text("connector", r.connector);
    m.add_text("begun", codec::date_of(r.begun));
    m.add_text("ended", codec::date_of(r.ended));
    m.add("resumed", r.resumed ? "true" : "false");
    m.add("reasons", array_of(r.reasons, text));
    m.add("gaps", array_of(r.gaps, object));
    m.add("overlaps", array_of(r.overlaps, [](const range& o) { return to_text(o); }));
    m.add("checks", array_of(r.checks, object));
    m.add("counts", json_of(r.counts));
    m.add("deleted", array_of(r.deleted, text));
    return out += "\n}\n";
}

}  // namespace catena
