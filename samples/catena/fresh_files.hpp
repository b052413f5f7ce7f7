#pragma once

#include <string>

namespace command {

/** The files that a run makes, so that one that is refused leaves none behind.

    Only what was not there when the run began is removed, unless disown() says that it may be;
    nothing where the text holds something, and only if no other process has had the store since.
*/
class fresh_files {
public:
    fresh_files() = default;
    /// Removes what is to be removed. @pre Whatever wrote the files has closed them.
    ~fresh_files() { withdraw(); }
    fresh_files(const fresh_files&) = delete;
    fresh_files& operator=(const fresh_files&) = delete;

    /// @param store Path of the checkpoints, with the files that SQLite and a lock add to it.
    /// @param text Path of the records; empty: they stand in the store, or go elsewhere.
    void expect(const std::string& store, const std::string& text);

    /// From now on they may hold something: they stay.
    void keep() noexcept { armed_ = false; }
    /// They hold nothing after all.
    void drop() noexcept { armed_ = true; }
    /// They hold nothing, whoever made them.
    void disown() noexcept;

private:
    void withdraw();

    std::string store_, text_;
    bool new_store_ = false, new_text_ = false;
    bool armed_ = true;
};

}  // namespace command
