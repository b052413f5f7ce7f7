#include "page_records.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <sstream>

namespace command {

namespace {

namespace json = boost::json;

std::optional<json::value> parsed(const std::string& text)
{
    json::parse_options o;
    o.max_depth = 1024;
    o.allow_invalid_utf8 = true;  // a server's octets are kept as they came
    json::error_code ec;
    json::value v = json::parse(text, ec, {}, o);
    if (ec) return std::nullopt;
    return v;
}

std::optional<std::uint64_t> lines_in(const std::string& body)
{
    std::uint64_t n = 0;
    std::istringstream in(body);
    for (std::string line; std::getline(in, line);) {
        if (line.find_first_not_of(" \t\r") == line.npos) continue;
        if (!parsed(line)) return std::nullopt;
        ++n;
    }
    return n;
}

}  // namespace

std::optional<std::uint64_t> records_in(const catena::connector& c, const std::string& body)
{
    if (body.empty()) return std::nullopt;
    if (c.format == catena::page_format::xml) return 0;
    if (c.format == catena::page_format::json_lines) return lines_in(body);
    const std::optional<json::value> page = parsed(body);
    if (!page) return std::nullopt;
    json::error_code absent;
    const json::value* const at = page->find_pointer(c.records.at, absent);
    if (at == nullptr || at->is_null()) {
        // A page of tokens alone has no records, and need have no place for them.
        const bool may = c.records.when_absent == catena::records_rule::absence::empty ||
                         c.discovery.has_value();
        return may ? std::optional<std::uint64_t>(0) : std::nullopt;
    }
    if (at->is_array()) return at->as_array().size();
    if (at->is_object() && c.records.as == catena::records_rule::shape::map)
        return at->as_object().size();
    return std::nullopt;
}

}  // namespace command
