#include "net/response_reader.hpp"

#include "net/octets.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace catena::net {
namespace {

constexpr std::string_view start_of_answer = "HTTP/1.";

std::string in_hex(std::string_view octets)
{
    constexpr char digit[] = "0123456789abcdef";
    std::string text;
    for (char c : octets.substr(0, 16)) {
        const auto u = static_cast<unsigned char>(c);
        text += digit[u >> 4];
        text += digit[u & 15];
        text += ' ';
    }
    if (!text.empty()) text.pop_back();
    return text;
}

// A text of the server's, short and without controls.
std::string shown(std::string_view octets)
{
    std::string text(octets.substr(0, 40));
    for (char& c : text)
        if (c < ' ' || c > '~') c = '?';
    return '"' + text + '"';
}

std::string over(const char* limit, std::uint64_t value)
{
    return std::string("intake_limits::") + limit + " is " + std::to_string(value);
}

}  // namespace

void response_reader::expect(body_rule body)
{
    at_ = place::head;
    rule_ = body;
    interim_ = 0;
    body_ = left_ = 0;
    keep_alive_ = false;
    chunks_ = chunk_framing(limits_);
    reset_head();
}

void response_reader::reset_head()
{
    held_.clear();
    line_ = searched_ = lines_ = 0;
    said_ = framing();
    fields_.clear();
}

void response_reader::fail(error_code ec, std::string detail)
{
    at_ = place::failed;
    error_ = ec;
    detail_ = std::move(detail);
}

std::size_t response_reader::feed(std::string_view octets, response_receiver& to)
{
    std::size_t taken = 0;
    while (taken < octets.size() && !done() && !failed()) {
        const std::string_view rest = octets.substr(taken);
        switch (at_) {
            case place::head: taken += read_head(rest, to); break;
            case place::sized: taken += read_counted(rest, to, place::done); break;
            case place::chunk_frame: taken += read_chunk_frame(rest); break;
            case place::chunk_data: taken += read_counted(rest, to, place::chunk_frame); break;
            case place::until_end: taken += read_until_end(rest, to); break;
            case place::done:
            case place::failed: break;
        }
    }
    return taken;
}

void response_reader::on_end()
{
    if (done() || failed()) return;
    if (at_ == place::until_end) {
        at_ = place::done;
    } else {
        fail(errc::truncated, "the connection ended: " + progress());
    }
}

std::string response_reader::progress() const
{
    const std::string got = "got " + std::to_string(body_);
    switch (at_) {
        case place::head:
            return line_ == 0 && searched_ == 0 && interim_ == 0 ? "no octet of an answer came"
                                                                 : "the header block is cut";
        case place::sized:
            return got + " of " + std::to_string(body_ + left_) + " octets of the body";
        case place::chunk_data:
        case place::chunk_frame: return got + " octets of a chunked body, and not its last chunk";
        default: return got + " octets of the body";
    }
}

// A head that comes in one piece is read where it lies; only a cut one is copied.
std::size_t response_reader::read_head(std::string_view octets, response_receiver& to)
{
    const std::size_t before = held_.size();
    if (before != 0) held_.append(octets.substr(0, limits_.header_octets + 1 - before));
    const std::string_view all = before != 0 ? std::string_view(held_) : octets;
    const std::string_view text = all.substr(0, limits_.header_octets);

    if (read_lines(text)) {
        const std::size_t size = line_;
        end_head(text.substr(0, size), to);
        return size - before;
    }
    if (failed()) return 0;
    if (lines_ == 0) check_start(text);
    if (!failed() && all.size() > limits_.header_octets)
        fail(errc::limit_exceeded, over("header_octets", limits_.header_octets));
    if (failed()) return 0;
    if (before == 0) held_.assign(octets);
    return octets.size();
}

// Whether the empty line that ends the block was found.
bool response_reader::read_lines(std::string_view text)
{
    for (;;) {
        const std::size_t end = text.find('\n', std::max(line_, searched_));
        if (end == std::string_view::npos) {
            searched_ = text.size();
            return false;
        }
        const bool last = read_line(text, end);
        line_ = end + 1;
        if (last || failed()) return last;
    }
}

bool response_reader::read_line(std::string_view text, std::size_t end)
{
    if (lines_ == 0) check_start(text.substr(0, end + 1));
    if (failed()) return false;
    if (end == line_ || text[end - 1] != '\r') {
        fail(errc::bad_response, "a line of the header block ends without CR");
        return false;
    }
    const std::string_view line = text.substr(line_, end - 1 - line_);
    if (lines_ != 0 && line.empty()) return true;

    if (line.find('\r') != line.npos || line.find('\0') != line.npos) {
        fail(errc::bad_response, "the header block holds a bare CR or a NUL");
    } else if (lines_ == 0) {
        read_status(line);
    } else if (lines_ > limits_.header_lines) {
        fail(errc::limit_exceeded, over("header_lines", limits_.header_lines));
    } else {
        read_field(line, line_);
    }
    ++lines_;
    return false;
}

// As early as possible: a server of another protocol may wait for us to speak.
void response_reader::check_start(std::string_view text)
{
    if (text.empty()) return;
    // The first octet of a TLS alert or handshake record.
    if (text[0] == '\x15' || text[0] == '\x16')
        return fail(errc::not_tls, "the server speaks TLS and was addressed in plain HTTP");
    const std::size_t n = std::min(text.size(), start_of_answer.size());
    if (text.substr(0, n) != start_of_answer.substr(0, n))
        fail(errc::bad_response, "not an answer of HTTP/1.x; it starts with " + in_hex(text));
}

void response_reader::read_status(std::string_view line)
{
    const std::size_t at = start_of_answer.size();
    const bool shaped = line.size() >= at + 5 && (line[at] == '0' || line[at] == '1') &&
                        line[at + 1] == ' ' && is_digit(line[at + 2]) && is_digit(line[at + 3]) &&
                        is_digit(line[at + 4]) && (line.size() == at + 5 || line[at + 5] == ' ');
    if (!shaped || line[at + 2] == '0')
        return fail(errc::bad_response, "the status line is not one of HTTP/1.x");
    version_ = line[at] == '1' ? 11 : 10;
    status_ = (line[at + 2] - '0') * 100 + (line[at + 3] - '0') * 10 + (line[at + 4] - '0');
}

void response_reader::read_field(std::string_view line, std::size_t at)
{
    if (is_blank(line[0])) return fail(errc::bad_response, "a folded line in the header block");
    const std::size_t colon = line.find(':');
    if (colon == line.npos || !is_token(line.substr(0, colon)))
        return fail(errc::bad_response, "a line of the header block has no proper field name");

    const std::string_view name = line.substr(0, colon);
    const std::string_view value = without_blanks(line.substr(colon + 1));
    const auto value_at = at + static_cast<std::size_t>(value.data() - line.data());
    fields_.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(name.size()),
                       static_cast<std::uint32_t>(value_at),
                       static_cast<std::uint32_t>(value.size())});
    note_framing(name, value);
}

void response_reader::note_framing(std::string_view name, std::string_view value)
{
    if (rule_ == body_rule::tunnel) return;
    switch (name.size()) {
        case 10:
            if (equal_ignoring_case(name, "connection")) note_connection(value);
            break;
        case 14:
            if (equal_ignoring_case(name, "content-length")) note_length(value);
            break;
        case 17:
            if (!equal_ignoring_case(name, "transfer-encoding")) break;
            ++said_.codings;
            if (!equal_ignoring_case(value, "chunked"))
                fail(errc::bad_response, "a transfer coding other than chunked: " + shown(value));
            break;
        default: break;
    }
}

void response_reader::note_length(std::string_view value)
{
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    bool good = !value.empty();
    std::uint64_t n = 0;
    for (char c : value) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        good = good && is_digit(c) && n <= (most - digit) / 10;
        if (good) n = n * 10 + digit;
    }
    if (!good) return fail(errc::bad_response, "Content-Length is not one decimal number");
    said_.length = n;
    ++said_.lengths;
}

void response_reader::note_connection(std::string_view value)
{
    while (!value.empty()) {
        const std::size_t comma = std::min(value.find(','), value.size());
        const std::string_view option = without_blanks(value.substr(0, comma));
        said_.close = said_.close || equal_ignoring_case(option, "close");
        said_.keep = said_.keep || equal_ignoring_case(option, "keep-alive");
        value.remove_prefix(std::min(comma + 1, value.size()));
    }
}

void response_reader::end_head(std::string_view head, response_receiver& to)
{
    if (status_ == 101)
        return fail(errc::bad_response, "the server changed to a protocol nobody asked for");
    if (status_ < 200) {
        if (++interim_ > limits_.interim_answers)
            return fail(errc::limit_exceeded, over("interim_answers", limits_.interim_answers));
        return reset_head();
    }
    choose_framing();
    if (failed()) return;

    views_.clear();
    for (const field_place& f : fields_)
        views_.push_back({head.substr(f.name, f.name_size), head.substr(f.value, f.value_size)});
    response_head shown;
    shown.status = status_;
    shown.version = version_;
    shown.headers = views_;
    if (const error_code ec = to.on_head(shown)) fail(ec, "");
}

void response_reader::choose_framing()
{
    const bool chunked = said_.codings != 0;
    if (said_.lengths > 1 || said_.codings > 1 || (said_.lengths != 0 && chunked))
        return fail(errc::bad_response, "the length of the body is given twice");
    if (chunked && version_ == 10) return fail(errc::bad_response, "a chunked body in HTTP/1.0");

    keep_alive_ = !said_.close && (version_ == 11 || said_.keep);
    if (rule_ != body_rule::as_framed || status_ == 204 || status_ == 304) {
        // A 204 must not announce a body, so one that does may well send it (RFC 9110, 15.3.5).
        if (status_ == 204 && (chunked || said_.length != 0)) keep_alive_ = false;
        at_ = place::done;
    } else if (chunked) {
        at_ = place::chunk_frame;
    } else if (said_.lengths == 0) {
        keep_alive_ = false;
        at_ = place::until_end;
    } else if (said_.length > limits_.body_octets) {
        fail(errc::limit_exceeded, over("body_octets", limits_.body_octets) + ", Content-Length " +
                                       std::to_string(said_.length));
    } else {
        left_ = said_.length;
        at_ = left_ == 0 ? place::done : place::sized;
    }
}

void response_reader::give(std::string_view octets, response_receiver& to)
{
    body_ += octets.size();
    if (const error_code ec = to.on_body(octets)) fail(ec, "");
}

std::size_t response_reader::read_counted(std::string_view octets, response_receiver& to,
                                          place after)
{
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(octets.size(), left_));
    left_ -= n;
    if (left_ == 0) at_ = after;
    give(octets.substr(0, n), to);
    return n;
}

std::size_t response_reader::read_chunk_frame(std::string_view octets)
{
    using event = chunk_framing::event;
    for (std::size_t i = 0; i < octets.size(); ++i) {
        switch (chunks_.on_octet(octets[i])) {
            case event::none: continue;
            case event::chunk:
                left_ = chunks_.size();
                at_ = place::chunk_data;
                if (left_ > limits_.body_octets - body_)
                    fail(errc::limit_exceeded, over("body_octets", limits_.body_octets));
                break;
            case event::end: at_ = place::done; break;
            case event::malformed:
                fail(errc::bad_response, "broken chunked framing: " + progress());
                break;
            case event::line_too_long:
                fail(errc::limit_exceeded, over("chunk_line_octets", limits_.chunk_line_octets));
                break;
            case event::trailer_too_long:
                fail(errc::limit_exceeded, over("trailer_octets", limits_.trailer_octets));
                break;
        }
        return i + 1;
    }
    return octets.size();
}

std::size_t response_reader::read_until_end(std::string_view octets, response_receiver& to)
{
    if (octets.size() > limits_.body_octets - body_) {
        fail(errc::limit_exceeded, over("body_octets", limits_.body_octets));
        return 0;
    }
    give(octets, to);
    return octets.size();
}

}  // namespace catena::net
