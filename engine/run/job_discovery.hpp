#pragma once

#include "run/engine_impl.hpp"
#include <catena/connector.hpp>
#include <catena/core/chain_limits.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace catena {

/// The range text of the chain that walks the tokens alone.
inline constexpr std::string_view token_walk_text = "tokens";

/// A page that the walk of the tokens has found, as the range text of the chain that fetches it.
struct found_page {
    std::uint64_t number = 0;         ///< From 0.
    std::optional<std::string> next;  ///< Mark of the tokens behind it; none: it is the last one.
};

[[nodiscard]] std::string to_text(const found_page& p);
/// @throws failure with errc::bad_checkpoint if it is none.
[[nodiscard]] found_page found_page_from(const std::string& text);

// What stands for the checkpoint of a page's chain once that has ended: a text which no chain goes
// on from, that says whether its tokens were the ones that had been found.
inline constexpr std::string_view tokens_agree = "agrees";
inline constexpr std::string_view tokens_differ = "differs";

/// What a job with `discovery` has besides.
struct job_discovery {
    job_discovery(engine::impl& home, const connector& c, const chain_limits& limits,
                  std::size_t most);

    /// Forget the run before this one.
    void begin();

    std::shared_ptr<const connector> alone, pages;  // the tokens alone; pages by their tokens
    std::shared_ptr<const prepared> ready_alone, ready_pages;  // so that chains share them
    std::string fingerprint;                                   // of `pages`
    chain_limits limits;                                       // of the walk of the tokens
    std::size_t ahead;
    bool open = true;             // the walk has yet to end
    bool retires = false;         // it has: one worker fewer is wanted
    std::uint64_t empty_run = 0;  // pages without records, in the order in which they came
    std::uint64_t with_records = 0;
};

}  // namespace catena
