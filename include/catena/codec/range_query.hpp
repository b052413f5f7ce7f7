// layer: codec
#pragma once

#include <catena/connector.hpp>
#include <catena/core/range.hpp>

namespace catena {

/** The connector of one part of a dataset: the request of `c` with the borders of `part` in it.

    What such a query answers covers the part: every record in [lower, upper) of each rule, and
    perhaps others, which @ref where_in tells. A border without an edge in the rule is not sent; the
    order, and where_in(), then tell where the part ends. A border goes to its place as text, in a
    body as a JSON number where it is one; what the request had there is replaced.

    The result is a connector of its own, without ranges. Its fingerprint is that of no other query;
    parts that differ only in a border that is not sent are one query.

    @param part One interval for each of c.range in its order, or none: then all of `c`.
    @throws std::invalid_argument where their number is another.
    @throws failure with errc::cursor_refused for a border that is none under its rule or that
    cannot go where it must go, such as a text with a line break in a query; the message does not
    hold it.
    @pre validate(c) is empty.
*/
[[nodiscard]] connector within(const connector& c, const range& part);

}  // namespace catena
