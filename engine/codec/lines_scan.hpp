#pragma once

#include <catena/codec/scan.hpp>
#include <catena/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace catena::codec {

/** Finds what a plan wants in JSON lines, as their octets come. No I/O.

    Every line is one record, a JSON value of its own; blank ones pass, also with a CR. Slots are
    looked for in each line and hold what the last one has: there a stream says how it went. Once
    the body is complete scanned::records_place() is an array.

    @par Guarantee
    The result does not depend on how the body was cut into pieces. A line that is cut, holds more
    than one value or is no JSON makes the whole body malformed, with the octet's place in the body.

    @par Errors
    As of class scanner, for each line.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.

    @par Complexity
    Linear in the octets, whatever the pieces.
*/
class lines_scanner {
public:
    /// @pre `plan` outlives this object and names no records: every line is one.
    explicit lines_scanner(const scan_plan& plan, const scan_limits& l = {});
    lines_scanner(const lines_scanner&) = delete;
    lines_scanner& operator=(const lines_scanner&) = delete;

    // As of class scanner.
    void reset(std::size_t records = 0);
    error_code feed(std::string_view body) { return read(body, false); }
    error_code finish(std::string_view body);
    [[nodiscard]] const scanned& so_far() const noexcept { return out_; }
    [[nodiscard]] std::vector<extent> take_records() noexcept { return out_.take_records(); }
    [[nodiscard]] std::size_t octet() const noexcept { return at_; }
    [[nodiscard]] std::string pointer() const { return line_.pointer(); }

private:
    static scan_request of_a_line(const scan_plan& plan);

    error_code read(std::string_view body, bool whole);
    void begin_line(std::string_view body, std::size_t end);
    void end_line(std::string_view text);
    void fail(error_code why, std::size_t at);

    std::size_t record_limit_;
    scan_plan line_plan_;  // slots: the fields' places, then the slots'
    scanner line_;
    std::size_t at_ = 0;     // octets read
    std::size_t begin_ = 0;  // of the open line's value
    bool open_ = false;      // a value has begun in this line
    error_code code_;
    scanned out_;
};

}  // namespace catena::codec
