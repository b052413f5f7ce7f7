#include <catena/connector.hpp>
#include <catena/core/identity.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catena {
namespace {

/* The parts that count, each with its length before it, so that no two connectors write the same
   text. Names stand for enumerators' values: reordering an enum must not change old fingerprints.
*/
class canon {
public:
    canon& add(std::string_view text)
    {
        text_ += std::to_string(text.size());
        text_ += ':';
        text_ += text;
        return *this;
    }
    canon& add(bool b) { return add(b ? std::string_view("yes") : std::string_view("no")); }
    canon& add(const char* text) { return add(std::string_view(text)); }

    void add(std::string_view title, const named_settings& all)
    {
        add(title);
        for (const auto& [name, s] : all)
            if (!s.is_secret()) add(name).add(s.value);
    }
    void add(std::string_view title, const std::vector<token_target>& all)
    {
        add(title);
        for (const token_target& t : all)
            add(t);
    }
    void add(const token_target& t)
    {
        switch (t.to) {
            case token_target::place::query: add("query"); break;
            case token_target::place::body: add("body"); break;
            case token_target::place::header: add("header"); break;
            case token_target::place::path: add("path"); break;
            case token_target::place::url: add("url"); break;
        }
        add(t.at).add(t.as == token_target::form::json);
    }
    void add(const token_source& s);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

void canon::add(const token_source& s)
{
    // Where a page shows its token may be corrected between two runs: the token that a checkpoint
    // holds is as good as before. What a last record's field or a counter means may not.
    switch (s.from) {
        case token_source::place::body: add("token"); break;
        case token_source::place::header: add("token"); break;
        case token_source::place::link: add("token"); break;
        case token_source::place::last_record: add("last_record").add(s.at); break;
        case token_source::place::counter:
            add("counter").add(std::to_string(s.start));
            add(s.step == token_source::stride::pages ? "pages" : "records");
    }
}

std::string_view name_of(key_type t) noexcept
{
    switch (t) {
        case key_type::automatic: return "auto";
        case key_type::number: return "number";
        case key_type::text: break;
    }
    return "text";
}

void add_key(canon& to, const connector& c)
{
    to.add("key");
    for (const key_field& k : c.key)
        to.add(k.at).add(name_of(k.type));
    switch (c.sorted) {
        case order::none: to.add("none"); break;
        case order::ascending: to.add("ascending"); break;
        case order::descending: to.add("descending"); break;
    }
    to.add(c.ties);
}

// What each method needs to find in a checkpoint. Those that need nothing may come and go.
void add_recovery(canon& to, const connector& c)
{
    const recovery_rule& r = c.expiry.recover;
    if (r.by == recovery_rule::method::rescan && c.sorted == order::none) to.add("rescan");
    if (r.by != recovery_rule::method::rebuild) return;
    to.add("rebuild", r.to);
    to.add(r.includes == recovery_rule::bound::inclusive);
}

}  // namespace

std::string fingerprint(const connector& c)
{
    canon text;
    text.add("request").add(c.request.method).add(c.request.url).add(c.request.body);
    text.add("query", c.request.query);
    text.add("headers", c.request.headers);
    text.add("records").add(c.records.at).add(c.records.as == records_rule::shape::map);
    add_key(text, c);

    text.add("next");
    for (const token_source& s : c.next.from)
        text.add(s);
    text.add("to", c.next.to);
    text.add("drop");
    for (const std::string& name : c.next.drop)
        text.add(name);
    text.add(c.next.exclusive).add(c.next.inclusive).add("keep");
    for (const std::string& name : c.next.keep)
        text.add(name);

    // Another page size moves the page that a counter points to, and the length of a short page.
    text.add("page_size");
    if (c.page_size.value != 0) {
        text.add(c.page_size.to);
        text.add(std::to_string(c.page_size.value));
    }
    add_recovery(text, c);
    if (c.format == page_format::xml) text.add("xml");
    if (c.format == page_format::json_lines) text.add("json_lines");

    constexpr char digits[] = "0123456789abcdef";
    const std::uint64_t id = identity_of(text.text()).high;
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4)
        out += digits[id >> shift & 15];
    return out;
}

}  // namespace catena
