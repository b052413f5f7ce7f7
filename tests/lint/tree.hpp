#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace catena::lint {

/// A place that breaks a rule of the house.
struct finding {
    std::string path;
    std::size_t line = 0;
    std::string what;
};

/// "path:line: what" for each, one a line.
[[nodiscard]] std::string to_text(const std::vector<finding>& found);

/// Files by their path from the root of the checkout, with '/' between folders.
using tree = std::map<std::string, std::string>;

/// The C++ files of the house: include, engine, samples, bench and tests.
[[nodiscard]] tree read_tree(const std::string& root);

/// One file. @throws std::runtime_error if it cannot be read.
[[nodiscard]] std::string read_file(const std::string& root, const std::string& path);

/** Comments and the contents of literals turned to spaces.

    Length and line breaks stay, so positions mean the same in both texts.
*/
[[nodiscard]] std::string blank_out(std::string_view code);

/// From 1.
[[nodiscard]] std::size_t line_of(std::string_view text, std::size_t at);

[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

}  // namespace catena::lint
