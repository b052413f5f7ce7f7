// Whatever a server writes into Link lines, a line is read whole or refused, and what is found
// stands in it between angle brackets.
#include <catena/codec/link_header.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    const auto found = catena::find_link(lines, "next", "https://a.example/b?c");
    if (!found.has_value()) {
        // A flaw stays a flaw whatever follows it.
        lines.push_back("</other>; rel=prev");
        if (catena::find_link(lines, "next", "https://a.example/b?c").has_value()) std::abort();
        return 0;
    }
    if (found.value()) {
        if (text.find('<' + *found.value() + '>') == std::string_view::npos) std::abort();
        // The same link again agrees with itself; another one never does.
        lines.push_back("</another page>; rel=next");
        const auto two = catena::find_link(lines, "next", "https://a.example/b?c");
        if (two.has_value() && *two.value() != "/another page") std::abort();
    }
    // No link is lost by writing the lines as one list (RFC 9110, section 5.3).
    std::string joined;
    for (const std::string_view line : lines)
        joined.append(joined.empty() ? "" : ", ").append(line);
    const std::string_view one = joined;
    const auto together = catena::find_link({&one, 1}, "next", "https://a.example/b?c");
    const auto apart = catena::find_link(lines, "next", "https://a.example/b?c");
    if (apart.has_value() && (!together.has_value() || together.value() != apart.value()))
        std::abort();
    return 0;
}
