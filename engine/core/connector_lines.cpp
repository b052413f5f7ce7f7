#include "core/connector_checks.hpp"

#include <cstddef>
#include <string>

namespace catena::core {

/// What JSON lines cannot say: beside their records there is nothing.
void connector_check::pages_of_lines()
{
    if (!c_.records.at.empty() || c_.records.as != records_rule::shape::array)
        flaw("/records", "of JSON lines each line is a record",
             "remove records, or leave just its `absent`");

    const std::string elsewhere =
        "take it from a header, link, last_record or counter, or set format to \"json\"";
    const std::string what = "a page in JSON lines has nothing beside its records";
    for (std::size_t i = 0; i < c_.next.from.size(); ++i)
        if (c_.next.from[i].from == token_source::place::body)
            flaw(item("/next/from", i) + "/body", what, elsewhere);
    for (std::size_t i = 0; i < c_.end.size(); ++i) {
        const end_rule& e = c_.end[i];
        const std::string where = item("/end", i);
        const std::string end_elsewhere = "end by the token's absence, empty_page or a header";
        if (e.what == end_rule::kind::flag_false) flaw(where + "/false", what, end_elsewhere);
        if (e.what == end_rule::kind::flag_true) flaw(where + "/true", what, end_elsewhere);
        const bool page = !e.when.status || *e.when.status / 100 == 2;
        if (e.what == end_rule::kind::sign && page &&
            (e.when.body || (!e.when.header && (e.when.equals || e.when.contains))))
            flaw(where, what, end_elsewhere);
    }
    if (c_.total && c_.total->from == total_rule::place::body)
        flaw("/total/body", what, "take the total from a header, or remove it");
}

}  // namespace catena::core
