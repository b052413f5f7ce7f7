// layer: core
#pragma once

#include <catena/core/audit_facts.hpp>
#include <catena/core/range.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace catena {

/* Parts of a dataset that are asked for again after a run. A spot reaches from one stored key to
   the next, so that a server without changes shows just that one record, and whatever else it shows
   was lost. All of this is about one range rule; its stored keys are the values of range_rule::by,
   in order and each once.
*/

/// How much to look at again.
struct spot_choice {
    spot_choice() {}

    std::uint64_t seed = 0;     ///< The same seed chooses the same spots.
    std::size_t borders = 100;  ///< At most so many borders between chains, chosen at random.
    std::size_t keys = 20;      ///< Stored keys, chosen at random.
};

/// Where a spot lies, to be looked up in the store.
struct spot_place {
    enum class kind {
        beginning,  ///< From the whole's lower border up to the first stored key.
        end,        ///< From the last stored key up to the whole's upper border.
        border,     ///< From the last stored key before `border` up to the next one.
        key,        ///< From stored key number `number`, from 0, up to the next one.
    };

    spot_place() {}
    explicit spot_place(kind k) : is(k) {}

    kind is = kind::beginning;
    std::string border;
    std::uint64_t number = 0;

    friend bool operator==(const spot_place&, const spot_place&) = default;
};

/// The borders between chains, each once and ascending: those that lie inside of `whole`.
/// @pre All borders are borders under `by`. Of `values` there are none.
[[nodiscard]] std::vector<std::string> inner_borders(const range_rule& by, const interval& whole,
                                                     std::span<const interval> chains);

/** Choose the places to look at: the beginning, the end, borders, keys; each once. Without any
    stored key that is the beginning alone, which is then the whole.

    @param borders See inner_borders().
    @param keys    How many keys the store has.
*/
[[nodiscard]] std::vector<spot_place> choose_spots(const spot_choice& choice,
                                                   std::span<const std::string> borders,
                                                   std::uint64_t keys);

/** What to ask the server for at a place.

    @param key  The stored key before the place; none if there is none.
    @param next The stored key behind it; none if there is none.
    @return Nothing where nothing should be asked: behind the last key where the whole is open, as
    what the server has there may have come since; where the two ends are one; and of `values`.
    @pre All are borders under `by`.
*/
[[nodiscard]] std::optional<interval> spot_interval(const range_rule& by, const interval& whole,
                                                    const std::optional<std::string>& key,
                                                    const std::optional<std::string>& next);

/// What the server shows in a spot, beside what is stored there. Keys ascend by octets.
struct spot_answer {
    spot_answer() {}

    std::uint64_t equal = 0;
    std::vector<std::string> missing;  ///< Shown, and not stored.
    std::vector<std::string> extra;    ///< Stored, and not shown: deleted since, or never there.
};

/** Compare whole keys, as text and in any order; one that comes twice counts once.

    @param shown  Those that where_in() finds inside of the spot.
    @param stored The same of the store.
*/
[[nodiscard]] spot_answer judge_spot(std::vector<std::string> shown,
                                     std::vector<std::string> stored);

/// Add a spot's answer to the facts of an audit: a gap over the spot if something is missing.
/// @param asked What was asked for, with one interval for each rule.
void add_spot(second_look& to, const range& asked, const spot_answer& answer);

}  // namespace catena
