// layer: codec
#pragma once

#include <catena/connector.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/// A flaw of a connector file, with the place of it.
struct connector_file_flaw {
    std::size_t line = 0;    ///< From 1.
    std::size_t column = 0;  ///< From 1, in octets.
    std::string pointer;     ///< JSON Pointer of the member concerned.
    std::string what;        ///< What is wrong.
    std::string mend;        ///< What to write instead; names the near word for a misspelt one.

    /// "line 7, column 12, /next/from/0: ...; ..." on one line.
    [[nodiscard]] std::string text() const;
};

/** Read a connector from its JSON form (docs/connectors.md, docs/connector.schema.json).

    Unknown members are refused, with the nearest known one named. All flaws are reported, not only
    the first, those of validate() too.

    @return Nothing if there is a flaw.
*/
[[nodiscard]] std::optional<connector> load_connector(std::string_view json,
                                                      std::vector<connector_file_flaw>& flaws);

/** The same, for those who want one line.

    @throws std::invalid_argument whose text has a line for each flaw.
*/
[[nodiscard]] connector load_connector(std::string_view json);

/** The JSON form of `c`; load_connector() gives `c` back.

    A credential that stands in `c` as text is written as text, and load_connector() refuses it
    where it sees one: refer to secrets with setting::from_environment or from_file.

    @pre validate(c) is empty, and its texts are UTF-8.
*/
[[nodiscard]] std::string to_json(const connector& c);

}  // namespace catena
