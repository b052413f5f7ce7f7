#pragma once

#include "support/store_caller.hpp"
#include <catena/store/store.hpp>

#include <functional>
#include <memory>

namespace catena::testing {

/** What every store keeps, checked on fresh ones.

    @param fresh Makes an empty store.
    @param pump  See store_caller.
*/
void check_store_contract(const std::function<std::unique_ptr<store>()>& fresh,
                          const std::function<void()>& pump = {});

}  // namespace catena::testing
