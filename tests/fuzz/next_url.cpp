// Whatever a server gives as the next URL, it is refused or leads to an allowed place, with octets
// that cannot split a request, and reading the result again changes nothing.
#include <catena/codec/next_url.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace catena;
    const std::string_view reference(reinterpret_cast<const char*>(data), size);
    const origin other{true, "cdn.example.com", 8443};
    for (const std::string_view base :
         {"https://a.example/b/c?d", "http://a.example", "http://[::1]:81/x"}) {
        url_policy policy;
        policy.allowed = {&other, 1};
        policy.longest = 4096;
        url_refusal why{};
        const auto r = resolve_next(base, reference, policy, why);
        if (r.has_value() != (why == url_refusal::none)) std::abort();
        if (!r.has_value()) continue;

        const next_url& got = r.value();
        const origin own = parse_url(base).value().to;
        const origin raised{true, own.host, 443};
        const bool upgraded = !own.tls && own.port == 80 && got.to == raised;
        if (got.to != own && got.to != other && !upgraded) std::abort();
        if (got.credentials != (got.to == own || upgraded)) std::abort();

        const bool clean = std::all_of(got.target.begin(), got.target.end(),
                                       [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
        if (!clean || !got.target.starts_with('/') || got.text().size() > 4096) std::abort();

        // A checkpoint keeps the text and a later run reads it: the same request must come out.
        const auto again = parse_url(got.text());
        if (!again.has_value() || again.value().to != got.to || again.value().target != got.target)
            std::abort();
        const auto followed = resolve_next(base, got.text(), policy, why);
        if (!followed.has_value() || followed.value().text() != got.text()) std::abort();
    }
    return 0;
}
