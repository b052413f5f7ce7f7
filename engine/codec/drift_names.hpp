#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace catena::codec {

/// A name without case and punctuation, and its words: "nextPage_token" is next, page, token.
struct spelling {
    explicit spelling(std::string_view name);

    [[nodiscard]] bool has(std::string_view part) const;
    [[nodiscard]] bool says(std::string_view word) const;
    [[nodiscard]] bool begins(std::string_view part) const;

    std::string joined;
    std::vector<std::string> words;
};

/// Whether a member's or header's name is one that servers give to a pointer to the next page.
[[nodiscard]] bool names_next(const spelling& name);

/// Whether it is one that servers give to "there is more": hasMore, has_next_page.
[[nodiscard]] bool names_more(const spelling& name);

/** The same two in an object `holder` where the token was never sought: told by fewer names, since
    anything may stand there. `lost` is the name of the token that is missing.
*/
[[nodiscard]] bool names_next_in(const spelling& holder, const spelling& name,
                                 const spelling& lost);

/// Whether a link's relation points forward: "next-page", "https://example.com/rels#next".
[[nodiscard]] bool relation_names_next(std::string_view relation);

}  // namespace catena::codec
