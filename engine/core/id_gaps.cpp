#include "core/big_number.hpp"
#include <catena/core/id_gaps.hpp>
#include <catena/core/key.hpp>

#include <charconv>
#include <limits>
#include <optional>
#include <system_error>

namespace catena {

using core::big_number;

namespace {

// A number of up to 18 digits: its neighbours need no more.
std::optional<std::int64_t> small_integer(std::string_view text) noexcept
{
    std::int64_t out = 0;
    if (text.size() > 18) return std::nullopt;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
}

std::optional<big_number> integer(std::string_view text)
{
    std::optional<big_number> n = core::read_big(text);
    if (n && n->scale != 0) n.reset();
    return n;
}

std::uint64_t sum(std::uint64_t a, std::uint64_t b) noexcept
{
    return a > std::numeric_limits<std::uint64_t>::max() - b
               ? std::numeric_limits<std::uint64_t>::max()
               : a + b;
}

// How many a number is, if that can be said in 64 bits.
std::uint64_t amount(const big_number& n) noexcept
{
    std::uint64_t out = 0;
    const char* const end = n.digits.data() + n.digits.size();
    const bool fits = std::from_chars(n.digits.data(), end, out).ec == std::errc();
    return fits ? out : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

id_gaps::id_gaps(std::size_t most, double most_skips) : most_(most), most_skips_(most_skips) {}

bool id_gaps::feed(std::string_view key)
{
    if (!usable_) return false;
    const std::optional<std::int64_t> now = small_integer(key);
    const std::optional<std::int64_t> before = small_integer(last_);
    if (now && before && *now == *before + 1) {
        last_ = key;
        ++keys_;
        return true;
    }
    usable_ = now || integer(key);
    if (!usable_) return false;
    if (keys_ != 0) {
        const std::strong_ordering order = compare_numbers(last_, key);
        usable_ = order <= 0;
        if (order >= 0) return usable_;
        skip(key);
    }
    last_ = key;
    ++keys_;
    return true;
}

void id_gaps::skip(std::string_view key)
{
    big_number one;
    one.digits = "1";
    const std::optional<big_number> before = integer(last_);
    const std::optional<big_number> now = integer(key);
    if (!before || !now) return;
    const big_number first = plus(*before, one);
    const std::uint64_t missing = amount(minus(*now, first));
    if (missing == 0) return;
    ++holes_;
    missing_ = sum(missing_, missing);
    if (gaps_.size() < most_) gaps_.emplace_back(text_of(first), text_of(*now));
}

bool id_gaps::dense() const noexcept
{
    constexpr std::uint64_t least_keys = 20;
    return usable_ && keys_ >= least_keys &&
           static_cast<double>(holes_) <= most_skips_ * static_cast<double>(keys_ - 1);
}

}  // namespace catena
