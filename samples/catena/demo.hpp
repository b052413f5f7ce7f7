#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace command {

/// An API of samples/connectors, as its file stood when the command was built.
struct demo_contract {
    std::string name, json;
};

[[nodiscard]] const std::vector<demo_contract>& demo_contracts();

/// What became of one dataset.
struct demo_score {
    std::string name, leads;  ///< The API, and what leads from page to page.
    std::uint64_t records = 0, requests = 0, retries = 0, recoveries = 0;
    std::uint64_t lost = 0, doubled = 0;
    std::string failure;  ///< The story of it; empty if there was none.
};

/** Walk each contract against a local API of it that answers 429 and 503, breaks connections and
    lets tokens die, all at once.
    @param folder For checkpoints.
*/
[[nodiscard]] std::vector<demo_score> walk_contracts(const std::string& folder);

/// How a run in a process of its own came through.
struct kill_score {
    std::uint64_t records = 0, requests = 0, kills = 0;
    std::uint64_t lost = 0, doubled = 0;
    int code = 0;  ///< Of the last run.
};

/** Run this command in a child process, end it with SIGKILL in the middle, and start it again,
   until it ends by itself.
    @param folder For the child's files.
*/
[[nodiscard]] kill_score kill_and_resume(const std::string& folder);

}  // namespace command
