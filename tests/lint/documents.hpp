#pragma once

#include "lint/tree.hpp"

#include <string>
#include <vector>

namespace catena::lint {

/** Code in a page that is not what the sample says.

    A page quotes a sample with a comment before the code block:
    `<!-- snippet: samples/01_dataset.cpp collect -->`. The sample marks the region with
    `// [snippet: collect]` and `// [/snippet]`; indentation common to its lines does not count.

    @param quotes Is increased by the number of quotes compared.
*/
[[nodiscard]] std::vector<finding> check_quotes(const std::string& path, const std::string& page,
                                                const tree& samples, std::size_t& quotes);

/** Rows of a page's tables that name a test which is not there.

    A row names its proof in its last cell: `path of a test`, a colon, the test's name.

    @param proofs Is increased by the number of rows that name one.
*/
[[nodiscard]] std::vector<finding> check_proofs(const std::string& path, const std::string& page,
                                                const tree& tests, std::size_t& proofs);

/// What the house is built from, as each of its lists names it.
struct dependency_lists {
    std::string cmake;   ///< All CMakeLists.txt.
    std::string vcpkg;   ///< vcpkg.json
    std::string conan;   ///< conanfile.py
    std::string set_up;  ///< The script that installs packages.
    std::string readme;  ///< README.md
};

/// Names that stand in one list and are missing in another.
[[nodiscard]] std::vector<finding> check_dependencies(const dependency_lists& lists);

/// Files so long that they are no longer one idea.
[[nodiscard]] std::vector<finding> check_sizes(const tree& files);

/// How many lines a public header should have at most, and any other file.
[[nodiscard]] std::size_t wanted_lines(const std::string& path);

}  // namespace catena::lint
