#include "members.hpp"

#include <boost/json/parse.hpp>

namespace command {

namespace {

constexpr std::string_view blanks = " \t\r\n";

void skip_blanks(std::string_view& rest)
{
    const std::size_t at = rest.find_first_not_of(blanks);
    rest.remove_prefix(at == rest.npos ? rest.size() : at);
}

/// The length of the string at the beginning of `rest`, quotes included.
std::size_t string_size(std::string_view rest)
{
    std::size_t at = 1;
    while (at < rest.size() && rest[at] != '"')
        at += rest[at] == '\\' ? 2 : 1;
    return std::min(at + 1, rest.size());
}

std::size_t value_size(std::string_view rest)
{
    std::size_t depth = 0, at = 0;
    while (at < rest.size()) {
        const char c = rest[at];
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) break;
        if (c == '"') {
            at += string_size(rest.substr(at));
            continue;
        }
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        ++at;
    }
    const std::size_t last = rest.substr(0, at).find_last_not_of(blanks);
    return last == rest.npos ? 0 : last + 1;
}

std::string_view take(std::string_view& rest, std::size_t size)
{
    const std::string_view taken = rest.substr(0, size);
    rest.remove_prefix(size);
    skip_blanks(rest);
    return taken;
}

}  // namespace

std::string text_of(std::string_view json)
{
    if (json.empty() || json.front() != '"') return std::string(json);
    boost::json::error_code malformed;
    const boost::json::value v =
        boost::json::parse(boost::json::string_view(json.data(), json.size()), malformed);
    if (malformed || !v.is_string()) return std::string(json);
    return std::string(v.get_string().begin(), v.get_string().end());
}

std::optional<std::vector<member>> members_of(std::string_view record)
{
    std::string_view rest = record;
    skip_blanks(rest);
    if (rest.empty() || rest.front() != '{') return std::nullopt;
    (void)take(rest, 1);
    std::vector<member> all;
    while (!rest.empty() && rest.front() == '"') {
        member m;
        m.name = text_of(take(rest, string_size(rest)));
        if (rest.empty() || rest.front() != ':') return std::nullopt;
        (void)take(rest, 1);
        m.value = take(rest, value_size(rest));
        all.push_back(std::move(m));
        if (rest.empty() || rest.front() != ',') break;
        (void)take(rest, 1);
    }
    if (rest.empty() || rest.front() != '}') return std::nullopt;
    return all;
}

}  // namespace command
