#pragma once

#include "codec/rate_limit_fields_text.hpp"
#include <catena/codec/structured_fields.hpp>
#include <catena/core/quota_signal.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catena::codec {

/// "100;w=60": so many requests in such a window.
struct quota_policy {
    std::uint64_t limit = 0;
    std::optional<duration> window;
};

/// The values of a limit field: "10, 10;window=1, 500;window=60".
struct quota_limits {
    std::optional<std::uint64_t> current;  ///< The number without a window.
    std::vector<quota_policy> policies;
    bool clash = false;  ///< Two numbers without a window: which one counts, nobody knows.
};

/// Reads items that are numbers; those in other units than requests are left out.
[[nodiscard]] quota_limits read_limits(const sf_list& list);

/// Collects what can be used, each signal once and no two of one name, up to the limit on their
/// number.
class signal_list {
public:
    /// Adds what is left of `s` once nonsense is gone, if that says anything.
    void add(quota_signal s);

    /** The same, with the policies among which its limit may be found.

        The one with the same limit gives its window, and a name if there is none; the others
        become signals of their own.
    */
    void add(quota_signal s, std::span<const quota_policy> policies);

    [[nodiscard]] std::vector<quota_signal> take() && { return std::move(found_); }

private:
    std::vector<quota_signal> found_;
};

/// Limit and remaining of "used/limit"; false if `text` is none.
[[nodiscard]] bool read_pair(std::string_view text, quota_signal& to);

/** RateLimit and RateLimit-Policy, from the values of their lines.

    @param unnamed Policies of older versions, which belong to quotas without a name.
    @return Whether they were given to a signal.
*/
[[nodiscard]] bool read_draft_fields(std::span<const std::string_view> states,
                                     std::span<const std::string_view> policies, signal_list& to,
                                     std::vector<quota_policy>& unnamed);

/// The policies whose unit is not requests.
[[nodiscard]] std::vector<other_limit> read_other_limits(
    std::span<const std::string_view> policies);

}  // namespace catena::codec
