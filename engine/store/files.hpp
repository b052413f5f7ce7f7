#pragma once

#include <string>
#include <utility>

namespace catena::storage {

/// A file that is closed with this object.
class descriptor {
public:
    descriptor() = default;
    explicit descriptor(int number) noexcept : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor();

    [[nodiscard]] int number() const noexcept { return number_; }
    explicit operator bool() const noexcept { return number_ >= 0; }

private:
    int number_ = -1;
};

/// The path without links, so that one file has one name. The file itself need not be there.
/// @throws failure with errc::store_refused if its folder is not there or no folder.
[[nodiscard]] std::string real_path(const std::string& path);

/// Make a new name in the path's folder outlast a power cut. @throws failure
void sync_folder_of(const std::string& path);

/** The right to write a store: while this object lives no other opens it, here or elsewhere.

    The file PATH.lock names who has it. The lock goes with its process, however that ends.
*/
class job_lock {
public:
    /// @throws failure with errc::store_locked, naming process and host.
    explicit job_lock(const std::string& path);

private:
    descriptor file_;
};

}  // namespace catena::storage
