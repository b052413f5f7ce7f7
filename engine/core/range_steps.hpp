#pragma once

#include <catena/core/range_rule.hpp>
#include <catena/core/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace catena::core {

/* A key's place on a scale of steps: of integers and decimals the whole numbers, of times the steps
   of range_rule::resolution since 1970. Texts have none. */

/// The number of the step in which a key lies. @pre `key` is a border of a type that has steps.
[[nodiscard]] std::string steps_of(const range_rule& by, std::string_view key);

/// The border at the beginning of a step; nothing beyond the calendar. @pre `steps` is an integer.
[[nodiscard]] std::optional<std::string> border_of_steps(const range_rule& by,
                                                         std::string_view steps);

/// The last border that is not above `key`: of integers and times the beginning of its step.
/// @pre `key` is a border.
[[nodiscard]] std::string border_at(const range_rule& by, const std::string& key);

/// Whether a server that keeps decimals as doubles takes the border for what it is.
[[nodiscard]] bool is_exact_border(const range_rule& by, std::string_view border);

/// A border above `key`, near it: of integers and times the next step's beginning. Nothing where
/// none could be told from the key. @pre `key` is a border.
[[nodiscard]] std::optional<std::string> border_above(const range_rule& by, const std::string& key);

/// The last border that is not above a moment of the calendar. @pre `by` is of times.
[[nodiscard]] std::optional<std::string> border_at(const range_rule& by, wall_time now);

}  // namespace catena::core
