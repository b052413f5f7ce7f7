#pragma once

#include <catena/diagnostics.hpp>
#include <catena/store/store.hpp>

#include <future>
#include <utility>

namespace command {

/** Wait for a store's answer to one call, on this thread.

    @param call Is given the handler, and calls the store with it.
    @throws catena::failure with the store's story.
*/
template <class T, class Call>
[[nodiscard]] T answer_of(const Call& call)
{
    std::promise<std::pair<catena::diagnostics, T>> told;
    const catena::store::handler<T> done = [&told](const catena::diagnostics& why, T value) {
        told.set_value({why, std::move(value)});
    };
    call(done);
    auto [why, value] = told.get_future().get();
    if (why.code) throw catena::failure(why);
    return std::move(value);
}

}  // namespace command
