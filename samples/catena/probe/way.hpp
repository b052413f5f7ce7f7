#pragma once

#include "finding.hpp"
#include "key.hpp"
#include "page.hpp"
#include <catena/core/request_rule.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace probe {

/// A request that should be sent, and why.
struct ask {
    ask() {}

    catena::request_rule request;
    std::string at;  ///< Not empty: goes to this URL, as a next URL does.
    std::string purpose;
};

/// One way in which the next page may be asked for, before it has been tried.
struct way {
    way() {}

    std::vector<catena::token_source> from;
    std::vector<catena::token_target> to;
    std::string evidence;
    std::int64_t value = 0;    ///< Of a counter: what the next page is asked with.
    bool overlaps = false;     ///< That is one record early, to see that nothing is left out.
    bool base_unsure = false;  ///< Whether its pages begin at 1 was not to be seen.
    std::vector<std::string> drop;
    bool may_repeat = false;  ///< One token serves the whole walk.

    [[nodiscard]] bool counts() const;
    /// An offset that the server rounds down to whole pages, as far as was seen.
    [[nodiscard]] bool rounds() const;
    [[nodiscard]] bool by_url() const;
    [[nodiscard]] bool by_record() const;
};

/** All ways that a page speaks for, the likeliest first.

    @param parameter That takes the token, where the user knows it.
    @param told Filled with what stands in the way of some: a next URL that may not be followed.
*/
[[nodiscard]] std::vector<way> find_ways(const page& p, const catena::request_rule& first,
                                         const std::string& parameter, std::vector<question>& told);

/// The request for the page after `p`; nothing where a token is not there.
[[nodiscard]] std::optional<ask> ask_next(const way& w, const page& p,
                                          const catena::request_rule& first);

/// What a token is, as a page has it: its characters, or nothing if it is absent.
[[nodiscard]] std::optional<std::string> token_in(const catena::token_source& from, const page& p);

/// `{"body": "/next"} to {"query": "cursor"}`.
[[nodiscard]] std::string to_text(const way& w);

/// A boolean that says whether more pages follow: where, and its value at the end.
struct flag {
    std::string at;
    bool at_end = false;
    bool now_ends = false;  ///< What it says on this page.
};
[[nodiscard]] std::optional<flag> find_flag(const page& p);

}  // namespace probe
