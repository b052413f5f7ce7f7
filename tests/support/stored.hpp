#pragma once

#include <string>
#include <vector>

namespace catena::testing {

/// The records in a store's database, read as any program would.
std::vector<std::string> rows_of(const std::string& database);

/// The lines of a file; with a name that ends in ".gz" it is unpacked.
std::vector<std::string> lines_of(const std::string& file);

}  // namespace catena::testing
