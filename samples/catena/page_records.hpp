#pragma once

#include <catena/connector.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace command {

/// How many records the body of a page has by that connector; nothing if it cannot be read, or has
/// nothing where they should be. Of XML it is only seen that there is a body.
[[nodiscard]] std::optional<std::uint64_t> records_in(const catena::connector& c,
                                                      const std::string& body);

}  // namespace command
