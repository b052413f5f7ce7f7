#pragma once

#include <catena/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace command {

/// What the user wrote behind `catena run`, or behind `catena verify`, which takes fewer.
struct run_words {
    std::string connector;             ///< Path of the connector file.
    std::string output = "-";          ///< "-", or a path whose ending says what it becomes.
    std::string format;                ///< "jsonl", "json", "csv"; empty: by the output's ending.
    std::vector<std::string> columns;  ///< Of CSV; empty: the first record's members.
    bool rare_columns = false;         ///< The first page need not have them all.
    std::string state;                 ///< Path of the checkpoints; empty: beside the output.
    std::string report;                ///< Path of the audit; its ending says of what kind.
    std::string ui;                    ///< Port of the live page, "0" for a free one; empty: none.
    std::string ui_report;             ///< Path of the live page as a file, ending in ".html".
    std::string name;                  ///< Of the job; empty: the connector's.
    std::string from, to;              ///< Bounds of the connector's first range; empty: open.
    std::size_t workers = 16;
    std::uint64_t max_pages = 0;  ///< 0: all.
    std::string max_wait;         ///< "90s", "4h"; empty: the library's default.
    bool one_page = false;
    bool dry_run = false;
    bool lenient = false;  ///< A verdict of "unverified" is no failure.
    bool asks = false;     ///< Of `verify`: the server, for its total.
    bool quiet = false;
    std::string again;  ///< The whole command, quoted for a shell.
};

/// What the user wrote behind `catena plan`.
struct plan_words {
    std::string connector;
    std::uint64_t records = 0, page_records = 0;  ///< 0: not known.
    double rtt = -1, server_time = -1;            ///< Milliseconds; below 0: not known.
    double octets = -1;                           ///< Of a record.
    double failure = 0;
    std::uint32_t ranges = 1;
    std::string deadline;  ///< "90s", "15m", "2h", "1d".
};

/// What the user wrote behind `catena probe`.
struct probe_words {
    std::string url;
    std::vector<std::string> headers, query;  ///< "Name: text" or "Name: {"$env": ...}".
    std::optional<std::string> records;       ///< JSON Pointer.
    std::vector<std::string> key;             ///< JSON Pointers.
    std::string parameter;                    ///< That takes the token; empty: to be found.
    std::string out;                          ///< Path of the connector file; empty: stdout.
    bool quiet = false;
};

/// The words of a command as a shell takes them.
[[nodiscard]] std::string quoted(const std::vector<std::string>& words);

/// "90s", "15m", "2h", "1d". @throws std::invalid_argument that names `option`.
[[nodiscard]] catena::duration span_of(const std::string& option, const std::string& text);

/// The one of `known` that `word` was probably meant to be; empty if none is near.
[[nodiscard]] std::string nearest(const std::string& word, const std::vector<std::string>& known);

}  // namespace command
