// layer: codec
#pragma once

#include <catena/error.hpp>

#include <boost/system/result.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/** The target of the one link with relation `rel`, from the values of all Link lines in order
    (RFC 8288). The URI reference is the server's own octets, not resolved.

    Nothing when no link has that relation. Relations compare without case; links with an `anchor`
    to another resource do not count.

    @param base The URL that answered: an anchor that names it is the resource itself. Without it
    only an empty anchor is.
    @return errc::malformed_link when a line cannot be read, a link has no relation, or two links
    of relation `rel` differ.
*/
[[nodiscard]] boost::system::result<std::optional<std::string>> find_link(
    std::span<const std::string_view> lines, std::string_view rel, std::string_view base = {});

/** Every relation of the links that @ref find_link would consider, in order, as written.

    @return What stands before a line that cannot be read, where there is one.
*/
[[nodiscard]] std::vector<std::string> link_relations(std::span<const std::string_view> lines,
                                                      std::string_view base = {});

}  // namespace catena
