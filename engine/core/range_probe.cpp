#include "core/big_number.hpp"
#include "core/moment.hpp"
#include "core/range_steps.hpp"
#include <catena/core/range_math.hpp>
#include <catena/core/range_probe.hpp>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace catena {

using core::big_number;

namespace {

constexpr std::size_t most_pages = 16;      // of one answer of a border test
constexpr std::size_t most_questions = 64;  // of a search

big_number whole_number(std::string digits, bool negative = false)
{
    big_number n;
    n.digits = std::move(digits);
    n.negative = negative;
    return n;
}

std::string sum_of(std::string_view a, std::string_view b)
{
    const big_number x = core::read_big(a).value_or(big_number());
    const big_number y = core::read_big(b).value_or(big_number());
    const std::size_t scale = std::max(x.scale, y.scale);
    return text_of(plus(rescaled(x, scale), rescaled(y, scale)));
}

// The key moved by so many of its smallest steps; decimals by ones.
std::string moved(const range_rule& by, const std::string& key, int steps)
{
    if (by.type != range_type::time) {
        const std::string size = std::to_string(std::abs(steps));
        return sum_of(key, text_of(whole_number(size, steps < 0)));
    }
    const auto m = core::read_moment(key, by.time);
    if (!m) return key;
    return core::write_moment(steps_down(*m, by.resolution) + steps, by.resolution, by.time)
        .value_or(key);
}

diagnostics broken_range(std::size_t rule, const char* edge, std::string what, std::string mend)
{
    diagnostics why;
    why.code = errc::range_broken;
    why.pointer = "/range/" + std::to_string(rule) + edge;
    why.what = std::move(what);
    why.mend = std::move(mend);
    why.next = advice::resume;
    return why;
}

diagnostics unreadable_key(std::size_t rule, const range_rule& by)
{
    return broken_range(rule, "/type", "a record's field " + by.by + " is not of the range's type",
                        "correct range.type or range.by");
}

bool readable(const range_rule& by, field_view key)
{
    return where_in(by, interval(), key) == side::inside;
}

}  // namespace

border_test::border_test(range_rule by, std::string key, std::size_t rule)
    : by_(std::move(by)), key_(std::move(key)), rule_(rule)
{
    begin(by_.lower ? edge::lower : edge::upper);
}

/* The part for which `e` is sent the key itself. The other edge, if there is one, gets a border so
   near that little is answered, and so far that it takes nothing away whatever it includes. */
interval border_test::around(edge e) const
{
    const bool steps = by_.type == range_type::integer || by_.type == range_type::time;
    if (e == edge::lower) {
        interval part(by_.lower->inclusive ? key_ : moved(by_, key_, 1), std::nullopt);
        if (!by_.upper) return part;
        if (by_.type == range_type::text)
            part.upper = key_ + '!';
        else
            part.upper = moved(by_, key_, 3);
        return part;
    }
    const bool lowered = by_.type == range_type::integer && by_.upper->inclusive;
    interval part(std::nullopt, lowered ? moved(by_, key_, 1) : key_);
    if (by_.lower && steps) part.lower = moved(by_, key_, -3);
    return part;
}

void border_test::begin(edge e)
{
    at_ = e;
    pages_ = 0;
    found_ = false;
    asked_.reset();
    if (e == edge::none) return;
    asked_ = around(e);
    least_ = asked_->lower ? lower_to_send(by_, *asked_->lower) : std::nullopt;
    most_ = asked_->upper ? upper_to_send(by_, *asked_->upper) : std::nullopt;
    const std::optional<std::string>& sent = e == edge::lower ? least_ : most_;
    decides_ = sent && compare_in(by_, *sent, key_) == 0;
}

void border_test::say(edge e, std::string what, std::string mend)
{
    const char* const place = e == edge::lower ? "/lower" : "/upper";
    broken_ = broken_range(rule_, place, std::move(what), std::move(mend));
    begin(edge::none);
}

void border_test::end(bool found)
{
    const edge e = at_;
    const std::string name = e == edge::lower ? "lower" : "upper";
    const bool declared = e == edge::lower ? by_.lower->inclusive : by_.upper->inclusive;
    const bool dense = by_.type == range_type::text || by_.type == range_type::decimal;
    if (!decides_) {
        proven_ = false;
    } else if (found && !declared) {
        return say(e, name + " is inclusive: the server answers the record at the border, too",
                   "set range." + name + ".bound to \"inclusive\"");
    } else if (!found && declared) {
        return say(e,
                   name +
                       " is exclusive: the server does not answer the record at the border, or "
                       "it has gone meanwhile",
                   e == edge::lower && dense
                       ? "use a parameter that includes its value, or remove range.lower and set "
                         "order to descending"
                       : "set range." + name + ".bound to \"exclusive\"");
    }
    const bool then_upper = e == edge::lower && by_.upper && !dense;
    begin(then_upper ? edge::upper : edge::none);
}

void border_test::on_page(std::span<const field_view> keys, bool last)
{
    if (!asked_) return;
    for (const field_view& key : keys) {
        if (!readable(by_, key)) {
            broken_ = unreadable_key(rule_, by_);
            return begin(edge::none);
        }
        if (least_ && compare_in(by_, key.text, *least_) < 0)
            return say(edge::lower, "lower has no effect: records before the border were answered",
                       "correct range.lower.to; remove lower if the API has no such filter");
        if (most_ && compare_in(by_, key.text, *most_) > 0)
            return say(edge::upper, "upper has no effect: records after the border were answered",
                       "correct range.upper.to; without upper, set order to ascending");
        found_ = found_ || compare_in(by_, key.text, key_) == 0;
    }
    // With one edge the order is declared, and the key would come first. Between two, what a filter
    // without effect lets in may come behind the key.
    const bool first_tells = (!by_.lower || !by_.upper) && !keys.empty();
    if (last || first_tells) return end(found_);
    if (++pages_ == most_pages) on_cut();
}

// What was not seen decides nothing.
void border_test::on_cut()
{
    if (!asked_) return;
    decides_ = decides_ && found_;
    end(found_);
}

bound_search::bound_search(range_rule by, std::string start, std::size_t rule, way towards,
                           const std::optional<std::string>& enough)
    : by_(std::move(by)), towards_(towards), rule_(rule)
{
    // What is near the last moment is mostly new: the first steps are short there.
    stride_ = by_.type == range_type::time ? "1" : "1024";
    start_ = known_ = place_of(start);
    if (!enough) {
        step();
        return;
    }
    first_is_enough_ = true;
    // A lower border is itself no place where the search may find a key.
    const bool up = towards_ == way::up;
    ask_from(up ? place_of(*enough) : sum_of(place_of(*enough), "1"));
}

/* Places are whole numbers: the key's own, rounded down to a step, counted from the other side
   where the search goes down. */
std::string bound_search::place_of(std::string_view key) const
{
    const big_number n = core::read_big(core::steps_of(by_, key)).value_or(big_number());
    return towards_ == way::up ? text_of(n) : text_of(minus(big_number(), n));
}

// The border of all that lies from `place` on: upwards the lower one, downwards the upper one.
std::optional<std::string> bound_search::border_at(const std::string& place) const
{
    if (towards_ == way::up) return core::border_of_steps(by_, place);
    const big_number n = core::read_big(place).value_or(big_number());
    return core::border_of_steps(by_, text_of(minus(whole_number("1"), n)));
}

void bound_search::ask_from(std::string place)
{
    ++questions_;
    std::optional<std::string> border = border_at(place);
    if (!border) return;  // beyond the calendar
    asked_ = towards_ == way::up ? interval(std::move(border), std::nullopt)
                                 : interval(std::nullopt, std::move(border));
    at_ = std::move(place);
}

void bound_search::end_at(const std::string& place) { found_ = border_at(place); }

// The next question: further on until one answer is empty, then in the middle of what is left.
void bound_search::step()
{
    asked_.reset();
    if (!empty_) {
        if (questions_ == most_questions) return;
        const std::string next = sum_of(known_, stride_);
        stride_ = text_of(core::part_of(whole_number(stride_), 16, 1));
        return ask_from(next);
    }
    // Everything that exists lies from start to known, and nothing from empty on.
    const double share = share_before(axis_, interval(start_, *empty_), known_);
    const std::optional<std::string> middle = middle_of(axis_, known_, *empty_);
    const bool narrow = !middle || compare_in(axis_, sum_of(*middle, "1"), *empty_) >= 0;
    if (share > 15.0 / 16 || narrow || questions_ == most_questions) return end_at(*empty_);
    ask_from(*middle);
}

void bound_search::on_page(std::span<const field_view> keys, bool last)
{
    if (!asked_) return;
    const std::string just_before = sum_of(at_, "-1");
    bool any = false;
    for (const field_view& key : keys) {
        if (!readable(by_, key)) {
            broken_ = unreadable_key(rule_, by_);
            return asked_.reset();
        }
        const std::string place = place_of(key.text);
        // One before it may come where the server includes what it is said to leave out.
        if (compare_in(axis_, place, just_before) < 0) {
            const bool up = towards_ == way::up;
            const std::string edge = up ? "lower" : "upper";
            broken_ = broken_range(
                rule_, up ? "/lower" : "/upper",
                edge + " has no effect: records " + (up ? "before" : "after") +
                    " the border were answered",
                "correct range." + edge + ".to; remove " + edge + " if the API has no such filter");
            return asked_.reset();
        }
        if (compare_in(axis_, place, at_) < 0) continue;
        any = true;
        if (compare_in(axis_, place, known_) > 0) known_ = place;
    }
    if (!any && !last) return;
    const bool enough = std::exchange(first_is_enough_, false) && !any;
    if (enough) {
        asked_.reset();
        return end_at(at_);
    }
    // The key at the border itself may be there: a server may leave out what it is said to include.
    if (!any) empty_ = sum_of(at_, "1");
    step();
}

}  // namespace catena
