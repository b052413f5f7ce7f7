#include "codec/request_builder_query.hpp"

#include <catena/core/http.hpp>
#include <catena/core/identity.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

namespace catena::codec {
namespace {

constexpr bool is_unreserved(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

int hex(char c) noexcept
{
    if (c >= '0' && c <= '9') return c - '0';
    const char l = static_cast<char>(c | 0x20);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

}  // namespace

std::string form_decoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool escape =
            text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
        if (escape) {
            out += static_cast<char>(hex(text[i + 1]) << 4 | hex(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

void append_encoded(std::string& to, std::string_view text)
{
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : text) {
        if (is_unreserved(c)) {
            to += c;
            continue;
        }
        const auto octet = static_cast<unsigned char>(c);
        to += '%';
        to += digits[octet >> 4];
        to += digits[octet & 15];
    }
}

parameter make_parameter(std::string_view name, std::string_view value)
{
    parameter p;
    p.name = name;
    p.text.reserve(name.size() + value.size() + 16);
    append_encoded(p.text, name);
    p.text += '=';
    append_encoded(p.text, value);
    p.shown = p.text;
    return p;
}

parameter make_hidden_parameter(std::string_view name, std::string_view value,
                                std::string_view mark)
{
    parameter p = make_parameter(name, value);
    p.shown.erase(p.shown.find('=') + 1);
    p.shown += mark;
    return p;
}

const parameter* lost_parameter(const std::vector<parameter>& wanted, std::string_view raw)
{
    const std::vector<parameter> there = split_query(raw);
    for (const parameter& w : wanted) {
        const bool kept = std::any_of(there.begin(), there.end(), [&](const parameter& p) {
            return p.text == w.text || form_decoded(p.text) == form_decoded(w.text);
        });
        if (!kept && !w.text.empty()) return &w;
    }
    return nullptr;
}

std::vector<parameter> split_query(std::string_view raw)
{
    std::vector<parameter> out;
    while (!raw.empty()) {
        const std::string_view text = raw.substr(0, raw.find('&'));
        parameter p;
        p.name = form_decoded(text.substr(0, text.find('=')));
        p.text = text;
        p.shown = text;
        if (is_telling_name(p.name) && text.find('=') != std::string_view::npos) {
            p.shown.erase(text.find('=') + 1);
            p.shown += ellipsis;
        }
        out.push_back(std::move(p));
        if (text.size() == raw.size()) break;
        raw.remove_prefix(text.size() + 1);
        if (raw.empty()) out.emplace_back();  // "a=1&": an empty parameter stands at the end
    }
    return out;
}

bool is_telling_name(std::string_view name)
{
    constexpr std::array<std::string_view, 18> names{
        "apikey",       "authkey",   "authtoken", "accesstoken", "accesskey",     "auth",
        "token",        "key",       "secret",    "password",    "passwd",        "pwd",
        "clientsecret", "signature", "sig",       "sessionid",   "xamzsignature", "jwt"};
    std::string plain;
    for (const char c : name)
        if (c != '-' && c != '_' && c != '.') plain += c;
    const bool marked = plain.size() > 1 && (plain[0] == 'x' || plain[0] == 'X');
    return std::any_of(names.begin(), names.end(), [&](std::string_view n) {
        return equal_ignoring_case(plain, n) ||
               (marked && equal_ignoring_case(std::string_view(plain).substr(1), n));
    });
}

std::string struck_cursor(std::string_view text)
{
    constexpr char digits[] = "0123456789abcdef";
    const identity id = identity_of(text);
    std::string out(ellipsis);
    for (const unsigned shift : {12u, 8u, 4u, 0u})
        out += digits[id.low >> shift & 15];
    return out;
}

}  // namespace catena::codec
