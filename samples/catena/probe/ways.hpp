#pragma once

#include "way.hpp"

#include <string>
#include <vector>

namespace probe {

// The kinds of ways that find_ways() puts together.

/// Next URLs: of a Link header, of a member, of an array of links.
[[nodiscard]] std::vector<way> ways_by_url(const page& p, std::vector<question>& told);

/// Tokens in the body or a header that go into a parameter or header.
[[nodiscard]] std::vector<way> ways_by_token(const page& p, const catena::request_rule& first,
                                             const std::string& parameter);

/// Offsets and page numbers that the URL or the page shows.
[[nodiscard]] std::vector<way> ways_by_counter(const page& p);

/// What is tried where a page shows nothing but that there is more.
[[nodiscard]] std::vector<way> ways_by_guess(const page& p);

/** Of all ways those that use the parameter which the user names; where there is none, what else
    it may take: the last record's key, a page number, an offset.

    @param ended Page 1 says that nothing follows.
*/
[[nodiscard]] std::vector<way> ways_by_parameter(const page& p, const std::string& parameter,
                                                 std::vector<way> all, bool ended);

/// A counter of pages or records, with the value that asks for the page after one of `n` records.
[[nodiscard]] way counter_way(const std::string& parameter, std::int64_t start,
                              catena::token_source::stride step, std::size_t n);

}  // namespace probe
