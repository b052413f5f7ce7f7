#include <catena/page.hpp>

namespace catena {

namespace {

const checkpoint no_checkpoint{};

}  // namespace

const checkpoint& page::after() const noexcept { return after_ ? *after_ : no_checkpoint; }

std::optional<std::string_view> page::header(std::string_view name) const noexcept
{
    for (const header_field& h : headers_)
        if (equal_ignoring_case(h.name, name)) return h.value;
    return std::nullopt;
}

}  // namespace catena
