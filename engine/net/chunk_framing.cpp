#include "net/chunk_framing.hpp"

#include "net/octets.hpp"

#include <limits>

namespace catena::net {
namespace {

int hex_value(char c) noexcept
{
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

chunk_framing::event chunk_framing::go(place next) noexcept
{
    at_ = next;
    return event::none;
}

chunk_framing::event chunk_framing::on_octet(char c) noexcept
{
    if (at_ == place::data_cr) return c == '\r' ? go(place::data_lf) : event::malformed;
    if (at_ == place::data_lf) return c == '\n' ? go(place::size_first) : event::malformed;
    if (at_ >= place::trailer_first) return on_trailer(c);
    return on_size_line(c);
}

chunk_framing::event chunk_framing::on_size_line(char c) noexcept
{
    if (at_ == place::size_first) {
        line_ = 0;
        size_ = 0;
    }
    if (++line_ > limits_.chunk_line_octets) return event::line_too_long;

    if (at_ == place::size_line_end) {
        if (c != '\n') return event::malformed;
        if (size_ == 0) return go(place::trailer_first);
        at_ = place::data_cr;
        return event::chunk;
    }
    if (at_ == place::size_first || at_ == place::size) {
        if (const int digit = hex_value(c); digit >= 0) {
            if (size_ > std::numeric_limits<std::uint64_t>::max() >> 4) return event::malformed;
            size_ = size_ << 4 | static_cast<std::uint64_t>(digit);
            return go(place::size);
        }
        if (at_ == place::size_first) return event::malformed;
    }
    if (at_ == place::size || at_ == place::after_size) {
        if (c == '\r') return go(place::size_line_end);
        if (c == ';') return go(place::extension_first);
        return is_blank(c) ? go(place::after_size) : event::malformed;
    }
    return on_extension(c);
}

chunk_framing::event chunk_framing::on_extension(char c) noexcept
{
    const bool quoted = at_ == place::quoted || at_ == place::escaped;
    if (c == '\r')
        return quoted || at_ == place::extension_first ? event::malformed
                                                       : go(place::size_line_end);
    if (is_control(c) && c != '\t') return event::malformed;

    if (at_ == place::escaped) return go(place::quoted);
    if (at_ == place::quoted) {
        if (c == '\\') return go(place::escaped);
        return go(c == '"' ? place::extension : place::quoted);
    }
    if (is_blank(c)) return event::none;
    if (c == ';')
        return at_ == place::extension_first ? event::malformed : go(place::extension_first);
    if (at_ == place::extension_first)
        return is_token_octet(c) ? go(place::extension) : event::malformed;
    return c == '"' ? go(place::quoted) : event::none;
}

// Trailers are checked and dropped: a field that comes after the body is too late to be believed.
chunk_framing::event chunk_framing::on_trailer(char c) noexcept
{
    if (++trailer_ > limits_.trailer_octets) return event::trailer_too_long;

    switch (at_) {
        case place::trailer_first:
            if (c == '\r') return go(place::last_line_end);
            return is_token_octet(c) ? go(place::trailer_name) : event::malformed;
        case place::trailer_name:
            if (c == ':') return go(place::trailer_value);
            return is_token_octet(c) ? event::none : event::malformed;
        case place::trailer_value:
            if (c == '\r') return go(place::trailer_line_end);
            return c == '\n' || c == '\0' ? event::malformed : event::none;
        case place::trailer_line_end:
            return c == '\n' ? go(place::trailer_first) : event::malformed;
        default: return c == '\n' ? event::end : event::malformed;
    }
}

}  // namespace catena::net
