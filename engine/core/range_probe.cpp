#include "core/big_number.hpp"
#include "core/moment.hpp"
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
    if (++pages_ < most_pages) return;
    decides_ = decides_ && found_;
    end(found_);
}

bound_search::bound_search(range_rule by, std::string start, std::size_t rule)
    : by_(std::move(by)), start_(std::move(start)), known_(start_), rule_(rule)
{
    step();
}

// The next question: further up until one answer is empty, then in the middle of what is left.
void bound_search::step()
{
    asked_.reset();
    if (!empty_) {
        if (questions_++ == most_questions) return;
        asked_ = interval(sum_of(known_, stride_), std::nullopt);
        stride_ = text_of(core::part_of(whole_number(stride_), 16, 1));
        return;
    }
    // Everything that exists lies from start to known, and nothing from empty on.
    const double share = share_before(by_, interval(start_, *empty_), known_);
    const std::optional<std::string> middle = middle_of(by_, known_, *empty_);
    const bool narrow = !middle || compare_in(by_, sum_of(*middle, "1"), *empty_) >= 0;
    if (share > 15.0 / 16 || narrow || questions_++ == most_questions) {
        upper_ = *empty_;
        return;
    }
    asked_ = interval(*middle, std::nullopt);
}

void bound_search::on_page(std::span<const field_view> keys, bool last)
{
    if (!asked_) return;
    const std::string& border = *asked_->lower;
    const std::string just_below = sum_of(border, "-1");
    bool any = false;
    for (const field_view& key : keys) {
        if (!readable(by_, key)) {
            broken_ = unreadable_key(rule_, by_);
            return asked_.reset();
        }
        // One below may come where the server includes what it is said to leave out.
        if (compare_in(by_, key.text, just_below) < 0) {
            broken_ = broken_range(
                rule_, "/lower", "lower has no effect: records before the border were answered",
                "correct range.lower.to; remove lower if the API has no such filter");
            return asked_.reset();
        }
        if (compare_in(by_, key.text, border) < 0) continue;
        any = true;
        if (compare_in(by_, key.text, known_) > 0) known_ = key.text;
    }
    if (!any && !last) return;
    // The key at the border itself may be there: a server may leave out what it is said to include.
    if (!any) empty_ = sum_of(border, "1");
    step();
}

}  // namespace catena
