#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>

namespace catena::testing {

/** The text of a file of the test corpora, or nothing, said plainly, where they are absent.

    The corpora stand in $CATENA_CORPORA, or beside the checkout. Those that belong to this project
    are found in tests/data even then.
*/
inline std::optional<std::string> corpus(const std::string& path)
{
    const char* named = std::getenv("CATENA_CORPORA");
    for (const std::string& root :
         {std::string(named ? named : CATENA_DEFAULT_CORPORA), std::string(CATENA_TEST_DATA)}) {
        std::ifstream file(std::filesystem::path(root) / path, std::ios::binary);
        if (!file) continue;
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }
    std::cout << "SKIPPED: the corpus " << path << " is absent; set CATENA_CORPORA\n";
    return std::nullopt;
}

}  // namespace catena::testing
