#pragma once

#include <catena/connector.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace command {

/// A file of records, as words and its store describe it.
struct text_file {
    std::string path;
    std::string format;           ///< "jsonl", "json" or "csv".
    std::uint64_t committed = 0;  ///< How many of its octets a store vouches for.
    bool packed = false;
    bool is_json = true;  ///< Its records are, as an XML page's are not.
    std::vector<catena::key_field> key;
};

/// What is in it.
struct kept_text {
    std::uint64_t records = 0;
    std::uint64_t flaws = 0;  ///< Records that are none: no JSON, or with another number of fields.
    std::string first_flaw;   ///< Which one it is and why, for people.
    std::uint64_t behind = 0;  ///< Octets behind what was committed.
    std::string tail;          ///< The first ones of these, unpacked.
    /// Of all records, as stores write them, in the order of their octets, each once. Nothing where
    /// there is no key, or the text has not kept it.
    std::optional<std::vector<std::string>> keys;
};

/** Read it up to where it was committed. Memory: for the keys.

    @throws catena::failure with errc::store_damaged for a file that is shorter than that, or packed
            otherwise; std::runtime_error for one that cannot be read.
*/
[[nodiscard]] kept_text read_kept(const text_file& file);

}  // namespace command
