#pragma once

#include <catena/core/range.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace catena::core {

/// From place `from` of an axis up to, but without, place `to`.
struct stretch {
    std::uint32_t from = 0, to = 0;

    [[nodiscard]] bool empty() const noexcept { return from >= to; }

    friend auto operator<=>(const stretch&, const stretch&) = default;
};

/** The borders of many intervals under one rule as small numbers, in the order of the keys.

    Borders are read once and not at each comparison. Place 0 is the open lower side, the last place
    the open upper one; of range_type::values place i is the i-th value.
*/
class range_axis {
public:
    /// @param by Outlives this object.
    explicit range_axis(const range_rule& by);

    /// Whether the borders of `part` are borders.
    [[nodiscard]] bool reads(const interval& part) const;

    /// Take an interval, whose texts outlive this object. @pre reads(part).
    void add(const interval& part);

    /// All are added. Gives what each of them has, in the order of the calls that took them.
    [[nodiscard]] std::vector<stretch> places();

    /// How many places there are. @pre places() was called; so for the two below.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// The intervals that stand for `s`: one, but of values.
    [[nodiscard]] std::vector<interval> intervals_of(const stretch& s) const;

private:
    // What a border compares by: two numbers where all borders can be read so, else its text.
    struct mark {
        std::int64_t high = 0, low = 0;
        std::string_view text;
        std::uint32_t number = 0;  // of its interval, twice, and 1 more for the upper side
    };

    void mark_border(const std::optional<std::string>& border, bool upper);
    [[nodiscard]] std::strong_ordering compare(const mark& a, const mark& b) const;
    [[nodiscard]] std::vector<stretch> places_of_values() const;

    const range_rule* by_;
    bool plain_;  // numbers are small enough for a mark
    std::uint32_t count_ = 0;
    std::size_t size_ = 0;
    std::vector<mark> marks_;
    std::vector<std::string_view> borders_;  // of place 1 and on
    std::unordered_map<std::string_view, std::uint32_t> values_;
};

}  // namespace catena::core
