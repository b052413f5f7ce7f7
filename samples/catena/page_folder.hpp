#pragma once

#include <catena/store/sink.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace command {

/// A file of a page_folder by its name, "0000000012-c3-p4.json": the 12th page that was written,
/// which is page 4 of chain 3, both as the store counts them.
struct page_name {
    std::uint64_t number = 0;  ///< From 1, without a gap.
    std::uint64_t chain = 0;   ///< From 1.
    std::uint64_t page = 0;    ///< From 0.
    std::string ending;        ///< ".json".

    [[nodiscard]] std::string text() const;
};

/// Whether `name` is one, and which. @param out Changed only if it is.
[[nodiscard]] bool is_page(std::string_view name, page_name& out);

/** The body of every page in a file of its own, as the server sent it, content coding undone.

    A file has its name when it is whole and synced. The store commits how many there are together
    with the pages' checkpoints; files with higher numbers were written and not committed, and
    resume() removes them. So each page that is committed is there once, and no other one.

    A page without octets, such as one of no lines, leaves no file.

    @par Errors
    Constructor and functions throw catena::failure: errc::store_refused for a folder that cannot be
    made or opened, or has pages that the store does not know; errc::store_locked if another run has
    it; errc::store_damaged where committed pages are gone; errc::store_full; errc::store_failed.
*/
class page_folder final : public catena::sink {
public:
    /// @param ending Of the files, ".json".
    page_folder(std::string path, std::string ending);
    ~page_folder() override;

    void resume(std::string_view position) override;
    void write(const catena::page_commit& page) override;
    std::string flush() override;

private:
    void put(const std::string& name, std::string_view body);
    void sync_folder();
    [[noreturn]] void fail(const std::string& what);

    std::string path_, ending_;
    int folder_ = -1;
    std::uint64_t count_ = 0;
    bool named_ = false;  // files since the folder was synced
};

/// What a folder of pages holds.
struct kept_pages {
    std::uint64_t pages = 0;    ///< Of those that were committed.
    std::uint64_t records = 0;  ///< In them, as far as they can be read.
    std::uint64_t twice = 0;    ///< Further files with the number of a committed one.
    std::uint64_t behind = 0;   ///< Files that were not.
    std::uint64_t flaws = 0;    ///< Committed pages that cannot be read.
    std::string first_flaw;     ///< The name of one.
};

/// How many records a page's body has; nothing if it cannot be read.
using page_reading = std::function<std::optional<std::uint64_t>(const std::string& body)>;

/** @param committed How many pages a store vouches for.
    @throws catena::failure with errc::store_damaged where some of them are gone.
*/
[[nodiscard]] kept_pages read_pages(const std::string& path, std::uint64_t committed,
                                    const page_reading& count);

}  // namespace command
