#pragma once

#include "net/chunk_framing.hpp"
#include <catena/core/http.hpp>
#include <catena/error.hpp>
#include <catena/net/intake_limits.hpp>
#include <catena/net/transport.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catena::net {

/** Reads answers of HTTP/1.0 and HTTP/1.1 from one connection, one after another, without I/O.

    Framing that could be read in two ways is refused (RFC 9112, sections 6 and 11): both lengths,
    two lengths, unknown transfer codings, bare line feeds, folded lines.

    @par Invariants
    The outcome does not depend on how the octets are cut into pieces. No more than
    `limits.header_octets + 1` octets are held, and body octets never are. After done() or failed()
    no octet is taken. The receiver is called with on_head once and before any on_body.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class response_reader {
public:
    enum class body_rule {
        as_framed,
        never,   ///< The answer to HEAD.
        tunnel,  ///< The answer to CONNECT: lengths mean nothing (RFC 9110, section 9.3.6).
    };

    explicit response_reader(const intake_limits& limits = {}) : limits_(limits), chunks_(limits) {}

    /// Be ready for the next answer. @pre Nothing was fed yet, or done().
    void expect(body_rule body);

    /** Take octets as they came.

        @return How many were taken: all of them, or fewer once done() or failed().
    */
    std::size_t feed(std::string_view octets, response_receiver& to);

    /// The connection ended in good order: an answer framed by that is done, any other is cut.
    void on_end();

    [[nodiscard]] bool done() const noexcept { return at_ == place::done; }
    [[nodiscard]] bool failed() const noexcept { return at_ == place::failed; }

    /// Why it failed(): errc::bad_response, not_tls, limit_exceeded, truncated, or the receiver's.
    [[nodiscard]] error_code error() const noexcept { return error_; }

    /// The failure in words; nothing of the server's but octets of a first line that is not HTTP.
    [[nodiscard]] const std::string& detail() const noexcept { return detail_; }

    /// Whether the server lets the connection serve again. @pre done().
    [[nodiscard]] bool keep_alive() const noexcept { return keep_alive_; }

    /// How far the answer came, in words: "got 42 of 52 octets of the body".
    [[nodiscard]] std::string progress() const;

private:
    enum class place { head, sized, chunk_frame, chunk_data, until_end, done, failed };

    struct field_place {
        std::uint32_t name, name_size, value, value_size;
    };

    // What the header fields say about framing, gathered as they pass.
    struct framing {
        std::uint64_t length = 0;
        unsigned lengths = 0, codings = 0;
        bool close = false, keep = false;
    };

    void fail(error_code ec, std::string detail);
    void reset_head();
    std::size_t read_head(std::string_view octets, response_receiver& to);
    [[nodiscard]] bool read_lines(std::string_view text);
    [[nodiscard]] bool read_line(std::string_view text, std::size_t end);
    void check_start(std::string_view text);
    void read_status(std::string_view line);
    void read_field(std::string_view line, std::size_t at);
    void note_framing(std::string_view name, std::string_view value);
    void note_length(std::string_view value);
    void note_connection(std::string_view value);
    void end_head(std::string_view head, response_receiver& to);
    void choose_framing();
    void give(std::string_view octets, response_receiver& to);
    std::size_t read_counted(std::string_view octets, response_receiver& to, place after);
    std::size_t read_chunk_frame(std::string_view octets);
    std::size_t read_until_end(std::string_view octets, response_receiver& to);

    intake_limits limits_;
    place at_ = place::head;
    body_rule rule_ = body_rule::as_framed;
    bool keep_alive_ = false;
    error_code error_;
    std::string detail_;

    std::string held_;          // a head that comes in pieces
    std::size_t line_ = 0;      // where its current line starts
    std::size_t searched_ = 0;  // no line feed between there and here
    std::size_t lines_ = 0;
    std::size_t interim_ = 0;
    int status_ = 0;
    int version_ = 11;
    framing said_;
    std::vector<field_place> fields_;
    std::vector<header_view> views_;

    chunk_framing chunks_;
    std::uint64_t left_ = 0;  // of the body, or of the current chunk
    std::uint64_t body_ = 0;  // given so far
};

}  // namespace catena::net
