// In place of the XML readers where Expat was not there at build time.
#include "codec/xml_outline.hpp"
#include "codec/xml_scan.hpp"

#include <stdexcept>

struct XML_ParserStruct {};

namespace catena::codec {

void require_xml()
{
    throw std::invalid_argument(
        "pages of format \"xml\" need Expat, and this catena was built without it: install "
        "libexpat1-dev (vcpkg, conan: expat) and build it again");
}

void end_of_parser::operator()(XML_ParserStruct*) const noexcept {}

xml_scanner::xml_scanner(const scan_plan& plan, const scan_limits& l)
    : plan_(&plan), limits_(l), out_(plan)
{
    require_xml();
}

xml_scanner::~xml_scanner() = default;
void xml_scanner::reset(std::size_t) {}
error_code xml_scanner::feed(std::string_view) { return make_error_code(errc::invalid_state); }
error_code xml_scanner::finish(std::string_view) { return make_error_code(errc::invalid_state); }
std::string xml_scanner::pointer() const { return {}; }

std::optional<xml_outline> outline_of(std::string_view, std::string_view) { return std::nullopt; }

}  // namespace catena::codec
