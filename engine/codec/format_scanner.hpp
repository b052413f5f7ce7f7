#pragma once

#include "codec/lines_scan.hpp"
#include "codec/xml_scan.hpp"
#include <catena/codec/scan.hpp>
#include <catena/connector.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace catena::codec {

/// The scanner for pages of one format. What it found is read through so_far(), the same for all.
class format_scanner {
public:
    format_scanner(page_format f, const scan_plan& plan, const scan_limits& l)
        : is_(f == page_format::xml          ? kinds(std::in_place_type<xml_scanner>, plan, l)
              : f == page_format::json_lines ? kinds(std::in_place_type<lines_scanner>, plan, l)
                                             : kinds(std::in_place_type<scanner>, plan, l))
    {
    }

    void reset(std::size_t records = 0)
    {
        std::visit([&](auto& s) { s.reset(records); }, is_);
    }
    error_code feed(std::string_view body)
    {
        return std::visit([&](auto& s) { return s.feed(body); }, is_);
    }
    error_code finish(std::string_view body)
    {
        return std::visit([&](auto& s) { return s.finish(body); }, is_);
    }
    [[nodiscard]] const scanned& so_far() const
    {
        return std::visit([](const auto& s) -> const scanned& { return s.so_far(); }, is_);
    }
    [[nodiscard]] std::vector<extent> take_records()
    {
        return std::visit([](auto& s) { return s.take_records(); }, is_);
    }
    [[nodiscard]] std::size_t octet() const
    {
        return std::visit([](const auto& s) { return s.octet(); }, is_);
    }
    [[nodiscard]] std::string pointer() const
    {
        return std::visit([](const auto& s) { return s.pointer(); }, is_);
    }
    /// What an XML document's error is about; empty for JSON.
    [[nodiscard]] std::string trouble() const
    {
        const xml_scanner* const xml = std::get_if<xml_scanner>(&is_);
        return xml == nullptr ? std::string() : xml->trouble();
    }

private:
    using kinds = std::variant<scanner, xml_scanner, lines_scanner>;
    kinds is_;
};

}  // namespace catena::codec
