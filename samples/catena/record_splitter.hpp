#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace command {

/// Parts a text of record_writers.hpp into its records again.
class record_splitter {
public:
    using taker = std::function<void(std::string_view record)>;

    /// @param format "jsonl", "json" or "csv"; of CSV the line of names is given like a record.
    record_splitter(const std::string& format, taker take)
        : is_array_(format == "json"), quotes_(format != "jsonl"), take_(std::move(take))
    {
    }

    void feed(std::string_view text);
    /// The last record of an array has nothing behind it.
    void finish();

private:
    void feed_array(char c);
    void give();

    bool is_array_, quotes_;
    taker take_;
    std::string open_;  // the record that has begun
    std::size_t depth_ = 0;
    bool quoted_ = false, escaped_ = false;
};

}  // namespace command
