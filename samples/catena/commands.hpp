#pragma once

#include "exit_code.hpp"
#include "terminal.hpp"
#include "words.hpp"
#include <catena/connector.hpp>
#include <catena/core/chain_limits.hpp>

#include <string>

namespace command {

/// Fetch a dataset into an output.
[[nodiscard]] exit_code run(const run_words& words, terminal& talk);

/// Judge what a run has left, and change nothing of it.
[[nodiscard]] exit_code verify(const run_words& words, terminal& talk);

/// Print what a run will take.
[[nodiscard]] exit_code plan(const plan_words& words, terminal& talk);

/// Show what the library is for against troubled local APIs, and print figures.
[[nodiscard]] exit_code demo();

/// Propose a connector for an API, from a few of its answers.
[[nodiscard]] exit_code probe_api(const probe_words& words, terminal& talk);

/// Print the JSON Schema of connector files.
[[nodiscard]] exit_code schema();

/// Print the first request that a run would send, secrets struck out. It is not sent.
[[nodiscard]] exit_code dry_run(const catena::connector& c, terminal& talk);

/// Print the first page, and tell what is waited for.
[[nodiscard]] exit_code show_one_page(const catena::connector& c,
                                      const catena::chain_limits& patience, terminal& talk);

/// @throws std::invalid_argument whose text has a line for each flaw of the file.
[[nodiscard]] catena::connector load_connector_file(const std::string& path);

}  // namespace command
