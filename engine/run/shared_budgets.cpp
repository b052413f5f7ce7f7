#include "run/shared_budgets.hpp"

namespace catena {

shared_budgets::shared_budgets() : impl_(std::make_unique<impl>()) {}
shared_budgets::~shared_budgets() = default;

// A budget outlives its gates while it remembers a request or a hold. Where only this map has it,
// nobody else can come by it meanwhile.
std::shared_ptr<common_budget> shared_budgets::impl::of(const std::string& key, time_point now)
{
    const std::lock_guard lock(mutex_);
    std::erase_if(budgets_, [now](const auto& entry) {
        return entry.second.use_count() == 1 && entry.second->quiet(now);
    });
    std::shared_ptr<common_budget>& one = budgets_[key];
    if (!one) one = std::make_shared<common_budget>();
    return one;
}

}  // namespace catena
