#pragma once

#include <catena/connector.hpp>

#include <string>
#include <vector>

namespace catena::testing {

/// Contracts that differ in how the next page is found; each can recover from a dead cursor.
std::vector<connector> contracts();

/// The one of that name. @throws std::out_of_range
connector contract(const std::string& name);

}  // namespace catena::testing
