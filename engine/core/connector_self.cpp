#include "core/connector_checks.hpp"

namespace catena::core {

void connector_check::self()
{
    if (!c_.self) return;
    using place = token_source::place;
    const token_source& s = *c_.self;
    if (s.from == place::last_record || s.from == place::counter)
        return flaw("/self", "this is no place of a page's own URL",
                    "name a body place, header or link, as in {\"link\": \"self\"}");
    source(s, "/self");
    if (s.optional || s.keep || !s.where_at.empty())
        flaw("/self", "a page's own URL stands at one place, on every page",
             "remove optional, keep, where and value");
    if (s.from != place::body) return;
    if (c_.format == page_format::json_lines)
        flaw("/self/body", "a page in JSON lines has nothing beside its records",
             "take it from a header or link");
    if (c_.format == page_format::xml) xml_value(s.at, "/self/body", true);
}

}  // namespace catena::core
