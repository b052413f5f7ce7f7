// layer: codec
#pragma once

#include <catena/error.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/// A content coding (RFC 9110, section 8.4.1). `br` and `zstd` are optional parts of a build.
enum class content_coding : unsigned char { gzip, deflate, br, zstd };

/// What an answer says about the codings of its body.
struct content_codings {
    std::vector<content_coding> undo;  ///< In the order to undo them: the last applied is first.
    error_code trouble;                ///< errc::wrong_encoding: the body cannot be read.
    std::string flaw;                  ///< With `trouble`: which coding and why; fit for messages.
};

/** Read Content-Encoding.

    Names compare without case; "x-gzip" is gzip. Empty elements and "identity" do not count.

    @param lines The values of all its lines, in order.
    @param most  Codings on top of one another that are taken.
    @return Trouble where a coding is unknown or not built in, or there are more than `most`.
*/
[[nodiscard]] content_codings read_content_codings(std::span<const std::string_view> lines,
                                                   std::size_t most = 2);

/// What this build can undo, as the value of Accept-Encoding: "gzip, deflate, br, zstd".
[[nodiscard]] std::string_view accept_encoding();

/** Undoes the content codings of one body after another as their octets arrive. No I/O.

    Several gzip members, and several zstd frames, are one body. "deflate" is the zlib form, or
    plain deflate, as browsers take it; the first two octets tell. A body without any octet is
    empty, whatever its codings.

    @par Guarantee
    Whether a body is whole, and what it holds, does not depend on how it was cut into pieces. A
    body that is cut, fails its checksum or goes on after its end is an error. Time is linear in the
    octets that come and go. Besides `out`, gzip and deflate keep 60 KB each, zstd and br at most a
    window (8 MB and 16 MB) and its tables. No layer makes more than the limit, whatever the ratio.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class decoder {
public:
    decoder();
    ~decoder();
    decoder(decoder&&) noexcept;
    decoder& operator=(decoder&&) noexcept;

    /** A body begins. Memory of the bodies before is used again where the coding allows it.

        @param undo  From @ref read_content_codings. Without any, octets pass as they are.
        @param limit Octets of the body as received, and after each of its codings is undone.
        @throws std::bad_alloc
        @pre Each coding is one of @ref accept_encoding.
    */
    void reset(std::span<const content_coding> undo, std::size_t limit);

    /** The body goes on: append what it holds to `out`.

        @return errc::limit_exceeded, with as much appended as the limit allows;
       errc::wrong_encoding where the body does not begin as its coding does (a false label);
       errc::damaged_coding. The same from then on: what stands in `out` is no body. Where a body is
       wrong in two ways, its pieces may decide which is said.
        @throws std::bad_alloc Then only @ref reset may follow.
    */
    [[nodiscard]] error_code push(std::string_view octets, std::string& out);

    /// The body is complete. @return errc::damaged_coding where it is cut, or what push() said.
    [[nodiscard]] error_code finish();

    /// What is wrong, once something is: "gzip: incorrect data check". Holds no octets of a server.
    [[nodiscard]] const std::string& flaw() const noexcept;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace catena
