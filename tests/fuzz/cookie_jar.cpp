// Whatever servers set, a jar keeps to its limits, sends nothing that could split a request, and
// never a cookie to a host that has no part in its domain.
#include <catena/codec/cookie_jar.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace catena;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    wall_time now = std::chrono::sys_days(std::chrono::year(2024) / 5 / 17);
    const origin hosts[] = {
        {true, "api.example.com", 443}, {false, "api.example.com", 80}, {true, "127.0.0.1", 443}};
    const origin strangers[] = {{true, "other.net", 443}, {true, "evil.com", 443}};
    cookie_limits few;
    few.cookies = 5;
    few.octets = 64;
    cookie_jar jar(few);
    std::size_t turn = 0;
    for (std::size_t at = 0; at <= text.size(); ++turn) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::uint64_t ignored = jar.ignored();
        const bool taken = jar.take(hosts[turn % 3], "/v1/items?x", text.substr(at, end - at), now);
        if (jar.ignored() != ignored + (taken ? 0 : 1)) std::abort();
        at = end + 1;
        now += std::chrono::seconds(1);
        if (jar.size() > few.cookies) std::abort();
        for (const origin& o : hosts)
            for (const char c : jar.header(o, "/v1/items?y", now))
                if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) std::abort();
        for (const origin& o : strangers)
            if (!jar.header(o, "/v1/items", now).empty()) std::abort();
    }
    for (const std::string& value : jar.values())
        if (value.size() > few.octets) std::abort();
    return 0;
}
