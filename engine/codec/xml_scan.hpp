#pragma once

#include <catena/codec/scan.hpp>
#include <catena/error.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct XML_ParserStruct;  // Expat's

namespace catena::codec {

/// @throws std::invalid_argument if this build cannot read XML; the text names what it lacks.
void require_xml();

struct end_of_parser {
    void operator()(XML_ParserStruct* p) const noexcept;
};
using parser_handle = std::unique_ptr<XML_ParserStruct, end_of_parser>;

/// The name of an element or attribute without its namespace's prefix.
[[nodiscard]] std::string_view local_name(std::string_view name) noexcept;

/// Whether an attribute only declares a namespace.
[[nodiscard]] bool declares_namespace(std::string_view attribute) noexcept;

/** Finds what a plan wants in one XML document, as its octets come. No I/O.

    The whole document is checked, but its namespaces are not: names count without their prefix.
    Wanted texts are kept decoded, in scanned::texts(); an element that has elements in it is of
    kind object and stands for its own octets. Once the element has come that holds the records,
    scanned::records_place() is an array; it is an object if the root element is another.

    @par Guarantee
    The result does not depend on how the body was cut into pieces. No entity is expanded but the
    five of XML itself. A wanted element or attribute, or the way to one, that stands twice in an
    element is errc::ambiguous_field.

    @par Errors
    errc::malformed_xml, errc::ambiguous_field, errc::limit_exceeded for depth or records,
    errc::wrong_content for a document type declaration, errc::wrong_encoding for a document that
    is not in UTF-8.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.

    @par Complexity
    Linear in the octets, whatever the pieces.
*/
class xml_scanner {
public:
    /// @pre `plan` outlives this object.
    explicit xml_scanner(const scan_plan& plan, const scan_limits& l = {});
    ~xml_scanner();
    xml_scanner(const xml_scanner&) = delete;
    xml_scanner& operator=(const xml_scanner&) = delete;

    // As of class scanner.
    void reset(std::size_t records = 0);
    error_code feed(std::string_view body);
    error_code finish(std::string_view body);
    [[nodiscard]] const scanned& so_far() const noexcept { return out_; }
    [[nodiscard]] std::vector<extent> take_records() noexcept { return out_.take_records(); }
    [[nodiscard]] std::size_t octet() const noexcept { return at_; }
    [[nodiscard]] std::string pointer() const;

    /// More about an error, as it came from the parser or the document.
    [[nodiscard]] const std::string& trouble() const noexcept { return trouble_text_; }

private:
    struct frame {
        int node;
        std::size_t depth, begin;
        std::size_t text;      // where its text begins in `texts_`
        std::uint64_t serial;  // tells this element from all others
        bool record;
        bool reads;  // its text is wanted, and no element has stood in it so far
    };

    template <auto member, class... Args>
    static void call(void* self, Args... args) noexcept;

    void listen();
    void parse(std::string_view octets, bool last);
    void locate(std::string_view body);
    void fail(errc why, std::size_t at, std::string text = {});
    [[nodiscard]] bool foreign_start(std::string_view body, bool whole);
    [[nodiscard]] std::size_t place() const;

    void on_declaration(const char* encoding);
    void on_doctype();
    void on_start(const char* name, const char** attributes);
    void on_end();
    void on_text(const char* text, int length);

    [[nodiscard]] int enter(std::string_view name, std::size_t at);
    [[nodiscard]] bool read_attributes(const frame& f, const char** attributes);
    [[nodiscard]] bool once(int node, std::uint64_t serial, std::size_t at);
    [[nodiscard]] const scan_plan::node& node(int n) const;

    const scan_plan* plan_;
    scan_limits limits_;
    int records_root_ = -1;  // the node of the root element that records stand in
    parser_handle parser_;

    std::size_t fed_ = 0;   // octets given to the parser
    std::size_t open_ = 0;  // of them, those of a token that is not complete
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    error_code code_;
    std::string trouble_text_;
    int trouble_ = -1;  // the node that is ambiguous
    std::exception_ptr thrown_;
    std::uint64_t serial_ = 0;

    // Open elements that the plan knows. Nodes of fields are entered in records only.
    std::vector<frame> frames_;
    std::vector<std::uint64_t> seen_;  // serial of the element that last held this node
    scanned out_;
};

}  // namespace catena::codec
