// layer: core
#pragma once

#include <catena/core/key.hpp>
#include <catena/core/range.hpp>

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/* Borders are texts, and all arithmetic on them is exact: integers and decimals of any length by
   their digits, moments to 18 digits of a second, texts by octets.

   Of range_type::integer: a number without a fraction, "10", "-5", "1e3". Of decimal: any JSON
   number. Of time: an RFC 3339 date-time with an offset (which may lack its colon), or, where
   range_rule::time names seconds or milliseconds, a number since 1970 too; a leap second and a
   date-time without an offset are neither. Of values: one of range_rule::values.
*/

/// Whether `text` can be a border under `by`.
[[nodiscard]] bool is_border(const range_rule& by, std::string_view text);

/// Order of two borders; of `values` by their places in the list. @pre Both are borders.
[[nodiscard]] std::strong_ordering compare_in(const range_rule& by, std::string_view a,
                                              std::string_view b);

/// Where a key lies, seen from an interval.
enum class side {
    before,
    inside,
    after,
    unreadable,  ///< Of another kind: a text where an integer is due, a time that is none.
};

/** Where a record's field at range_rule::by lies.

    Numbers may be written as JSON numbers or as strings; a moment as its own text although the
    filter takes numbers. Of `values` without a place everything is inside.
*/
[[nodiscard]] side where_in(const range_rule& by, const interval& part, field_view key);

/** A border strictly between two others, for halving an interval.

    Of integer, decimal and time the arithmetic middle, time in whole steps of
    range_rule::resolution. Of text a shortest one, made of ASCII or of Unicode's letters where the
    ends are, without controls and blanks.

    @return Nothing where no such border fits between, and for `values`.
    @pre Both are borders, and `lower` is before `upper`.
*/
[[nodiscard]] std::optional<std::string> middle_of(const range_rule& by, std::string_view lower,
                                                   std::string_view upper);

/** `whole` in equal parts: consecutive, in ascending order, each key of it in just one of them.

    Of `values` one part for each value, however many pieces are asked for.

    @return Fewer parts where it cannot be divided so often; `whole` itself if it is open on a side.
    @pre Its borders are borders under `by`. pieces < 2^31.
*/
[[nodiscard]] std::vector<interval> divide(const range_rule& by, const interval& whole,
                                           std::size_t pieces);

/// About which share of `whole` lies before `key`, 0 to 1: for estimates only. 0 where `whole` is
/// open on a side or `key` cannot be read.
[[nodiscard]] double share_before(const range_rule& by, const interval& whole,
                                  std::string_view key);

/** Every way to take one interval of each list, the last list changing fastest.

    No list at all is one range: the whole dataset.

    @throws std::length_error if they would be more than `most`.
*/
[[nodiscard]] std::vector<range> product(const std::vector<std::vector<interval>>& lists,
                                         std::size_t most = 1'000'000);

/** What goes to an edge so that the server's answer covers everything from border `lower` on, or up
    to border `upper`: the border itself, or the one a step beyond it.

    Of time in range_rule's form, in UTC, rounded away from the interval to whole steps of the
    resolution. An inclusive upper edge gets the border before `upper` for integers and `upper`
    itself else: one key too many, which where_in() tells.

    @return Nothing where nothing can be sent that covers it: there is no such edge, the border is
    none, or a text or decimal stands before an exclusive lower edge.
*/
[[nodiscard]] std::optional<std::string> lower_to_send(const range_rule& by,
                                                       std::string_view lower);
[[nodiscard]] std::optional<std::string> upper_to_send(const range_rule& by,
                                                       std::string_view upper);

/** Whether a server that keeps the rule may answer `key` to what is sent for `part`.

    True inside, at the borders that are sent and, where one side has no edge, beyond that side.
    Another record there means that the filter has no effect, or that the server sorts by another
    order than the rule's (letters without their case, numbers as texts): then records may be
    missing elsewhere, and dropping this one would hide it.
*/
[[nodiscard]] bool may_answer(const range_rule& by, const interval& part, field_view key);

}  // namespace catena
