#include <catena/core/identity.hpp>

#include <bit>
#include <cstddef>
#include <cstring>

namespace catena {
namespace {

constexpr std::uint64_t c1 = 0x87c37b91114253d5u;
constexpr std::uint64_t c2 = 0x4cf5ad432745937fu;

std::uint64_t load(const char* at) noexcept
{
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    if constexpr (std::endian::native == std::endian::big) {
        std::uint64_t swapped = 0;
        for (int i = 0; i < 8; ++i)
            swapped |= (word >> (8 * i) & 0xff) << (8 * (7 - i));
        word = swapped;
    }
    return word;
}

std::uint64_t finish(std::uint64_t k) noexcept
{
    k = (k ^ k >> 33) * 0xff51afd7ed558ccdu;
    k = (k ^ k >> 33) * 0xc4ceb9fe1a85ec53u;
    return k ^ k >> 33;
}

}  // namespace

identity identity_of(std::string_view text) noexcept
{
    std::uint64_t h1 = 0;
    std::uint64_t h2 = 0;

    std::size_t at = 0;
    for (; text.size() - at >= 16; at += 16) {
        h1 ^= std::rotl(load(text.data() + at) * c1, 31) * c2;
        h1 = (std::rotl(h1, 27) + h2) * 5 + 0x52dce729;
        h2 ^= std::rotl(load(text.data() + at + 8) * c2, 33) * c1;
        h2 = (std::rotl(h2, 31) + h1) * 5 + 0x38495ab5;
    }

    char tail[16] = {};
    if (at < text.size()) std::memcpy(tail, text.data() + at, text.size() - at);
    h2 ^= std::rotl(load(tail + 8) * c2, 33) * c1;
    h1 ^= std::rotl(load(tail) * c1, 31) * c2;

    h1 ^= text.size();
    h2 ^= text.size();
    h1 += h2;
    h2 += h1;
    h1 = finish(h1);
    h2 = finish(h2);
    h1 += h2;
    h2 += h1;
    return identity{h1, h2};
}

}  // namespace catena
