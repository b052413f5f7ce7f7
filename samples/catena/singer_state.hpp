#pragma once

#include <catena/store/store.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace command {

/** All that a run needs to go on: what a STATE message of Singer carries as its value.

    It holds the server's cursors: treat it as a secret, as targets do.
*/
struct singer_state {
    catena::job_row job;  ///< Its id is 0 before it is opened; its counts are not kept here.
    std::map<std::uint64_t, catena::chain_row> chains;

    /// One line of JSON, with an identity of what it says.
    [[nodiscard]] std::string value() const;

    /** From a STATE's value, or a STATE message, with any white space and any order of members:
        who kept it may have written it anew. Of several lines the last one counts.

        @throws catena::failure with errc::bad_checkpoint for a text that is none, or whose identity
                is another one.
    */
    [[nodiscard]] static singer_state from(std::string_view text, const std::string& where);
};

}  // namespace command
