#pragma once

#include "words.hpp"

#include <string>

namespace command {

/// The name under which a text's store keeps what the text is made of, see form_of().
inline constexpr const char* name_of_form = "form of the output";
/// The only job of a text, whatever its connector is called.
inline constexpr const char* name_of_dataset = "dataset";

/// By its ending.
[[nodiscard]] bool is_database(const std::string& path);

/** "jsonl", "json", "csv", "pages", "singer" or "sqlite".
    @throws std::invalid_argument for an ending that says nothing, and words that do not go
   together.
*/
[[nodiscard]] std::string format_of(const run_words& words);

/// What a text is made of, as its store keeps it: the other words may change from run to run.
[[nodiscard]] std::string form_of(const std::string& format, const run_words& words);

/// Where the checkpoints are; empty: nowhere that is kept.
[[nodiscard]] std::string state_of(const std::string& format, const run_words& words);

}  // namespace command
