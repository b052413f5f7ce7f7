// The corpus structured-fields: the httpwg's own parsing cases of RFC 9651.
#include "support/catch.hpp"
#include "support/json_corpus.hpp"
#include <catena/codec/structured_fields.hpp>

#include <boost/json.hpp>

#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;
namespace json = boost::json;

namespace {

/* What may be read or refused by the RFC, and is read here: base64 without its padding or with bits
   set in it, dates beyond the year 9999, and a text whose comma was taken for the end of a line. */
constexpr std::size_t left_open = 6;

// RFC 4648, section 6: how the corpus writes octets.
std::string base32(std::string_view octets)
{
    std::string out;
    std::uint64_t bits = 0;
    std::size_t held = 0;
    for (const char c : octets) {
        bits = bits << 8 | static_cast<unsigned char>(c);
        for (held += 8; held >= 5; held -= 5)
            out += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[bits >> (held - 5) & 31];
    }
    if (held != 0) out += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[bits << (5 - held) & 31];
    while (out.size() % 8 != 0)
        out += '=';
    return out;
}

// The corpus' way of writing what is read.
struct in_json {
    json::value operator()(std::int64_t n) const { return n; }
    json::value operator()(const sf_decimal& d) const
    {
        return static_cast<double>(d.thousandths) / 1000;
    }
    json::value operator()(const std::string& s) const { return json::string(s); }
    json::value operator()(bool b) const { return b; }
    json::value operator()(const sf_token& t) const { return typed("token", json::string(t.text)); }
    json::value operator()(const sf_binary& b) const
    {
        return typed("binary", json::string(base32(b.octets)));
    }
    json::value operator()(const sf_date& d) const { return typed("date", d.seconds); }
    json::value operator()(const sf_display_string& s) const
    {
        return typed("displaystring", json::string(s.text));
    }
    json::value operator()(const sf_bare_item& b) const { return std::visit(*this, b); }
    json::value operator()(const sf_parameters& all) const
    {
        json::array out;
        for (const auto& [key, value] : all)
            out.push_back(json::array{json::string(key), (*this)(value)});
        return out;
    }
    json::value operator()(const sf_item& i) const
    {
        return json::array{(*this)(i.value), (*this)(i.parameters)};
    }
    json::value operator()(const sf_inner_list& l) const
    {
        json::array items;
        for (const sf_item& i : l.items)
            items.push_back((*this)(i));
        return json::array{std::move(items), (*this)(l.parameters)};
    }
    json::value operator()(const sf_list& l) const
    {
        json::array out;
        for (const sf_member& m : l)
            out.push_back(std::visit(*this, m));
        return out;
    }
    json::value operator()(const sf_dictionary& d) const
    {
        json::array out;
        for (const auto& [key, member] : d)
            out.push_back(json::array{json::string(key), std::visit(*this, member)});
        return out;
    }

private:
    static json::value typed(std::string_view type, json::value value)
    {
        return json::object{{"__type", json::string(type)}, {"value", std::move(value)}};
    }
};

template <class T>
std::optional<json::value> shown(const std::optional<T>& read)
{
    if (!read) return std::nullopt;
    return in_json()(*read);
}

std::optional<json::value> read_case(const json::object& c)
{
    const auto raw = json::value_to<std::vector<std::string>>(c.at("raw"));
    const std::vector<std::string_view> lines(raw.begin(), raw.end());
    const json::string& type = c.at("header_type").as_string();
    if (type == "list") return shown(read_sf_list(lines));
    if (type == "dictionary") return shown(read_sf_dictionary(lines));
    return shown(read_sf_item(lines));
}

bool has(const json::object& c, std::string_view flag)
{
    const json::value* const v = c.if_contains(flag);
    return v != nullptr && v->as_bool();
}

}  // namespace

TEST_CASE("the corpus of structured fields is read as it says", "[R6][corpus]")
{
    std::size_t good = 0;
    std::size_t all = 0;
    std::size_t open = 0;
    std::cout << "structured-fields, open by the RFC and read:";
    for (const char* name :
         {"binary", "boolean", "date", "dictionary", "display-string", "examples", "item", "list",
          "listlist", "number", "param-dict", "param-list", "param-listlist", "string", "token"}) {
        for (const json::value& one :
             testing::json_corpus(std::string("structured-fields/") + name + ".json")) {
            const json::object& c = one.as_object();
            const std::optional<json::value> got = read_case(c);
            INFO(name << ": " << c.at("name") << ": " << (got ? json::serialize(*got) : "nothing"));
            const bool right = has(c, "must_fail") ? !got : got && *got == c.at("expected");
            CHECK(right);
            good += right ? 1 : 0;
            ++all;
            if (!has(c, "can_fail")) continue;
            std::cout << ' ' << c.at("name") << ',';
            ++open;
        }
    }
    std::cout << "\nstructured-fields: " << good << " of " << all << '\n';
    CHECK((all == 0 || open == left_open));
}
