#include <catena/page.hpp>

namespace catena {

std::optional<std::string_view> page::header(std::string_view name) const noexcept
{
    for (const header_field& h : headers_)
        if (equal_ignoring_case(h.name, name)) return h.value;
    return std::nullopt;
}

}  // namespace catena
