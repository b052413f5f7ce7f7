#pragma once

#include "page.hpp"
#include <catena/connector.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace probe {

/// What identifies the records of some pages, and how they are sorted.
struct key_proposal {
    std::vector<catena::key_field> fields;  ///< Empty: nothing identifies them.
    catena::order sorted = catena::order::none;
    bool ties = false;
    std::size_t records = 0;  ///< That were looked at.
    std::vector<std::string> rivals;
};

/** Look for the key in pages that follow one another.

    @param wanted The user's own choice of fields; then only their kinds and the order are found.
*/
[[nodiscard]] key_proposal find_key(std::span<const boost::json::array* const> pages,
                                    std::span<const std::string> wanted);

/** What speaks against the fields that the user names: a record that lacks one, or two records that
    they do not tell apart. Empty if nothing does.
*/
[[nodiscard]] std::string flaw_of_key(const boost::json::array& records,
                                      std::span<const std::string> wanted);

/// Whether both fields of two records are the same, for every field of the key.
[[nodiscard]] bool same_record(const key_proposal& k, const boost::json::value& a,
                               const boost::json::value& b);

/// What tells a record from others: its key's fields, or all of it where there is no key.
[[nodiscard]] std::string identity_of(const key_proposal& k, const boost::json::value& record);

}  // namespace probe
