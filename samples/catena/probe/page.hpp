#pragma once

#include <catena/connector.hpp>
#include <catena/core/http.hpp>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// One answer of the server, content codings undone.
struct answer {
    answer() {}

    int status = 0;
    std::vector<catena::header_field> headers;
    std::string body;
};

/// A value that stands beside the records.
struct member {
    std::string at;       ///< JSON Pointer.
    std::string name;     ///< Its last name as plain() has it ...
    std::string holder;   ///< ... and that of what holds it; empty in the root.
    std::string written;  ///< The last name as the server writes it.
    const boost::json::value* is = nullptr;
};

/** An answer that was read, and where its records may stand.

    Never moved: pointers lead into its own document.
*/
struct page {
    page() {}
    page(const page&) = delete;
    page& operator=(const page&) = delete;

    std::string url;  ///< That was asked.
    answer raw;
    catena::page_format format = catena::page_format::json;
    boost::json::value root;
    std::string records_at;
    const boost::json::array* records = nullptr;  ///< Those at records_at.
    std::vector<member> beside;

    [[nodiscard]] std::size_t size() const { return records == nullptr ? 0 : records->size(); }
    /// The values of all header fields of that name, in order.
    [[nodiscard]] std::vector<std::string_view> header(std::string_view name) const;
};

/** Read an answer of status 2xx as JSON or JSON lines; records are not looked for yet.

    @param lines Earlier pages were JSON lines: one line, or none, is such a page too.
    @param why   Why there is none: XML, HTML, no JSON. Holds no octets of the body but names.
*/
[[nodiscard]] std::unique_ptr<page> read_page(answer a, std::string url, bool lines,
                                              std::string& why);

/// Set where the records stand, and gather what stands beside them.
void settle(page& p, const std::string& records_at);

/// The value at a JSON Pointer, or nullptr.
[[nodiscard]] const boost::json::value* find(const boost::json::value& in, std::string_view at);

/// A whole number, also one that is written as a text; nothing for others.
[[nodiscard]] std::optional<std::int64_t> whole(const boost::json::value& v);

/// A name that can stand in a connector: short, without controls.
[[nodiscard]] bool is_usable(std::string_view name);

}  // namespace probe
