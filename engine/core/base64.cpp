#include "core/base64.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace catena::core {

std::string to_base64(std::string_view octets)
{
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((octets.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < octets.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, octets.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = bits << 8 | (k < count ? static_cast<unsigned char>(octets[i + k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= count ? digits[bits >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

}  // namespace catena::core
