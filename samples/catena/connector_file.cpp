#include "commands.hpp"
#include <catena/codec/connector_json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <vector>

namespace command {

catena::connector load_connector_file(const std::string& path)
{
    std::ifstream file;
    if (!std::filesystem::is_directory(path)) file.open(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad())
        throw std::invalid_argument("cannot read " + path +
                                    "; docs/connectors.md tells how to describe an API");
    std::vector<catena::connector_file_flaw> flaws;
    std::optional<catena::connector> c = catena::load_connector(text, flaws);
    if (c) return std::move(*c);
    std::string all = path + " is no connector:";
    for (const catena::connector_file_flaw& each : flaws)
        all += "\n  " + each.text();
    throw std::invalid_argument(all);
}

}  // namespace command
