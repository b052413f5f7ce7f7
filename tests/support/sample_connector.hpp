#pragma once

#include "support/catch.hpp"
#include <catena/codec/connector_json.hpp>

#include <fstream>
#include <iterator>
#include <string>

namespace catena::testing {

/// samples/connectors/NAME.json.
inline connector sample_connector(const std::string& name)
{
    std::ifstream file(std::string(CATENA_SOURCE_DIR) + "/samples/connectors/" + name + ".json");
    REQUIRE(file);
    return load_connector(std::string(std::istreambuf_iterator<char>(file), {}));
}

}  // namespace catena::testing
