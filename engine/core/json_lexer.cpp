#include "core/json_lexer.hpp"

#include <catena/core/json_text.hpp>

#include <utility>

namespace catena::core {
namespace {

constexpr std::size_t deepest = 64;

constexpr bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr unsigned octet(char c) noexcept { return static_cast<unsigned char>(c); }

// One value, and all values in it. Recursion is bounded by `room`.
bool value(json_lexer& in, std::size_t room)
{
    std::string ignored;
    switch (in.peek()) {
        case '"': return in.string(ignored);
        case 't': return in.literal("true");
        case 'f': return in.literal("false");
        case 'n': return in.literal("null");
        case '[':
            if (room == 0 || !in.take('[')) return false;
            if (in.take(']')) return true;
            do {
                if (!value(in, room - 1)) return false;
            } while (in.take(','));
            return in.take(']');
        case '{':
            if (room == 0 || !in.take('{')) return false;
            if (in.take('}')) return true;
            do {
                if (in.peek() != '"' || !in.string(ignored) || !in.take(':')) return false;
                if (!value(in, room - 1)) return false;
            } while (in.take(','));
            return in.take('}');
        default: return in.number();
    }
}

}  // namespace

char json_lexer::peek() noexcept
{
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
        ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
}

bool json_lexer::take(char c) noexcept
{
    if (peek() != c || done()) return false;
    ++at_;
    return true;
}

bool json_lexer::literal(std::string_view word) noexcept
{
    if (text_.substr(at_, word.size()) != word) return refuse("this is no JSON value");
    at_ += word.size();
    return true;
}

std::size_t json_lexer::digits() noexcept
{
    const std::size_t begin = at_;
    while (at_ < text_.size() && digit(text_[at_]))
        ++at_;
    return at_ - begin;
}

bool json_lexer::number() noexcept
{
    const auto next_is = [this](char c) { return at_ < text_.size() && text_[at_] == c; };
    if (next_is('-')) ++at_;
    if (next_is('0'))
        ++at_;
    else if (digits() == 0)
        return refuse("this is no JSON value");
    if (next_is('.')) {
        ++at_;
        if (digits() == 0) return refuse("a number needs a digit here");
    }
    if (next_is('e') || next_is('E')) {
        ++at_;
        if (next_is('+') || next_is('-')) ++at_;
        if (digits() == 0) return refuse("a number needs a digit here");
    }
    return true;
}

bool json_lexer::string(std::string& out)
{
    const std::size_t begin = at_++;
    for (;;) {
        if (done()) return refuse("a string is not closed");
        if (text_[at_] == '"') break;
        if (!(text_[at_] == '\\' ? escape() : character())) return false;
    }
    unescaped inner = unescape(text_.substr(begin + 1, at_ - begin - 1));
    if (inner.lone_surrogate) {
        at_ = begin;
        return refuse("half a surrogate pair is no character");
    }
    out = std::move(inner.text);
    ++at_;
    return true;
}

bool json_lexer::character() noexcept
{
    if (octet(text_[at_]) < 0x20)
        return refuse("a control character stands in a string; write it as an escape");
    const std::size_t length = utf8_length(text_.substr(at_));
    if (length == 0) return refuse("this octet is not UTF-8");
    at_ += length;
    return true;
}

bool json_lexer::escape() noexcept
{
    constexpr std::string_view names = "\"\\/bfnrt";
    if (++at_ == text_.size()) return refuse("a string is not closed");
    if (text_[at_] != 'u') {
        if (names.find(text_[at_]) == std::string_view::npos)
            return refuse("JSON has no such escape");
        ++at_;
        return true;
    }
    ++at_;
    for (int i = 0; i < 4; ++i, ++at_) {
        if (done()) return refuse("a string is not closed");
        const char low = static_cast<char>(text_[at_] | 0x20);
        if (!digit(text_[at_]) && !(low >= 'a' && low <= 'f'))
            return refuse("an escape \\u needs four hexadecimal digits");
    }
    return true;
}

std::size_t utf8_length(std::string_view text) noexcept
{
    if (text.empty()) return 0;
    const unsigned lead = octet(text[0]);
    if (lead < 0x80) return 1;
    if (lead < 0xc2 || lead > 0xf4) return 0;
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((octet(text[i]) & 0xc0) != 0x80) return 0;

    // Overlong forms, surrogates and points past the last one show in the second octet.
    const unsigned second = octet(text[1]);
    if (lead == 0xe0 && second < 0xa0) return 0;
    if (lead == 0xed && second > 0x9f) return 0;
    if (lead == 0xf0 && second < 0x90) return 0;
    if (lead == 0xf4 && second > 0x8f) return 0;
    return length;
}

json_shape json_shape_of(std::string_view text)
{
    json_lexer in(text);
    const bool object = in.peek() == '{';
    if (!value(in, deepest)) return json_shape::none;
    in.peek();
    if (!in.done()) return json_shape::none;
    return object ? json_shape::object : json_shape::other;
}

}  // namespace catena::core
