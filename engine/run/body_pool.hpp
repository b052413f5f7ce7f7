#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace catena {

/** Buffers of pages that were let go, for the pages to come.

    A fresh buffer of some hundred kilobytes costs a page fault for every four of them; a warm one
    costs nothing. Keeps at most `most_octets`.

    @par Thread safety
    Shared objects: safe. Pages may be let go on any thread, also after the engine's end.
*/
class body_pool : public std::enable_shared_from_this<body_pool> {
public:
    static constexpr std::size_t most_octets = 16 * 1024 * 1024;
    static constexpr std::size_t most_buffers = 1024;

    body_pool() { free_.reserve(most_buffers); }

    /// An empty buffer, with room if there is a used one.
    [[nodiscard]] std::string take();

    /// `body` as a page holds it: given back here when the last owner lets go.
    [[nodiscard]] std::shared_ptr<const std::string> own(std::string body);

private:
    void give_back(std::string buffer) noexcept;

    std::mutex mutex_;
    std::vector<std::string> free_;
    std::size_t octets_ = 0;
};

}  // namespace catena
