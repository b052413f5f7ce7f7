#pragma once

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

/// Whether every record's identity is kept, since a rescan has no order to find its place by.
[[nodiscard]] bool remembers_records(const connector& c) noexcept;

/// Whether a counter says what the next page is.
[[nodiscard]] bool counts_pages(const connector& c) noexcept;

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
    /// `known` holds what `from.known` holds, or is nullptr where that is not kept.
    key_track(const connector& c, const checkpoint& from,
              const std::unordered_set<identity>* known);

    enum class verdict { fresh, known, broken };

    /// The next record of the page. `broken`: see code, what and mend.
    [[nodiscard]] verdict next(std::span<const key_view> fields, std::uint64_t index);

    /// Brings `to` up to date with the records seen.
    void write(checkpoint& to, std::size_t known_limit) const;

    /// Identities of the fresh records, where they are needed.
    [[nodiscard]] const std::vector<identity>& taken() const noexcept { return page_; }

    error_code code;
    std::string what, mend, pointer;

private:
    using key = std::vector<field_view>;

    [[nodiscard]] bool read(std::span<const key_view> fields, std::uint64_t index);
    [[nodiscard]] int rank_against(const key& other) const;
    [[nodiscard]] bool came_before(identity id) const;
    [[nodiscard]] verdict decide(identity id, std::uint64_t index);
    [[nodiscard]] verdict unordered(std::uint64_t index);
    [[nodiscard]] verdict twice(std::uint64_t index);
    [[nodiscard]] verdict repeated(std::uint64_t index);
    [[nodiscard]] std::string how_to_tell_apart() const;
    [[nodiscard]] verdict broken(errc e, std::string text, std::string how);
    void take(identity id);
    void move_bound();

    const connector& c_;
    const std::unordered_set<identity>* known_;
    std::size_t ranked_;   // leading fields that are in order
    std::size_t leading_;  // leading fields that a rebuilt query is bound by
    bool sorted_;
    bool counters_;
    bool skipping_;
    bool groups_;      // records share leading fields and are told apart by identity
    bool remembers_;   // every record's identity is kept for a rescan
    bool identifies_;  // identities are needed at all

    key now_, last_;
    key arrived_;                      // while skipping: the record in front, delivered or not
    std::deque<std::string> decoded_;  // owners of texts that had escapes
    std::vector<field_view> previous_bound_;  // empty: as it was
    bool bound_moved_ = false;
    bool any_ = false;

    std::unordered_set<identity> before_;  // delivered before this page and possibly coming again
    std::unordered_set<identity> here_;    // of this page
    std::vector<identity> page_;           // taken from this page, in order
    std::vector<identity> again_;          // known ones of this page: the next may bring them too
    std::size_t tie_start_ = 0;            // in page_: the first of the current tie group
};

}  // namespace catena
