// Whatever stands in a field, it is read whole or a place in it is named; lines are read as if they
// were one.
#include <catena/codec/structured_fields.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using lines = std::vector<std::string_view>;

template <class T>
void check(T (*read)(std::span<const std::string_view>, std::size_t*), const lines& apart,
           const std::string& joined)
{
    std::size_t where = 0;
    const T one = read(lines{joined}, &where);
    if (!one && where > joined.size()) std::abort();
    if (read(apart, nullptr) != one) std::abort();
    if (!one) return;
    // Nothing but spaces may be added to what could be read.
    if (read(lines{" " + joined}, nullptr) == std::nullopt) std::abort();
    if (read(lines{joined + " "}, nullptr) == std::nullopt) std::abort();
    if (read(lines{joined + " \x01"}, nullptr)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    lines apart;
    std::string joined;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        apart.push_back(text.substr(at, end - at));
        joined.append(apart.size() == 1 ? "" : ", ").append(apart.back());
        at = end + 1;
    }
    check(catena::read_sf_list, apart, joined);
    check(catena::read_sf_dictionary, apart, joined);
    check(catena::read_sf_item, apart, joined);

    const auto all = catena::read_sf_dictionary(apart);
    if (!all) return 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(all->size(), 50); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if ((*all)[i].first == (*all)[j].first) std::abort();
    return 0;
}
