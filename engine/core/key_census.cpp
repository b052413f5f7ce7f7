#include "core/key_census.hpp"

#include "core/json_lexer.hpp"
#include "core/splitmix.hpp"

#include <algorithm>

namespace catena::core {

namespace {

constexpr std::size_t longest_id = 18;  // digits: sums of two still fit 64 bits

bool is_id(std::string_view text) noexcept
{
    if (text.empty() || text.size() > longest_id) return false;
    if (text.size() > 1 && text.front() == '0') return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<std::string> leading_field(std::string_view key, bool composite)
{
    json_lexer in(key);
    if (composite && !in.take('[')) return std::nullopt;
    std::string out;
    if (in.peek() == '"') return in.string(out) ? std::optional(out) : std::nullopt;
    const std::size_t begin = in.at();
    if (!in.number()) return std::nullopt;
    out = in.since(begin);
    return out;
}

key_census::key_census(std::size_t picks, std::uint64_t seed, std::size_t most)
    : picks_(picks), most_(most), state_(seed)
{
}

void key_census::feed(const std::optional<std::string>& field)
{
    ++keys_;
    all_ids_ = all_ids_ && field && is_id(*field);
    if (!field) return;
    // Each key has the same chance to stay (reservoir sampling).
    if (picked_.size() < picks_) {
        picked_.push_back(*field);
    } else if (picks_ != 0) {
        const std::uint64_t place = draw(state_) % keys_;
        if (place < picks_) picked_[static_cast<std::size_t>(place)] = *field;
    }
    if (!all_ids_) return by_length_.clear();
    one_length& same = by_length_.try_emplace(field->size(), most_).first->second;
    if (same.gaps.keys() == 0) same.first = *field;
    all_ids_ = same.gaps.feed(*field);
    same.last = *field;
}

std::optional<key_census::ids> key_census::holes() const
{
    if (!all_ids_ || keys_ == 0) return std::nullopt;
    ids out;
    std::uint64_t holes = 0, keys = 0;
    const auto add = [&](const id_gaps& more) {
        holes += more.holes();
        out.missing += more.missing();
        out.holes.insert(out.holes.end(), more.gaps().begin(), more.gaps().end());
    };
    const std::string* before = nullptr;
    for (const auto& [length, same] : by_length_) {
        if (before != nullptr) {
            id_gaps seam(1);
            (void)seam.feed(*before);
            (void)seam.feed(same.first);
            add(seam);
        }
        add(same.gaps);
        keys += same.gaps.keys();
        before = &same.last;
    }
    constexpr std::uint64_t least_keys = 20;
    constexpr double most_skips = 0.1;
    out.dense = keys >= least_keys &&
                static_cast<double>(holes) <= most_skips * static_cast<double>(keys - 1);
    return out;
}

}  // namespace catena::core
