#pragma once

#include <catena/connector.hpp>

#include <string>
#include <vector>

namespace catena::testing {

/// One connector for each way in which APIs paginate, named after the best known.
std::vector<connector> all_contracts();

/// The one of that name.
connector contract(const std::string& name);

}  // namespace catena::testing
