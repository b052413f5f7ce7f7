// layer: codec
#pragma once

#include <catena/codec/extent.hpp>
#include <catena/codec/scan_plan.hpp>
#include <catena/core/position.hpp>
#include <catena/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/// Limits and leniency of a scan. Goes to constructors only.
struct scan_limits {
    enum class utf8 {
        strict,  ///< Octets that are no UTF-8 make a document malformed.
        raw,     ///< They are passed on in strings as they came.
    };

    std::size_t depth = 64;  ///< At most 1024.
    std::size_t records = 10'000'000;
    utf8 text = utf8::strict;
};

/** Finds what a plan wants in one JSON document (RFC 8259), as its octets come. No I/O.

    The whole document is checked, also where nothing is wanted. Nothing is decoded or copied:
    values are offsets into the body. Lone surrogate escapes are passed on as they came.

    @par Guarantee
    The result does not depend on how the body was cut into pieces. Constant stack; memory grows
    only with the number of records. A wanted member, or the way to one, that stands twice in an
    object is errc::ambiguous_field; elsewhere duplicates pass.

    @par Errors
    errc::malformed_json, errc::ambiguous_field, or errc::limit_exceeded for depth or records.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.

    @par Complexity
    Linear in the octets, whatever the pieces.
*/
class scanner {
public:
    /// @pre `plan` outlives this object, and `l.depth <= 1024`.
    explicit scanner(const scan_plan& plan, const scan_limits& l = {});

    /// Forget the document and begin another. Keeps its memory; makes room for `records`.
    void reset(std::size_t records = 0);

    /** Go on where the last call stood.

        @param body All octets so far, from the first; the buffer may have moved.
        @return The same error for ever once there is one.
    */
    error_code feed(std::string_view body);

    /// The body is complete. @return errc::malformed_json if the document is not.
    error_code finish(std::string_view body);

    /// All that has been found.
    [[nodiscard]] const scanned& so_far() const noexcept { return out_; }
    [[nodiscard]] std::vector<extent> take_records() noexcept { return out_.take_records(); }

    // The same one by one; see class scanned.
    [[nodiscard]] const found& slot(std::size_t n) const noexcept { return out_.slot(n); }
    [[nodiscard]] const found& records_place() const noexcept { return out_.records_place(); }
    [[nodiscard]] const std::vector<extent>& records() const noexcept { return out_.records(); }
    [[nodiscard]] const found& field(std::size_t record, std::size_t n) const noexcept
    {
        return out_.field(record, n);
    }

    /// Octets read; after an error the position of the octet that caused it.
    [[nodiscard]] std::size_t octet() const noexcept { return at_; }

    /// JSON Pointer of the member that errc::ambiguous_field is about.
    [[nodiscard]] std::string pointer() const;

private:
    friend struct scan_walk;

    enum class state : unsigned char {
        value,
        first_value,  // or the end of the array
        first_name,   // or the end of the object
        name,
        name_text,
        colon,
        text,
        number,
        after,  // a value
        done,
        failed,
    };
    enum class digits : unsigned char { sign, zero, whole, point, fraction, e, e_sign, exponent };

    struct frame {
        int node;
        std::size_t depth, begin;
        std::size_t next = 0;  // index of the array's next element
        std::uint64_t serial;  // tells this object from all others
        bool records;          // its values are records
        bool record;           // it is one itself
    };

    bool open(bool object, std::size_t at);
    void close(bool object, std::size_t end);
    void track();
    bool on_name(std::string_view name, std::size_t at);
    void on_element();
    bool begin_value(std::size_t at);
    void on_scalar(json_kind kind, std::size_t begin, std::size_t end);
    void fail(errc why, std::size_t at);

    [[nodiscard]] bool in_object() const noexcept
    {
        return (objects_[(depth_ - 1) / 64] >> ((depth_ - 1) % 64) & 1) != 0;
    }

    const scan_plan* plan_;
    scan_limits limits_;

    std::size_t at_ = 0;     // octets read
    std::size_t token_ = 0;  // where the open name, string or number begins
    std::size_t depth_ = 0;
    std::size_t tracked_ = 0;    // depth of the innermost container that the plan knows
    std::uint64_t lengths_ = 0;  // of the names it may care about there, as in node
    int next_ = 0;               // the plan's node for the value to come, or -1
    state state_ = state::value;
    digits digits_ = digits::sign;
    bool escaped_ = false;  // the open string has escapes
    bool in_record_ = false;
    error_code code_;
    int trouble_ = -1;  // the node that is ambiguous
    std::uint64_t serial_ = 0;

    std::array<std::uint64_t, 16> objects_{};  // one bit for each open container
    std::vector<frame> frames_;                // open containers that the plan knows
    std::vector<std::uint64_t> seen_;          // serial of the object that last held this node
    scanned out_;
    std::string scratch_;  // a name without its escapes
};

}  // namespace catena
