// What is done with the pages after the first.
#include "machine.hpp"
#include "ways.hpp"
#include "words.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace probe {

namespace json = boost::json;

using stride = catena::token_source::stride;

namespace {

key_proposal key_of(const page& p, const std::vector<std::string>& wanted)
{
    const json::array* const pages[] = {p.records};
    return find_key(pages, wanted);
}

// How many records of `b` stand in `a`.
std::size_t common(const page& a, const page& b, const key_proposal& k)
{
    std::set<std::string> known;
    for (std::size_t i = 0; i < a.size(); ++i)
        known.insert(identity_of(k, (*a.records)[i]));
    std::size_t n = 0;
    for (std::size_t i = 0; i < b.size(); ++i)
        n += known.count(identity_of(k, (*b.records)[i]));
    return n;
}

bool begins_alike(const page& a, const page& b, const key_proposal& k)
{
    const std::size_t n = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < n; ++i)
        if (!same_record(k, (*a.records)[i], (*b.records)[i])) return false;
    return n > 0;
}

bool borders(const page& a, const page& b, const key_proposal& k)
{
    return a.size() > 0 && b.size() > 0 && same_record(k, a.records->back(), (*b.records)[0]);
}

bool has_next(const way& w, const page& p)
{
    return std::any_of(w.from.begin(), w.from.end(),
                       [&](const catena::token_source& s) { return token_in(s, p).has_value(); });
}

}  // namespace

void machine::on_smaller(answer a)
{
    std::string why;
    auto fewer = read(std::move(a), why);
    const key_proposal k = key_of(*one_, wish_.key);
    if (!fewer || fewer->size() >= one_->size() || !begins_alike(*one_, *fewer, k))
        return refuse(
            "all records that came fit on page 1, and the server gives no smaller page, so "
            "nothing shows how a page 2 is asked for; these may be all records");
    last_ = std::move(one_);
    one_ = std::move(fewer);
    first_ = next_->request;
    ways_ = find_ways(*one_, first_, wish_.parameter, out_.unknown);
    if (ways_.empty())
        return refuse(
            "page 1 with fewer records than there are shows nothing that leads to page 2; "
            "the API's documentation tells how it is asked for");
    try_way();
}

void machine::try_way()
{
    for (; way_ < ways_.size(); ++way_) {
        auto a = ask_next(ways_[way_], *one_, first_);
        if (!a) continue;
        if (may_ask()) return send(stage::trying, std::move(*a));
        break;
    }
    std::string all;
    for (const std::string& each : failed_)
        all += "; " + each;
    const bool more = way_ < ways_.size();
    const bool ignored = std::all_of(failed_.begin(), failed_.end(), [](const std::string& each) {
        return each.ends_with("page 1 came again");
    });
    if (ignored) all += "; perhaps these are all records";
    const bool no_token = !wish_.parameter.empty() &&
                          std::all_of(ways_.begin(), ways_.end(),
                                      [](const way& w) { return w.counts() || w.by_record(); });
    if (no_token)
        return refuse("page 1 holds no token that --parameter " + shown(wish_.parameter) +
                      " could take, and it is no offset, page number or last key" + all +
                      ". The API's documentation tells how page 2 is asked for");
    refuse("no way to page 2 was proven" + all +
           (more ? "; more was not tried, to spare the server" : "") +
           ". The API's documentation tells which parameter takes the token: name it with "
           "--parameter, or put the first page's number or offset into the URL");
}

/* Why the page that came is no page 2, or "". An offset that begins one record early must bring
   just that record again: so no record lies between the pages, whatever the offset counts. */
std::string machine::flaw_of(page& second)
{
    const way& w = ways_[way_];
    const key_proposal k = key_of(*one_, wish_.key);
    if (second.records == nullptr) return "no records came at the same place";
    const std::size_t again = common(*one_, second, k);
    if (second.size() == 0) return w.by_url() ? "" : "no records came";
    if (begins_alike(*one_, second, k)) return "page 1 came again";
    if (w.overlaps) {
        if (again == 1 && borders(*one_, second, k)) return "";
        return "it does not count records: the last one of page 1 did not come again";
    }
    if (again == 0) return "";
    if (again == 1 && borders(*one_, second, k) && !k.fields.empty() && !w.counts()) {
        inclusive_ = true;
        return "";
    }
    return counted(again, "record") + " of page 1 came again";
}

void machine::on_second(answer a)
{
    std::string why;
    auto second = read(std::move(a), why);
    if (second) why = flaw_of(*second);
    const way tried = ways_[way_];
    if (second && why.empty()) return accept(std::move(second));
    failed_.push_back(to_text(tried) + ": " + why);
    // Some servers round an offset down to whole pages.
    if (tried.overlaps && why == "page 1 came again" && parameter_of(first_.url, tried.to[0].at)) {
        way late = counter_way(tried.to[0].at, tried.from[0].start, stride::records, one_->size());
        late.evidence = tried.evidence;
        ways_.insert(ways_.begin() + static_cast<std::ptrdiff_t>(way_) + 1, std::move(late));
    }
    ++way_;
    try_way();
}

void machine::accept(std::unique_ptr<page> second)
{
    two_ = std::move(second);
    const way& w = ways_[way_];
    again_ = w.overlaps || inclusive_ ? 1 : 0;
    total_ = find_stable_total(*one_, *two_, again_);
    look_further();
}

void machine::look_further()
{
    const way& w = ways_[way_];
    if (may_ask()) {
        if (w.base_unsure) {
            ask a;
            a.request = first_;
            a.request.url = with_parameter(first_.url, w.to[0].at, std::to_string(w.from[0].start));
            a.purpose = "the page with the first number, which must be page 1";
            return send(stage::base, std::move(a));
        }
        if (look_behind() || look_for_more_a_page() || look_at_third()) return;
    }
    if (w.base_unsure)
        return refuse(
            "whether pages are counted from 0 or 1 was not asked, to spare the server; add "
            "the first page's number to the URL, as in " +
            shown(w.to[0].at) + "=1");
    finish();
}

// What asks for a page just behind the last one by the total, or very far away without a total.
std::optional<ask> machine::ask_behind(std::uint64_t farther) const
{
    const way& w = ways_[way_];
    const bool pages = w.from[0].step == stride::pages;
    const std::uint64_t size = std::max<std::size_t>(one_->size(), 1);
    std::uint64_t steps = pages ? 100'000 : 1'000'000;
    if (total_ && total_->rule.counts == catena::total_rule::unit::pages)
        steps = pages ? total_->value : total_->value * size;
    else if (total_)
        steps = pages ? (total_->value + size - 1) / size : total_->value;
    if (w.rounds()) steps = (steps + size - 1) / size * size;
    way far = w;
    far.value = w.from[0].start + static_cast<std::int64_t>(steps + farther * (pages ? 1 : size));
    return ask_next(far, *one_, first_);
}

bool machine::look_behind()
{
    if (!ways_[way_].counts()) return false;
    constexpr std::uint64_t some = 7;
    const bool again = behind_ == after_end::records && far_ && !farther_asked_;
    if (behind_asked_ && !again) return false;
    auto a = ask_behind(again ? some : 0);
    if (!a) return false;
    (again ? farther_asked_ : behind_asked_) = true;
    a->purpose = again ? "a page still farther away, since records stand behind the last one"
                       : "a page behind the last one, to see how the end looks";
    send(again ? stage::farther : stage::behind, std::move(*a));
    return true;
}

bool machine::look_for_more_a_page()
{
    const std::optional<size_place> size = find_size(*one_);
    if (larger_asked_ || !size || users_size_ || ways_[way_].may_repeat) return false;
    if (size->in_url && (ways_[way_].counts() || size->value >= large_page)) return false;
    larger_asked_ = true;
    ask a;
    a.request = first_;
    a.request.url = with_parameter(first_.url, size->parameter, std::to_string(large_page));
    a.purpose = "page 1 with more records, to learn how many a page can have";
    send(stage::larger, std::move(a));
    return true;
}

bool machine::look_at_third()
{
    const way& w = ways_[way_];
    if (third_asked_ || w.counts() || w.by_record() || !has_next(w, *two_)) return false;
    if (find_flag(*two_)) return false;
    // A page that is short for no reason may be the last one, which then has a token too.
    const bool short_two = two_->size() < one_->size();
    const bool short_large =
        large_ && (large_->size() % 10 != 0 || large_->size() == one_->size() + two_->size());
    if (!short_two && !short_large) return false;
    third_asked_ = true;
    auto a = ask_next(w, short_large ? *large_ : *two_, first_);
    if (!a) return false;
    a->purpose = "one page more, since a short one has a token all the same";
    send(stage::third, std::move(*a));
    return true;
}

void machine::on_base(answer a)
{
    std::string why;
    auto base = read(std::move(a), why);
    way& w = ways_[way_];
    w.base_unsure = false;
    const key_proposal k = key_of(*one_, wish_.key);
    if (!base || base->records == nullptr || !begins_alike(*one_, *base, k)) {
        // Numbers that begin at 0 make the page with number 1 the second one.
        if (base && base->size() > 0 && common(*one_, *base, k) == 0 &&
            common(*two_, *base, k) == 0) {
            w.from[0].start = 0;
            w.value = 1;
            two_ = std::move(base);
        } else {
            return refuse(
                "whether pages are counted from 0 or 1 could not be told; add the first "
                "page's number to the URL");
        }
    }
    look_further();
}

void machine::on_behind(answer a)
{
    behind_status_ = a.status;
    std::string why;
    auto far = read(std::move(a), why);
    if (!far)
        behind_ = after_end::status;
    else if (far->records == nullptr)
        behind_ = after_end::absent;
    else if (far->size() == 0)
        behind_ = after_end::empty;
    else
        behind_ = after_end::records;
    if (behind_ == after_end::records) far_ = std::move(far);
    look_further();
}

/* Records where a total says that there are none: the server gives its last page again and again,
   or the total is no total. */
void machine::on_farther(answer a)
{
    std::string why;
    const auto farther = read(std::move(a), why);
    const key_proposal k = key_of(*one_, wish_.key);
    const std::uint64_t size = one_->size();
    const bool same =
        farther && farther->size() == far_->size() && begins_alike(*far_, *farther, k);
    const bool fits = total_ && total_->rule.counts == catena::total_rule::unit::records &&
                      far_->size() == (total_->value - 1) % size + 1;
    if (same && fits)
        behind_ = after_end::last_page;
    else
        total_.reset();
    if (farther && farther->records != nullptr && farther->size() == 0) behind_ = after_end::empty;
    look_further();
}

void machine::on_larger(answer a)
{
    std::string why;
    auto larger = read(std::move(a), why);
    const key_proposal k = key_of(*one_, wish_.key);
    if (larger && larger->records != nullptr && larger->size() > one_->size() &&
        begins_alike(*one_, *larger, k)) {
        large_came_ = larger->size();
        larger_size_ =
            static_cast<std::uint32_t>(std::min<std::size_t>(larger->size(), large_page));
        const way& w = ways_[way_];
        const std::optional<flag> more = find_flag(*larger);
        const bool ends =
            more ? more->now_ends : !w.counts() && !w.by_record() && !has_next(w, *larger);
        if (ends && !last_) {
            larger_size_ = large_page;
            last_ = std::move(larger);
        } else {
            capped_ = larger->size() < large_page;
            large_ = std::move(larger);
        }
    }
    look_further();
}

void machine::on_third(answer a)
{
    std::string why;
    auto third = read(std::move(a), why);
    const way& w = ways_[way_];
    if (third && third->records != nullptr) {
        if (!has_next(w, *third)) {
            last_ = std::move(third);
        } else if (third->size() == 0) {
            empty_keeps_token_ = true;
            capped_ = false;
        }
    }
    look_further();
}

}  // namespace probe
