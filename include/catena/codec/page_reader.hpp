// layer: codec
#pragma once

#include <catena/codec/page_limits.hpp>
#include <catena/codec/scan.hpp>
#include <catena/connector.hpp>
#include <catena/core/http.hpp>
#include <catena/core/page_facts.hpp>
#include <catena/core/time.hpp>
#include <catena/error.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/** A connector compiled for reading answers. Shared by all chains that walk it.

    @par Thread safety
    Distinct objects: safe. Shared objects: safe for reading.
*/
class page_contract {
public:
    /// @pre validate(*c) is empty.
    /// @throws std::invalid_argument for pages in XML, if this catena was built without Expat.
    explicit page_contract(std::shared_ptr<const connector> c, const page_limits& l = {});
    ~page_contract();

    [[nodiscard]] const connector& description() const noexcept;

    struct impl;
    [[nodiscard]] const impl& compiled() const noexcept { return *impl_; }

private:
    std::shared_ptr<const impl> impl_;
};

/// The octets of a page and where its records stand in them.
struct page_content {
    std::string body;
    std::vector<extent> records;
    std::string key_octets;
    std::vector<key_extent> keys;  ///< Of each record as many as the connector's key has fields.
};

/** Reads one answer after another: octets in, page_facts out. No I/O.

    Body octets may come in any pieces; the result does not depend on how they were cut.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class page_reader {
public:
    explicit page_reader(std::shared_ptr<const page_contract> contract);
    ~page_reader();
    page_reader(page_reader&&) noexcept;
    page_reader& operator=(page_reader&&) noexcept;

    /// Offer a used buffer for the next page's body. Its content is lost.
    void lend(std::string buffer);

    /** An answer begins.

        @param url      Absolute URL that was asked; relative next URLs resolve against it.
        @param head     Copied as far as needed.
        @param received The calendar at this moment, for Retry-After dates.
        @param hidden   Secrets and cursors of the request, http_request::hidden: copied, and struck
                        out of the server's words.
        @return errc::limit_exceeded or errc::wrong_encoding where the body need not be read.
    */
    [[nodiscard]] error_code begin(std::string_view url, const response_head& head,
                                   wall_time received, std::span<const std::string> hidden = {});

    /** The body goes on.

        @return errc::limit_exceeded, or on a 2xx answer errc::malformed_json, malformed_xml,
        ambiguous_field, wrong_content or wrong_encoding once that is certain and enough of the body
        is here to say what it is. Then call @ref finish for the facts all the same.
    */
    [[nodiscard]] error_code on_body(std::string_view octets);

    /** The answer is complete (or `begin` or `on_body` refused it).

        @return Facts whose views stay valid until begin(), take() or destruction.
    */
    [[nodiscard]] page_facts finish();

    /// The page's octets and records. @pre finish() said answer::page.
    [[nodiscard]] page_content take();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace catena
