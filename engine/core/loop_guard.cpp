#include <catena/core/loop_guard.hpp>

#include <algorithm>

namespace catena {

std::optional<std::uint64_t> loop_guard::closes(identity token)
{
    const auto at = std::find(window_.begin(), window_.end(), token);
    if (at != window_.end()) {
        // Slot i of a full ring holds the newest page p < seen_ with p % remembered == i.
        const auto slot = static_cast<std::uint64_t>(at - window_.begin());
        if (seen_ <= remembered) return slot;
        const std::uint64_t round = (seen_ - 1 - slot) / remembered;
        return slot + round * remembered;
    }
    if (seen_ > 0 && token == anchor_) return anchor_page_;

    if (window_.size() < remembered)
        window_.push_back(token);
    else
        window_[seen_ % remembered] = token;

    if (seen_ == 0 || ++steps_ == span_) {
        anchor_ = token;
        anchor_page_ = seen_;
        if (seen_ > 0) span_ *= 2;
        steps_ = 0;
    }
    ++seen_;
    return std::nullopt;
}

}  // namespace catena
