#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace catena::core {

/** The words of a JSON text (RFC 8259), read strictly one after another.

    Nothing here knows nesting: a reader asks for the word that it expects. After a refusal at()
    is the octet that cannot stand there and fault() says why.
*/
class json_lexer {
public:
    explicit json_lexer(std::string_view text) : text_(text) {}

    [[nodiscard]] std::size_t at() const noexcept { return at_; }
    [[nodiscard]] bool done() const noexcept { return at_ == text_.size(); }
    [[nodiscard]] const char* fault() const noexcept { return fault_; }
    [[nodiscard]] std::string_view since(std::size_t begin) const noexcept
    {
        return text_.substr(begin, at_ - begin);
    }

    /// The next octet after white space, or NUL at the end.
    char peek() noexcept;

    /// Take `c` if it is next after white space.
    bool take(char c) noexcept;

    /// Read a string, quotes included, and decode it into `out`. @pre peek() is its quote.
    bool string(std::string& out);

    /// Read a number, or refuse what stands here as no JSON value. @pre peek() was called.
    bool number() noexcept;

    /// Read `true`, `false` or `null`. @pre peek() was called.
    bool literal(std::string_view word) noexcept;

private:
    bool refuse(const char* why) noexcept
    {
        fault_ = why;
        return false;
    }
    std::size_t digits() noexcept;
    bool escape() noexcept;
    bool character() noexcept;

    std::string_view text_;
    std::size_t at_ = 0;
    const char* fault_ = "";
};

/// Octets of the UTF-8 character that `text` begins with, or 0 where none does (RFC 3629).
[[nodiscard]] std::size_t utf8_length(std::string_view text) noexcept;

enum class json_shape { none, object, other };

/// What `text` is: one JSON document that is an object, another one, or none at all.
[[nodiscard]] json_shape json_shape_of(std::string_view text);

}  // namespace catena::core
