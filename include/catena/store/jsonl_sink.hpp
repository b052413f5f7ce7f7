// layer: store
#pragma once

#include <catena/store/sink.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace catena {

/** Appends a record to `out`, with what stands between records.

    What it throws is told as what a sink throws. Where a group of pages failed, its records come
    again, in the same order.
    @param first Nothing is in the file yet.
*/
using record_writer = std::function<void(std::string_view record, bool first, std::string& out)>;

struct jsonl_options {
    enum class coding {
        plain,
        gzip,  ///< One member each flush; readers take all members for one text.
    };

    jsonl_options() {}

    coding as = coding::plain;
    int level = 6;                              ///< Of gzip, 1 to 9.
    record_writer write;                        ///< Empty: each record as a line.
    std::size_t buffer = std::size_t(1) << 20;  ///< Octets kept before they are written.

    /// Told by the constructor what is allowed and unwise, such as rights for others.
    std::function<void(const std::string&)> on_warning;
};

/** A file of records, one a line, each as the server sent it.

    Octets CR and LF become blanks, so that JSON sent over several lines is one line: inside its
    strings they cannot stand. Two records of one key, such as a page that a rescan brought again,
    are two lines; the last one holds.

    After a crash the file may be longer than what was committed. It is cut when the store opens it,
    so read it while no job runs, or up to `SELECT position FROM store`. A file that is shorter is
    an error, and so is one that holds octets when the store knows of none: nobody's file is cut.

    A new file has rights 0600. The file is locked (flock) while this object lives.

    @par Errors
    Constructor: throws catena::failure with errc::store_refused if the file cannot be opened or is
    no regular one, errc::store_locked if another sink has it, errc::store_failed; and
    std::invalid_argument for a level outside 1 to 9 or a buffer of 0.
    The other functions throw it with
    - errc::store_full: no space, quota or file size limit; nothing is lost if resume() follows
    - errc::store_failed: writing or syncing failed, or the file was removed; nothing more is
      written, and a sync is not tried again
    - errc::store_damaged, errc::store_refused, from resume(): shorter or longer as said above

    @par Blocking
    All functions block on the disk.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class jsonl_sink final : public sink {
public:
    explicit jsonl_sink(const std::string& path, const jsonl_options& o = {});
    ~jsonl_sink() override;

    void resume(std::string_view position) override;
    void write(const page_commit& page) override;
    std::string flush() override;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace catena
