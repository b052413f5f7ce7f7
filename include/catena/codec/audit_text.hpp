// layer: codec
#pragma once

#include <catena/core/audit.hpp>

#include <string>

namespace catena {

/* A server's words may stand in a report. All three forms take them as text and nothing else:
   control characters and those that turn the direction of text become blanks, octets that are no
   UTF-8 become '?', and in HTML nothing of them is markup. Ranges are written as JSON; in
   to_json() octet for octet, so that range_from_text() reads them.
*/

/** An audit as data: one JSON object with a line break at its end.

    docs/audit.schema.json describes it. Members stand in one order and none is ever left out; later
    versions may add some.
*/
[[nodiscard]] std::string to_json(const audit_report& r);

/** An audit for terminals: at most 80 columns, the verdict first, then what speaks against it, then
    the checks and counts, with a line break at its end. Of a long list the first 10 entries.
*/
[[nodiscard]] std::string to_text(const audit_report& r);

/** An audit as one page: HTML that is well-formed XML too, with nothing to load and no script.

    Light or dark as the reader's system is, and fit for paper. Chains and gaps are drawn as a
   strip, see audit_report::picture. Of a long list the first 1,000 entries.
*/
[[nodiscard]] std::string to_html(const audit_report& r);

}  // namespace catena
