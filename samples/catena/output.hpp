#pragma once

#include "stream_sink.hpp"
#include "words.hpp"
#include <catena/store/store.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace command {

/// Where a run's records and checkpoints go.
struct output {
    output() = default;
    output(output&&) = default;
    output& operator=(output&&) = default;
    ~output();

    std::unique_ptr<catena::store> data;
    std::shared_ptr<stream_sink> stream;  ///< Where records go to the standard output.
    std::string where;                    ///< Of the records, for people.
    bool resumable = true;
    std::filesystem::path scratch;  ///< Checkpoints that nobody asked to keep; removed at the end.
};

/** Open what the words name: "-", FILE.jsonl, FILE.jsonl.gz or FILE.db.

    @param warn Told what is allowed and unwise, and troubles that pass.
    @throws catena::failure of the store, std::invalid_argument for an ending that says nothing.
*/
[[nodiscard]] output open_output(const run_words& words,
                                 const std::function<void(const std::string&)>& warn);

}  // namespace command
