// Whatever a server writes into Retry-After, the wait is readable and not negative, or none; and
// more lines never make it shorter.
#include <catena/codec/retry_after.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace catena;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t cut = std::min(text.find('\n'), size);
    const std::string_view value = text.substr(0, cut);
    const std::string_view date = cut < size ? text.substr(cut + 1) : std::string_view();

    for (const int year : {1678, 1970, 2025, 2099, 2261}) {
        const wall_time received = std::chrono::sys_days(std::chrono::year(year) / 2 / 28);
        std::vector<std::string_view> values{value};
        const auto wait = read_retry_after(values, date, received);
        if (wait && *wait < duration::zero()) std::abort();
        values.push_back("7");
        const auto longer = read_retry_after(values, date, received);
        if (!longer || *longer < std::chrono::seconds(7) || (wait && *longer < *wait)) std::abort();
    }
    return 0;
}
