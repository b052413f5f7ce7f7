#pragma once

#include "columns.hpp"
#include "fresh_files.hpp"
#include "singer_store.hpp"
#include "stream_sink.hpp"
#include "words.hpp"
#include <catena/connector.hpp>
#include <catena/store/store.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace command {

/// A fresh folder for what nobody asked to keep; it goes with this object, and all in it.
class scratch_folder {
public:
    scratch_folder();
    ~scratch_folder();
    scratch_folder(const scratch_folder&) = delete;
    scratch_folder& operator=(const scratch_folder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

/// Where a run's records and checkpoints go.
struct output {
    std::unique_ptr<scratch_folder> scratch;  ///< Of checkpoints that are not kept. Outlives data.
    std::unique_ptr<fresh_files> made;        ///< What a refused run takes back. Outlives data.
    std::unique_ptr<catena::store> data;
    std::shared_ptr<column_check> columns;  ///< Of CSV.
    std::shared_ptr<stream_sink> stream;    ///< Where records go to the standard output.
    singer_store* singer = nullptr;         ///< The same as data, where they are Singer's messages.
    std::string where;                      ///< Of the records, for people.
    std::string path;                       ///< Of a text file or a folder of pages; else empty.
    std::string state;                      ///< Path of the store.
    bool is_array = false;
    bool is_folder = false;  ///< Of pages: a chain that is divided would put records into two.
    bool is_text = true;     ///< Or pages, and so holds one job; a database may hold several.
    bool resumable = true;

    /// Whoever read the standard output has gone.
    [[nodiscard]] bool reader_gone() const;

    /// Whether it is a text or a folder, and nothing was committed of it. A database may hold what
    /// is not catena's.
    [[nodiscard]] bool holds_nothing() const;

    /// Write what is to stand behind the records of a run that was stopped.
    /// @throws catena::failure if it cannot be written; then reader_gone() may say why.
    void settle();

    /// Write what makes the text whole, after a run that has fetched everything. Closes the store.
    /// @param any There is a record.
    void finish(bool any);
};

/** Open what the words name.

    A text or folder holds one dataset in one form: another form than it was begun in is refused.

    @param warn Told what is allowed and unwise, and troubles that pass.
    @throws catena::failure of the store, disk_failure for a folder that is not there,
   std::invalid_argument for an ending that says nothing or words that do not go together.
*/
[[nodiscard]] output open_output(const run_words& words, const catena::connector& c,
                                 const std::function<void(const std::string&)>& warn);

}  // namespace command
