// layer: testing
#pragma once

#include <catena/connector.hpp>
#include <catena/core/position.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace catena::testing {

/// One record of a server.
struct row {
    row() {}

    std::vector<value> key;    ///< As many as the connector's key; empty if it has none.
    std::vector<value> marks;  ///< For each next.from of kind `last_record`: what stands there.
    std::string json;          ///< The octets that are sent.
};

/// What to generate. Goes to constructors and make_dataset() only.
struct dataset_options {
    enum class numbering {
        integers,      ///< 1, 3, 4, 6... with gaps.
        big_integers,  ///< Beyond 64 bits.
        texts,         ///< Strings that sort by octets; digits, where the connector says number.
    };

    dataset_options() {}
    explicit dataset_options(std::size_t n, std::uint64_t s = 1) : records(n), seed(s) {}

    std::size_t records = 1000;
    numbering keys = numbering::integers;
    std::size_t ties = 1;      ///< Records that share the leading fields of a composite key.
    std::size_t octets = 120;  ///< About, of a record.
    std::string key_tail;      ///< Ends every text key: awkward octets for tokens made of keys.
    std::uint64_t seed = 1;
};

/** Records as an API of that contract would hold them, in the server's order.

    Keys stand where the connector says and identify records; so do the places that a token is
    taken from. Each record also holds what misleads careless readers: escapes, brackets in strings
    and members named like tokens. The same options give the same octets.
*/
[[nodiscard]] std::vector<row> make_dataset(const connector& c, const dataset_options& o = {});

}  // namespace catena::testing
