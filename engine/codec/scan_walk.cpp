#include "codec/scan_octets.hpp"
#include <catena/codec/scan.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// Measured: left to the compiler's own judgement, the walk keeps its place in memory and takes
// twice as long.
#if defined(__GNUC__)
#define CATENA_INLINE [[gnu::always_inline]] inline
#else
#define CATENA_INLINE inline
#endif

namespace catena {

using codec::step;

/* One call of feed: where it stands in the octets. Lives in registers, so its address must not
   leave: whatever is not inlined gets offsets. */
struct scan_walk {
    using state = scanner::state;
    using digits = scanner::digits;

    scanner& s;
    const char* const base;
    const char* const end;
    const char* p;
    state in;
    const char* block = nullptr;  // whose special octets are known, or nullptr
    std::uint64_t special = 0;    // one bit for each of them

    [[nodiscard]] CATENA_INLINE std::size_t here() const noexcept
    {
        return static_cast<std::size_t>(p - base);
    }

    /// Leave: for want of octets, or because the one at p is wrong.
    CATENA_INLINE void stop(step why = step::more)
    {
        s.state_ = in;
        s.at_ = here();
        if (why == step::bad) s.fail(errc::malformed_json, here());
    }

    /// Whether an octet that is no space lies ahead.
    CATENA_INLINE bool ahead()
    {
        if (p != end && static_cast<unsigned char>(*p) > ' ') return true;
        p = codec::skip_space(p, end);
        return p != end;
    }

    /** Go to the next octet that is special in a string, or to the end.

        A block's special octets are found at once, so that most strings cost a shift and a count
        of bits: half the time of looking at each string's own octets.
    */
    CATENA_INLINE void skip_plain()
    {
        constexpr std::ptrdiff_t size = codec::block_size;
        for (;;) {
            if (block == nullptr || p - block >= size) {
                if (end - p < size) {
                    block = nullptr;
                    p = codec::skip_plain(p, end);
                    return;
                }
                block = p;
                special = codec::special_in_block(p);
            }
            const std::uint64_t left = special >> (p - block);
            if (left != 0) {
                p += std::countr_zero(left);
                return;
            }
            p = block + size;
            if (p == end) return;
        }
    }

    /// Pass the rest of a string.
    CATENA_INLINE step string()
    {
        for (;;) {
            skip_plain();
            if (p == end) return step::more;
            if (*p == '"') {
                ++p;
                return step::done;
            }
            step passed = step::done;
            const char* at = p;
            if (*p == '\\') {
                s.escaped_ = true;
                passed = codec::pass_escape(at, end);
            } else if (static_cast<unsigned char>(*p) < 0x20) {
                return step::bad;
            } else if (s.limits_.text == scan_limits::utf8::raw) {
                ++at;
            } else {
                passed = codec::pass_utf8(at, end);
            }
            p = at;
            if (passed != step::done) return passed;
        }
    }

    /// Pass the rest of a number. `more` when the octets end in it, `bad` when it must go on.
    CATENA_INLINE step number()
    {
        digits at = s.digits_;
        const step passed = number_from(at);
        s.digits_ = at;
        return passed;
    }

    CATENA_INLINE step number_from(digits& at)
    {
        for (; p != end; ++p) {
            const bool digit = codec::is_digit(*p);
            const bool e = *p == 'e' || *p == 'E';
            switch (at) {
                case digits::sign:
                    if (!digit) return step::bad;
                    at = *p == '0' ? digits::zero : digits::whole;
                    continue;
                case digits::whole:
                    if (digit) continue;
                    [[fallthrough]];
                case digits::zero:
                    if (*p != '.' && !e) return step::done;
                    at = e ? digits::e : digits::point;
                    continue;
                case digits::point:
                    if (!digit) return step::bad;
                    at = digits::fraction;
                    continue;
                case digits::fraction:
                    if (digit) continue;
                    if (!e) return step::done;
                    at = digits::e;
                    continue;
                case digits::e:
                    if (*p == '+' || *p == '-') {
                        at = digits::e_sign;
                        continue;
                    }
                    [[fallthrough]];
                case digits::e_sign:
                    if (!digit) return step::bad;
                    at = digits::exponent;
                    continue;
                case digits::exponent:
                    if (!digit) return step::done;
                    continue;
            }
        }
        return step::more;
    }

    /// A literal is read whole or not at all: its few octets are looked at again.
    CATENA_INLINE bool literal(std::string_view text, json_kind kind)
    {
        const bool whole = static_cast<std::size_t>(end - p) >= text.size() &&
                           std::memcmp(p, text.data(), text.size()) == 0;
        for (std::size_t i = 0; !whole && i < text.size(); ++i) {
            const bool short_of = static_cast<std::size_t>(end - p) <= i;
            if (!short_of && p[i] == text[i]) continue;
            if (!short_of) p += i;
            stop(short_of ? step::more : step::bad);
            return false;
        }
        const std::size_t from = here();
        p += text.size();
        in = state::after;
        if (s.next_ < 0) return true;
        if (!s.begin_value(from)) return false;
        s.on_scalar(kind, from, here());
        return true;
    }

    /// Whether the plan has a name as long as the one that ends here; else it is none of its.
    [[nodiscard]] CATENA_INLINE bool name_may_count() const
    {
        const std::size_t length = here() - 1 - s.token_;
        return (s.lengths_ >> (length < 63 ? length : 63) & 1) != 0 || s.escaped_;
    }

    /// A value begins that is no string. Whether to go on.
    CATENA_INLINE bool other_value()
    {
        switch (*p) {
            case '{':
            case '[':
                in = *p == '{' ? state::first_name : state::first_value;
                if (!s.open(*p == '{', here())) return false;
                ++p;
                return true;
            case 't': return literal("true", json_kind::boolean);
            case 'f': return literal("false", json_kind::boolean);
            case 'n': return literal("null", json_kind::null);
            default: break;
        }
        if (*p != '-' && !codec::is_digit(*p)) {
            stop(step::bad);
            return false;
        }
        if (!token(here())) return false;
        s.digits_ = digits::sign;
        if (*p == '-') ++p;
        in = state::number;
        return true;
    }

    /// A string or number begins.
    CATENA_INLINE bool token(std::size_t at)
    {
        s.token_ = at;
        return s.next_ < 0 || s.begin_value(at);
    }

    CATENA_INLINE void close(bool object)
    {
        ++p;
        s.close(object, here());
        in = state::after;
    }

    CATENA_INLINE void element()
    {
        if (s.tracked_ == s.depth_) s.on_element();
        in = state::value;
    }

    /// What follows a value. Whether to go on.
    CATENA_INLINE bool after()
    {
        if (s.depth_ == 0) {
            in = state::done;
            return true;
        }
        const bool object = s.in_object();
        if (*p == ',') {
            ++p;
            if (object) {
                in = state::name;
            } else {
                element();
            }
            return true;
        }
        if (*p != (object ? '}' : ']')) {
            stop(step::bad);
            return false;
        }
        close(object);
        return true;
    }

    CATENA_INLINE void run();
};

/// The states are ordered so that each falls into the one that most often follows.
CATENA_INLINE void scan_walk::run()
{
    for (;;) {
        switch (in) {
            case state::first_name:
                if (!ahead()) return stop();
                if (*p == '}') {
                    close(true);
                    continue;
                }
                [[fallthrough]];
            case state::name:
                if (!ahead()) return stop();
                if (*p != '"') return stop(step::bad);
                ++p;
                s.token_ = here();
                s.escaped_ = false;
                in = state::name_text;
                [[fallthrough]];
            case state::name_text:
                if (const step passed = string(); passed != step::done) return stop(passed);
                if (s.tracked_ == s.depth_ && name_may_count() &&
                    !s.on_name({base + s.token_, here() - 1 - s.token_}, s.token_ - 1))
                    return;
                in = state::colon;
                [[fallthrough]];
            case state::colon:
                if (!ahead()) return stop();
                if (*p != ':') return stop(step::bad);
                ++p;
                in = state::value;
                [[fallthrough]];
            case state::value:
                if (!ahead()) return stop();
                if (*p != '"') {
                    if (!other_value()) return;
                    continue;
                }
                if (!token(here())) return;
                ++p;
                s.escaped_ = false;
                in = state::text;
                [[fallthrough]];
            case state::text:
                if (const step passed = string(); passed != step::done) return stop(passed);
                if (s.next_ >= 0) s.on_scalar(json_kind::string, s.token_, here());
                in = state::after;
                [[fallthrough]];
            case state::after:
                if (!ahead()) return stop();
                if (!after()) return;
                continue;
            case state::number:
                if (const step passed = number(); passed != step::done) return stop(passed);
                if (s.next_ >= 0) s.on_scalar(json_kind::number, s.token_, here());
                in = state::after;
                continue;
            case state::first_value:
                if (!ahead()) return stop();
                if (*p == ']') {
                    close(false);
                } else {
                    element();
                }
                continue;
            case state::done: return stop(ahead() ? step::bad : step::more);
            case state::failed: return;
        }
    }
}

error_code scanner::feed(std::string_view body)
{
    if (state_ == state::failed) return code_;
    scan_walk walk{*this, body.data(), body.data() + body.size(), body.data() + at_, state_};
    walk.run();
    return code_;
}

error_code scanner::finish(std::string_view body)
{
    if (feed(body)) return code_;
    const bool number_ends = digits_ == digits::zero || digits_ == digits::whole ||
                             digits_ == digits::fraction || digits_ == digits::exponent;
    if (state_ == state::number && depth_ == 0 && number_ends) {
        if (next_ >= 0) on_scalar(json_kind::number, token_, body.size());
        state_ = state::done;
    }
    if (state_ == state::after && depth_ == 0) state_ = state::done;
    if (state_ != state::done) fail(errc::malformed_json, body.size());
    return code_;
}

}  // namespace catena
