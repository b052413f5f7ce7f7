#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace catena::core {

/// A number for people: "1,234,567".
[[nodiscard]] inline std::string grouped(std::uint64_t n)
{
    std::string out = std::to_string(n);
    for (std::size_t i = out.size(); i > 3; i -= 3)
        out.insert(i - 3, ",");
    return out;
}

/// A count with its noun, which takes an s: "1 gap", "1,200 gaps".
[[nodiscard]] inline std::string counted(std::uint64_t n, const char* noun)
{
    return grouped(n) + ' ' + noun + (n == 1 ? "" : "s");
}

}  // namespace catena::core
