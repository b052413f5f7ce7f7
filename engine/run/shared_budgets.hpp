#pragma once

#include "run/common_budget.hpp"
#include <catena/shared_budgets.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace catena {

struct shared_budgets::impl {
    /// The budget of that request_builder::budget_key. Forgets those that remember nothing.
    [[nodiscard]] std::shared_ptr<common_budget> of(const std::string& key, time_point now);

private:
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<common_budget>> budgets_;
};

}  // namespace catena
