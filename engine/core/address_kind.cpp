#include "core/address_kind.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace catena {

namespace {

struct v4_block {
    ipv4_octets prefix;
    unsigned bits;
    const char* kind;
};

constexpr v4_block v4_blocks[] = {
    {{0, 0, 0, 0}, 8, "unspecified"},
    {{10, 0, 0, 0}, 8, "private"},
    {{100, 64, 0, 0}, 10, "shared by a carrier's customers"},
    {{127, 0, 0, 0}, 8, "loopback"},
    {{169, 254, 0, 0}, 16, "link-local"},
    {{172, 16, 0, 0}, 12, "private"},
    {{192, 0, 0, 0}, 24, "reserved"},
    {{192, 0, 2, 0}, 24, "for documentation"},
    {{192, 88, 99, 0}, 24, "reserved"},
    {{192, 168, 0, 0}, 16, "private"},
    {{198, 18, 0, 0}, 15, "for benchmarks"},
    {{198, 51, 100, 0}, 24, "for documentation"},
    {{203, 0, 113, 0}, 24, "for documentation"},
    {{224, 0, 0, 0}, 4, "multicast"},
    {{255, 255, 255, 255}, 32, "broadcast"},
    {{240, 0, 0, 0}, 4, "reserved"},
};

struct v6_block {
    std::array<std::uint16_t, 6> prefix;
    unsigned bits;
    const char* kind;
};

// All that is public lies in 2000::/3.
constexpr v6_block v6_blocks[] = {
    {{0x64, 0xff9b, 0, 0, 0, 0}, 96, "NAT64"},
    {{0x64, 0xff9b, 1}, 48, "NAT64"},
    {{0x100}, 64, "reserved"},
    {{0x2001, 2}, 48, "for benchmarks"},
    {{0x2001, 0xdb8}, 32, "for documentation"},
    {{0x2001}, 23, "reserved"},
    {{0x3fff}, 20, "for documentation"},
    {{0xfc00}, 7, "private"},
    {{0xfe80}, 10, "link-local"},
    {{0xfec0}, 10, "private"},
    {{0xff00}, 8, "multicast"},
};

template <std::size_t N>
bool starts_with(const std::array<unsigned char, N>& a, const unsigned char* prefix,
                 unsigned bits) noexcept
{
    for (std::size_t i = 0; bits != 0; ++i) {
        const unsigned here = std::min(bits, 8u);
        const auto mask = static_cast<unsigned char>(0xff00u >> here);
        if (((a[i] ^ prefix[i]) & mask) != 0) return false;
        bits -= here;
    }
    return true;
}

bool starts_with(const ipv6_octets& a, const v6_block& b) noexcept
{
    ipv6_octets prefix{};
    for (std::size_t i = 0; i < b.prefix.size(); ++i) {
        prefix[2 * i] = static_cast<unsigned char>(b.prefix[i] >> 8);
        prefix[2 * i + 1] = static_cast<unsigned char>(b.prefix[i]);
    }
    return starts_with(a, prefix.data(), b.bits);
}

ipv4_octets carried(const ipv6_octets& a, std::size_t at, unsigned char flip = 0) noexcept
{
    ipv4_octets v4{};
    for (std::size_t i = 0; i < v4.size(); ++i)
        v4[i] = a[at + i] ^ flip;
    return v4;
}

}  // namespace

const char* special_kind(const ipv4_octets& a) noexcept
{
    for (const v4_block& b : v4_blocks)
        if (starts_with(a, b.prefix.data(), b.bits)) return b.kind;
    return nullptr;
}

const char* special_kind(const ipv6_octets& a) noexcept
{
    constexpr v6_block mapped{{0, 0, 0, 0, 0, 0xffff}, 96, ""}, compatible{{}, 96, ""};
    constexpr v6_block six_to_four{{0x2002}, 16, ""}, teredo{{0x2001}, 32, ""};

    if (a == ipv6_octets{}) return "unspecified";
    if (a == ipv6_octets{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}) return "loopback";
    if (starts_with(a, mapped) || starts_with(a, compatible)) return special_kind(carried(a, 12));
    if (starts_with(a, six_to_four)) return special_kind(carried(a, 2));
    if (starts_with(a, teredo)) {
        const char* const server = special_kind(carried(a, 4));
        return server != nullptr ? server : special_kind(carried(a, 12, 0xff));
    }
    for (const v6_block& b : v6_blocks)
        if (starts_with(a, b)) return b.kind;
    return (a[0] & 0xe0) == 0x20 ? nullptr : "reserved";
}

}  // namespace catena
