#include "core/connector_checks.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace catena::core {
namespace {

/// The root element in a pointer: "/a" of "/a/b/c".
std::string_view root_in(std::string_view pointer) noexcept
{
    return pointer.substr(0, pointer.find('/', 1));
}

bool has_attribute_inside(std::string_view pointer) noexcept
{
    const std::size_t at = pointer.find("/@");
    return at != std::string_view::npos && pointer.find('/', at + 1) != std::string_view::npos;
}

}  // namespace

/// What an XML document cannot say. Pointers that are none have been refused before.
void connector_check::pages_of_xml()
{
    const std::string& records = c_.records.at;
    if (c_.records.as == records_rule::shape::map)
        flaw("/records/shape", "XML has no maps", "point to the element that repeats");
    if (root_in(records).size() == records.size() || records.find("/@") != std::string::npos)
        flaw("/records/at", "in XML the records are an element that repeats inside another",
             "name both, as in \"/ListBucketResult/Contents\"");

    for (std::size_t i = 0; i < c_.key.size(); ++i)
        xml_record(c_.key[i].at, item("/key", i) + "/at");
    for (std::size_t i = 0; i < c_.next.from.size(); ++i) {
        const token_source& s = c_.next.from[i];
        const std::string where = item("/next/from", i);
        if (s.from == token_source::place::body) xml_value(s.at, where + "/body", true);
        if (s.from == token_source::place::last_record) xml_record(s.at, where + "/last_record");
        xml_record(s.where_at, where + "/where");
        xml_record(s.value_at, where + "/value");
        if (!s.where_at.empty() && root_in(s.at).size() == s.at.size())
            flaw(where + "/body", "the root element does not repeat",
                 "name an element in it, as in \"/feed/link\"");
    }
    for (std::size_t i = 0; i < c_.next.to.size(); ++i)
        if (c_.next.to[i].to == token_target::place::query && c_.next.to[i].at == "*")
            flaw(item("/next/to", i), "a token out of XML is a text and cannot be spread",
                 "name one parameter");
    for (std::size_t i = 0; i < c_.end.size(); ++i) {
        const end_rule& e = c_.end[i];
        if (e.what == end_rule::kind::null)
            flaw(item("/end", i), "XML has no null", "use \"empty_string\" or \"missing\"");
        if (e.what == end_rule::kind::flag_false) xml_value(e.at, item("/end", i) + "/false", true);
        if (e.what == end_rule::kind::flag_true) xml_value(e.at, item("/end", i) + "/true", true);
        if (e.what == end_rule::kind::sign) xml_test(e.when, item("/end", i));
    }
    if (c_.total && c_.total->from == total_rule::place::body)
        xml_value(c_.total->at, "/total/body", true);
    for (std::size_t i = 0; i < c_.errors.size(); ++i)
        xml_test(c_.errors[i].when, item("/errors", i) + "/when");
    for (std::size_t i = 0; i < c_.expiry.signs.size(); ++i)
        xml_test(c_.expiry.signs[i], item("/expiry/signs", i));
    if (c_.expiry.recover.by == recovery_rule::method::token_from)
        xml_value(c_.expiry.recover.at, "/expiry/recover/token_from", false);
}

/// A place in a record.
void connector_check::xml_record(const std::string& pointer, const std::string& where)
{
    if (has_attribute_inside(pointer))
        flaw(where, "nothing stands in an attribute", "end the place with \"/@name\"");
}

/// A place in the document; `in_pages` if it is sought in a page beside its records.
void connector_check::xml_value(const std::string& pointer, const std::string& where, bool in_pages)
{
    xml_record(pointer, where);
    const std::string& records = c_.records.at;
    if (pointer == records || pointer.starts_with(records + '/'))
        flaw(where, "this place is in a record, and there are many of them",
             "point to an element beside the records");
    else if (in_pages && root_in(pointer) != root_in(records))
        flaw(where, "a document has one root element, and the records stand in another",
             "begin with \"" + std::string(root_in(records)) + "/\"");
}

void connector_check::xml_test(const sign& s, const std::string& where)
{
    if (!s.body) return;
    if (s.body->empty())
        flaw(where + "/body", "in XML a place begins with the root element",
             "name it, as in \"/Error/Code\", or leave \"body\" out to look at all of the text");
    else
        xml_value(*s.body, where + "/body", false);
}

}  // namespace catena::core
