// layer: core
#pragma once

#include <catena/core/key.hpp>
#include <catena/core/range.hpp>
#include <catena/diagnostics.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace catena {

/** Finds out whether a server's filter includes its borders as the connector says.

    Asks for one known key with the key itself as the lower border, and as the upper one; where both
    edges are there, in spans so short that a page or two answer them. An upper edge of texts or
    decimals is not asked: what is sent to it covers the range either way.

    @code
    border_test t(by, key_of_some_record);
    while (auto part = t.ask())
        for (each page of the chain of within(c, range({*part})) until t.ask() changes)
            t.on_page(keys, is_last);
    if (t.broken()) throw failure(*t.broken());
    @endcode

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class border_test {
public:
    /** @param key  The field range_rule::by of a record that is there.
        @param rule The rule's place in the connector's list, for messages.
        @pre `by` is no rule of values and has passed validate(); `key` is a border under it.
    */
    border_test(range_rule by, std::string key, std::size_t rule = 0);

    /// The part to ask for now; nothing when the test is over.
    [[nodiscard]] const std::optional<interval>& ask() const noexcept { return asked_; }

    /** A page of the answer to what is asked: the field range_rule::by of its records.

        @param last No page follows. Until it is said, or enough was seen, ask() stays.
    */
    void on_page(std::span<const field_view> keys, bool last);

    /// The rest of the answer to what is asked cannot be had.
    void on_cut();

    /// errc::range_broken, with the edge's name and what to write instead; nothing if all is well.
    [[nodiscard]] const std::optional<diagnostics>& broken() const noexcept { return broken_; }

    /** Whether each edge that was asked gave its answer.

        Not so for a moment that is no whole number of range_rule::resolution: choose another key.
    */
    [[nodiscard]] bool proven() const noexcept { return proven_; }

private:
    enum class edge { lower, upper, none };

    void begin(edge e);
    void end(bool found);
    void say(edge e, std::string what, std::string mend);
    [[nodiscard]] interval around(edge e) const;

    range_rule by_;
    std::string key_;
    std::size_t rule_;
    edge at_ = edge::none;
    std::optional<interval> asked_;
    std::optional<std::string> least_, most_;  // what is sent: no key lies beyond
    bool decides_ = false;                     // the key itself is what is sent
    bool found_ = false;
    bool proven_ = true;
    std::size_t pages_ = 0;
    std::optional<diagnostics> broken_;
};

/** Finds a border above all keys that exist now, or one below them, where nothing else shows it.

    Gallops upwards with the lower edge, or downwards with the upper one, in steps that grow
    sixteenfold, until an answer is empty, and then halves what is left. The border is coarse: up to
    a sixteenth of the span too far. At most 64 questions. Decimals are searched in whole numbers,
    times in steps of range_rule::resolution.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class bound_search {
public:
    enum class way { up, down };

    /** @param start  A key that exists, best the one farthest from what is looked for.
        @param enough Asked about first: where nothing lies beyond this border, it is the answer.
        @pre `by` is of integers, decimals or times and has the edge that is asked with; `start` and
        `enough` are borders under it.
    */
    bound_search(range_rule by, std::string start, std::size_t rule = 0, way towards = way::up,
                 const std::optional<std::string>& enough = {});

    /// The part to ask for now, open on the side that is searched; nothing when the search is over.
    [[nodiscard]] const std::optional<interval>& ask() const noexcept { return asked_; }

    /// A page of the answer, as for @ref border_test. An empty page ends nothing unless `last`.
    void on_page(std::span<const field_view> keys, bool last);

    /// The rest of the answer cannot be had: the search ends without a border.
    void on_cut() noexcept { asked_.reset(); }

    /// The border, once the search is over; nothing if none was found.
    [[nodiscard]] const std::optional<std::string>& found() const noexcept { return found_; }

    /// errc::range_broken where keys on the other side of the border came: the server ignores it,
    /// and what it answers says nothing.
    [[nodiscard]] const std::optional<diagnostics>& broken() const noexcept { return broken_; }

private:
    void step();
    void ask_from(std::string place);
    [[nodiscard]] std::string place_of(std::string_view key) const;
    [[nodiscard]] std::optional<std::string> border_at(const std::string& place) const;
    void end_at(const std::string& place);

    range_rule by_;
    range_rule axis_;  // of places: whole numbers that grow towards what is looked for
    way towards_;
    std::string start_, known_;  // a place with a key, and the farthest one that was seen
    std::string stride_;
    std::string at_;                    // the place that is asked for
    std::optional<std::string> empty_;  // nothing is there from this place on
    bool first_is_enough_ = false;      // the first question's border will do if nothing is there
    std::size_t rule_;
    std::size_t questions_ = 0;
    std::optional<interval> asked_;
    std::optional<std::string> found_;
    std::optional<diagnostics> broken_;
};

}  // namespace catena
