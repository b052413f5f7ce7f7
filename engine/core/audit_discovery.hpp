#pragma once

#include <catena/core/audit.hpp>

namespace catena::core {

/// "coverage" where tokens were walked apart: each page that was found has one chain.
/// @pre `facts.discovery`
[[nodiscard]] audit_check check_found_pages(const audit_facts& facts);

/** "tokens": whether each page told the same next token as the walk that found it.

    A token says where a page ends, so equal ones prove that pages join. Where a server makes new
    ones for each answer, `total` has to agree.

    @pre `facts.discovery`
*/
[[nodiscard]] audit_check check_tokens(const audit_facts& facts, const audit_check& total);

}  // namespace catena::core
