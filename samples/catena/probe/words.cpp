#include "words.hpp"

#include <algorithm>
#include <cstddef>

namespace probe {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex(char c)
{
    if (is_digit(c)) return c - '0';
    const char low = static_cast<char>(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

std::string decoded(std::string_view raw)
{
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const bool coded =
            raw[i] == '%' && i + 2 < raw.size() && hex(raw[i + 1]) >= 0 && hex(raw[i + 2]) >= 0;
        if (coded)
            text += static_cast<char>(hex(raw[i + 1]) * 16 + hex(raw[i + 2]));
        else
            text += raw[i] == '+' ? ' ' : raw[i];
        if (coded) i += 2;
    }
    return text;
}

std::vector<std::string_view> parts_of(std::string_view url)
{
    std::vector<std::string_view> parts;
    const std::size_t mark = url.find('?');
    if (mark == std::string_view::npos) return parts;
    std::string_view query = url.substr(mark + 1);
    query = query.substr(0, query.find('#'));
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        if (end > 0) parts.push_back(query.substr(0, end));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return parts;
}

std::string name_of(std::string_view part) { return decoded(part.substr(0, part.find('='))); }

}  // namespace

std::string plain(std::string_view name)
{
    std::string out;
    for (const char c : name)
        if (is_letter(c) || is_digit(c)) out += is_letter(c) ? static_cast<char>(c | 0x20) : c;
    return out;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string shown(std::string_view word)
{
    constexpr std::size_t most = 60;
    std::string out;
    for (const char c : word.substr(0, most))
        out += c >= ' ' && c < 0x7f ? c : '?';
    return word.size() > most ? out + "..." : out;
}

std::string pointer_to(const std::string& at, std::string_view name)
{
    std::string out = at + '/';
    for (const char c : name) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

std::string counted(std::size_t n, const std::string& thing)
{
    return std::to_string(n) + ' ' + thing + (n == 1 ? "" : "s");
}

std::string encoded(std::string_view text)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            out += c;
            continue;
        }
        const auto octet = static_cast<unsigned char>(c);
        out += {'%', digits[octet >> 4], digits[octet & 15]};
    }
    return out;
}

std::vector<parameter> parameters_of(std::string_view url)
{
    std::vector<parameter> out;
    for (const std::string_view part : parts_of(url)) {
        const std::size_t equals = std::min(part.find('='), part.size());
        out.push_back({name_of(part), decoded(part.substr(std::min(equals + 1, part.size())))});
    }
    return out;
}

std::optional<std::string> parameter_of(std::string_view url, std::string_view name)
{
    for (parameter& p : parameters_of(url))
        if (p.name == name) return std::move(p.text);
    return std::nullopt;
}

std::string without_parameter(std::string_view url, std::string_view name)
{
    std::string out(url.substr(0, url.find('?')));
    char mark = '?';
    for (const std::string_view part : parts_of(url)) {
        if (name_of(part) == name) continue;
        out.append(1, mark).append(part);
        mark = '&';
    }
    return out;
}

std::string with_parameter(std::string_view url, std::string_view name, std::string_view text)
{
    std::string out = without_parameter(url, name);
    out += out.find('?') == std::string::npos ? '?' : '&';
    return out.append(encoded(name)).append("=").append(encoded(text));
}

std::string_view path_of(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
    url.remove_prefix(std::min(url.find_first_of("/?#"), url.size()));
    return url.substr(0, url.find_first_of("?#"));
}

}  // namespace probe
