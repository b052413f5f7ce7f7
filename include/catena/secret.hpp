// layer: core
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace catena {

/** Text that must not be printed: a credential, or where to find one.

    It has no stream operator and no conversion, so it cannot slip into a log by accident. Call
    @ref reveal where the octets go on the wire and nowhere else.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class secret {
public:
    secret() = default;
    explicit secret(std::string text) : text_(std::move(text)) {}

    /// The text itself, valid while this object lives and is not assigned to.
    [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

    friend bool operator==(const secret&, const secret&) = default;

private:
    std::string text_;
};

}  // namespace catena
