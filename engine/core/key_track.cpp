#include "core/key_track.hpp"

#include <algorithm>
#include <utility>

namespace catena {

bool key_track::identities(const connector& c) noexcept
{
    if (c.key.empty()) return false;
    return c.ties || c.sorted == order::none || counts_pages(c);
}

key_track::key_track(const connector& c, const checkpoint& from, const key_memory* before)
    : c_(c),
      before_(before),
      ranked_(c.key.size()),
      leading_(c.key.size()),
      sorted_(c.sorted != order::none),
      counters_(counts_pages(c)),
      skipping_(from.skipping),
      groups_(sorted_ && c.ties),
      identifies_(identities(c))
{
    if (c.expiry.recover.by == recovery_rule::method::rebuild)
        leading_ = std::min(c.expiry.recover.to.size(), c.key.size());
    else if (c.ties)
        leading_ = std::min<std::size_t>(1, c.key.size());
    if (c.ties) ranked_ = leading_;

    for (const value& v : from.last_key)
        last_.emplace_back(v);
}

key_track::verdict key_track::broken(errc e, std::string text, std::string how)
{
    code = e;
    what = std::move(text);
    mend = std::move(how);
    return verdict::broken;
}

bool key_track::read(std::span<const key_view> fields, std::uint64_t index)
{
    now_.resize(fields.size());
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const key_view& f = fields[i];
        if (!f.present || f.kind == json_kind::null) {
            pointer = c_.key[i].at;
            (void)broken(errc::key_missing,
                         "record " + std::to_string(index) + " has no " + pointer,
                         "correct the member `key`, or remove it if records have none");
            return false;
        }
        std::string_view text = f.text;
        if (f.escaped) text = decoded_.emplace_back(value_of(f).text);

        const bool scalar = f.kind == json_kind::string || f.kind == json_kind::number;
        const bool same =
            c_.key[i].type != key_type::automatic || i >= last_.size() || last_[i].kind == f.kind;
        const bool number = c_.key[i].type != key_type::number || is_number(text);
        if (!scalar || !same || !number) {
            pointer = c_.key[i].at;
            (void)broken(errc::key_type,
                         pointer + " of record " + std::to_string(index) +
                             " is of another type than before, or than declared",
                         "set the key's type to number or text");
            return false;
        }
        now_[i] = field_view(f.kind, text);
    }
    return true;
}

int key_track::rank_against(const key& other) const
{
    for (std::size_t i = 0; i < ranked_; ++i) {
        const auto order = compare_fields(c_.key[i].type, now_[i], other[i]);
        if (order == std::strong_ordering::equal) continue;
        const bool after =
            (order == std::strong_ordering::greater) == (c_.sorted == order::ascending);
        return after ? 1 : -1;
    }
    return 0;
}

key_track::verdict key_track::next(std::span<const key_view> fields, std::uint64_t index)
{
    if (!read(fields, index)) return verdict::broken;

    const identity id = identifies_ ? identity_of_key(now_) : identity{};
    const verdict v = decide(id, index);
    if (sorted_ && skipping_) arrived_ = now_;
    if (v == verdict::fresh) take(id);
    if (v == verdict::known && identifies_) {
        here_.insert(id);
        again_.push_back(id);
    }
    return v;
}

key_track::verdict key_track::decide(identity id, std::uint64_t index)
{
    if (identifies_ && here_.contains(id)) return twice(index);
    if (!sorted_) return came_before(id) ? repeated(index) : verdict::fresh;
    if (last_.empty()) return verdict::fresh;

    // A server that lost its order in the new query would have fresh records taken for old ones.
    if (!arrived_.empty() && skipping_ && rank_against(arrived_) < 0) return unordered(index);

    const int rank = rank_against(last_);
    if (rank > 0) return verdict::fresh;
    if (came_before(id)) return repeated(index);
    if (rank == 0) {
        if (groups_) return verdict::fresh;
        return any_ ? twice(index) : repeated(index);
    }
    return skipping_ ? verdict::known : unordered(index);
}

key_track::verdict key_track::unordered(std::uint64_t index)
{
    return broken(
        errc::order_broken,
        "record " + std::to_string(index) + " comes before the one in front of it",
        "correct `order`, or the key's type; a server that does not sort needs order none");
}

key_track::verdict key_track::twice(std::uint64_t index)
{
    return broken(errc::order_broken,
                  "record " + std::to_string(index) + " has the key of another one in its page",
                  how_to_tell_apart());
}

std::string key_track::how_to_tell_apart() const
{
    if (sorted_) return "add a field to `key` that tells records apart";
    // What nothing else in the connector needs may be left out.
    const bool needed =
        c_.next.inclusive || key_memory::needed(c_) == key_memory::reach::everything;
    return "the key does not identify records, or the API spreads one record over pages; add a "
           "field to `key`" +
           std::string(needed ? "" : ", or leave `key` out if that is wanted");
}

key_track::verdict key_track::repeated(std::uint64_t index)
{
    // Where no two records rank alike, only the first of a page can be the one before it.
    const bool overlap = c_.next.inclusive && (index == 0 || groups_ || !sorted_);
    if (skipping_ || counters_ || overlap) return verdict::known;
    return broken(errc::order_broken,
                  "record " + std::to_string(index) + " was delivered before, in an earlier page",
                  how_to_tell_apart() +
                      "; or set next.inclusive if each page begins with the last record "
                      "of the one before");
}

void key_track::take(identity id)
{
    if (identifies_) {
        here_.insert(id);
        page_.push_back(id);
    }
    if (sorted_ && skipping_ && !last_.empty() && rank_against(last_) > 0) skipping_ = false;

    // Only a bound of some of the fields, and groups, ask what came before the last value.
    if (leading_ < c_.key.size() || groups_) move_bound();
    std::swap(last_, now_);
    any_ = true;
}

void key_track::move_bound()
{
    bool moved = last_.empty();
    for (std::size_t i = 0; i < leading_ && !moved; ++i)
        moved = compare_fields(c_.key[i].type, now_[i], last_[i]) != std::strong_ordering::equal;
    if (!moved) return;

    if (!last_.empty())
        previous_bound_.assign(last_.begin(), last_.begin() + std::ptrdiff_t(leading_));
    bound_moved_ = true;
    tie_start_ = identifies_ ? page_.size() - 1 : 0;
}

bool key_track::brings_only(const std::vector<identity>& these) const
{
    const std::unordered_set<identity> wanted(these.begin(), these.end());
    return std::all_of(again_.begin(), again_.end(),
                       [&](identity id) { return wanted.contains(id); });
}

void key_track::write(checkpoint& to, key_memory* memory, std::size_t known_limit) const
{
    to.skipping = skipping_;
    // Under a counter a page of nothing but old records is still the one before the next. Else its
    // records are among those of the last page that had a new one, and those may come again.
    const bool moved_on = counters_ && !again_.empty() && !groups_ && !skipping_;
    if (!any_ && !moved_on) return;

    if (!previous_bound_.empty()) {
        to.previous_bound.clear();
        for (const field_view& f : previous_bound_)
            to.previous_bound.push_back(value{f.kind, std::string(f.text)});
    }
    // Built apart: the views may look into `to`.
    std::vector<value> last;
    for (const field_view& f : last_)
        last.push_back(value{f.kind, std::string(f.text)});
    to.last_key = std::move(last);
    if (memory != nullptr) write_identities(to, *memory, known_limit);
}

void key_track::write_identities(checkpoint& to, key_memory& memory, std::size_t known_limit) const
{
    // Groups keep the last one's records, all else the whole page's. What stays holds `again_`.
    const bool whole = !groups_ || counters_;
    const bool anew = !groups_ || bound_moved_;
    const std::span<const identity> taken =
        std::span(page_).subspan(whole ? std::size_t(0) : tie_start_);
    if (anew) {
        to.ties.clear();
        if (whole) to.ties = again_;
    }
    to.ties.insert(to.ties.end(), taken.begin(), taken.end());
    if (anew)
        memory.add(to.ties, true, skipping_);
    else
        memory.add(taken, false, skipping_);

    if (key_memory::needed(c_) == key_memory::reach::everything &&
        to.known.size() + page_.size() <= known_limit)
        to.known.insert(to.known.end(), page_.begin(), page_.end());
}

}  // namespace catena
