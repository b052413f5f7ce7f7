#include <catena/core/key.hpp>
#include <catena/page.hpp>

namespace catena {

namespace {

const checkpoint no_checkpoint{};

}  // namespace

const checkpoint& page::after() const noexcept { return after_ ? *after_ : no_checkpoint; }

std::vector<value> page::key(std::size_t record) const
{
    std::vector<value> out;
    const std::size_t width = records_.empty() ? 0 : keys_.size() / records_.size();
    for (std::size_t i = record * width; i < (record + 1) * width; ++i) {
        const key_extent& k = keys_[i];
        out.push_back(value_of({k.kind, k.present, k.escaped, k.at.in(key_octets_)}));
    }
    return out;
}

std::optional<std::string_view> page::header(std::string_view name) const noexcept
{
    for (const header_field& h : headers_)
        if (equal_ignoring_case(h.name, name)) return h.value;
    return std::nullopt;
}

}  // namespace catena
