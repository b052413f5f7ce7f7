#pragma once

#include "core/key_memory.hpp"
#include <catena/connector.hpp>
#include <catena/core/checkpoint.hpp>
#include <catena/core/key.hpp>
#include <catena/core/page_facts.hpp>
#include <catena/error.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_set>
#include <vector>

namespace catena {

/** Tells new records from those delivered before, by their keys, and watches their order.

    Made for one page: feed its records in order, then write() what the next page must know.

    What is compared depends on the contract. Where ties are declared the order is that of the
    leading fields, and records of one tie group are told apart by their whole key; else the whole
    key is ordered. A record that came before is dropped where the walk expects an overlap (after a
    recovery, with inclusive pages, with counters that a moving data set shifts) and is an error
    everywhere else: then the key does not identify records. Without an order a page is compared
    with itself and with the one before it.
*/
class key_track {
public:
    /// `before` may be nullptr where identities() is false.
    key_track(const connector& c, const checkpoint& from, const key_memory* before);

    /// Whether records of `c` are told apart by identity.
    [[nodiscard]] static bool identities(const connector& c) noexcept;

    enum class verdict { fresh, known, broken };

    /// The next record of the page. `broken`: see code, what and mend.
    [[nodiscard]] verdict next(std::span<const key_view> fields, std::uint64_t index);

    /// Brings `to` and `memory` up to date with the records seen.
    void write(checkpoint& to, key_memory* memory, std::size_t known_limit) const;

    /// Whether every record that had come before is one of `these`.
    [[nodiscard]] bool brings_only(const std::vector<identity>& these) const;

    error_code code;
    std::string what, mend, pointer;

private:
    using key = std::vector<field_view>;

    [[nodiscard]] bool read(std::span<const key_view> fields, std::uint64_t index);
    [[nodiscard]] int rank_against(const key& other) const;
    [[nodiscard]] bool came_before(identity id) const
    {
        return before_ != nullptr && before_->contains(id);
    }
    void write_identities(checkpoint& to, key_memory& memory, std::size_t known_limit) const;
    [[nodiscard]] verdict decide(identity id, std::uint64_t index);
    [[nodiscard]] verdict unordered(std::uint64_t index);
    [[nodiscard]] verdict twice(std::uint64_t index);
    [[nodiscard]] verdict repeated(std::uint64_t index);
    [[nodiscard]] std::string how_to_tell_apart() const;
    [[nodiscard]] verdict broken(errc e, std::string text, std::string how);
    void take(identity id);
    void move_bound();

    const connector& c_;
    const key_memory* before_;
    std::size_t ranked_;   // leading fields that are in order
    std::size_t leading_;  // leading fields that a rebuilt query is bound by
    bool sorted_;
    bool counters_;
    bool skipping_;
    bool groups_;  // records share leading fields and are told apart by identity
    bool identifies_;

    key now_, last_;
    key arrived_;                      // while skipping: the record in front, delivered or not
    std::deque<std::string> decoded_;  // owners of texts that had escapes
    std::vector<field_view> previous_bound_;  // empty: as it was
    bool bound_moved_ = false;
    bool any_ = false;

    std::unordered_set<identity> here_;  // of this page
    std::vector<identity> page_;         // taken from this page, in order
    std::vector<identity> again_;        // known ones of this page: the next may bring them too
    std::size_t tie_start_ = 0;          // in page_: the first of the current tie group
};

}  // namespace catena
