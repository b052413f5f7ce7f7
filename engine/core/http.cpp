#include <catena/core/http.hpp>

#include <algorithm>

namespace catena {
namespace {

constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace

std::string to_text(const origin& o)
{
    std::string text = o.tls ? "https://" : "http://";
    const bool v6 = o.host.find(':') != std::string::npos;
    if (v6) text += '[';
    text += o.host;
    if (v6) text += ']';
    if (o.port != (o.tls ? 443 : 80)) text += ':' + std::to_string(o.port);
    return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

const header_view* find_header(std::span<const header_view> headers, std::string_view name) noexcept
{
    for (const header_view& h : headers)
        if (equal_ignoring_case(h.name, name)) return &h;
    return nullptr;
}

}  // namespace catena
