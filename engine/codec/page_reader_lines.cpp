// What only JSON lines need: there is no document around the records that says how it went.
#include "codec/json_walk.hpp"
#include "codec/page_reader_impl.hpp"
#include "codec/signs.hpp"

#include <algorithm>
#include <string>

namespace catena {
namespace {

using codec::value_in;

std::string_view kind_of_line(std::string_view line)
{
    return line.front() == '{' ? "an object" : line.front() == '[' ? "an array" : "a plain value";
}

bool reports_trouble(std::string_view line, const std::string& place, bool is_verdict)
{
    const auto value = value_in(line, place);
    if (!value) return false;
    const std::string_view text = *value;
    if (is_verdict) return text == "false";
    if (text == "null" || text == "false" || text == "0" || text == "\"\"") return false;
    const bool holds = text.front() == '{' || text.front() == '[';
    return !holds || !std::all_of(text.begin() + 1, text.end() - 1, codec::is_space);
}

}  // namespace

/* With a key each line must have it. Without one nothing else tells a record from what a server
   that failed in mid stream wrote between them. */
void page_reader::impl::judge_lines(page_facts& out)
{
    const std::vector<extent>& lines = seen().records();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string_view line = lines[i].in(body);
        const std::string_view first = lines.front().in(body);
        const std::string which = "line " + std::to_string(i + 1);
        if (kind_of_line(line) != kind_of_line(first)) {
            fail(out, error_class::fatal, make_error_code(errc::schema_drift));
            out.octet = lines[i].begin;
            out.said = which + " is " + std::string(kind_of_line(line)) +
                       ", and the first one is " + std::string(kind_of_line(first));
            return;
        }
        for (const plan::complaint& c : api.complaints) {
            if (!reports_trouble(line, c.place, c.is_verdict)) continue;
            fail(out, error_class::fatal, make_error_code(errc::error_in_page), c.place);
            out.octet = lines[i].begin;
            const auto inner = value_in(line, c.place);
            const auto message = value_in(*inner, "/message");
            const std::string_view words = message ? *message : *inner;
            out.said = which + " says that something failed: " + fit_for_messages(words);
            return;
        }
    }
}

/* An empty body is a page without records as well as an answer that was lost on its way: where the
   walk would end by what is not there, something else must say that this is its end. */
void page_reader::impl::judge_no_lines(page_facts& out)
{
    const connector& c = contract->description();
    if (is_foreign()) {
        fail(out, error_class::retry, make_error_code(errc::wrong_content), "Content-Type");
        out.said = fit_for_messages(content_type);
        return;
    }
    const auto ends_by = [&](end_rule::kind k) {
        return std::any_of(c.end.begin(), c.end.end(),
                           [k](const end_rule& e) { return e.what == k; });
    };
    const bool goes_on =
        std::any_of(c.next.from.begin(), c.next.from.end(),
                    [](const token_source& s) { return s.from == token_source::place::counter; }) ||
        std::any_of(out.tokens.begin(), out.tokens.end(),
                    [](const token_fact& t) { return t.is == presence::given; });
    if (goes_on || out.end_sign || out.total || ends_by(end_rule::kind::empty_page) ||
        ends_by(end_rule::kind::short_page) ||
        c.records.when_absent == records_rule::absence::empty)
        return;
    fail(out, error_class::retry, make_error_code(errc::records_missing));
    out.said = "the answer holds no line, and nothing in it says that the walk is over";
    out.mend = "if the API answers so where there is nothing, set records.absent to empty";
}

}  // namespace catena
