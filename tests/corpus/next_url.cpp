// The corpus next-url-policy: which URLs of a server are followed, and with what.
#include "support/catch.hpp"
#include "support/json_corpus.hpp"
#include <catena/codec/next_url.hpp>

#include <boost/json.hpp>

#include <iostream>
#include <map>
#include <string>
#include <vector>

using namespace catena;
namespace json = boost::json;

namespace {

struct verdict {
    bool follows = false;
    std::string url, reason;
    bool credentials = false;
};

/* Two things are not resolve_next's to decide and are translated here: a page that names itself is
   reported as same_page, since some APIs declare that to be the end, and the chain decides; an
   empty text is no next URL for the page reader, which never asks about it. */
verdict judge(const json::object& c, const std::vector<origin>& allowed)
{
    url_policy policy;
    policy.allowed = allowed;
    url_refusal why{};
    const auto r = resolve_next(json::value_to<std::string>(c.at("base")),
                                json::value_to<std::string>(c.at("next")), policy, why);
    verdict v;
    if (!r.has_value()) {
        v.reason = to_text(why);
    } else if (r.value().same_page) {
        v.reason = "loop";
    } else {
        v = {true, r.value().text(), "", r.value().credentials};
    }
    return v;
}

bool agrees(const json::object& expect, const verdict& v)
{
    if (const json::value* either = expect.if_contains("either")) {
        for (const json::value& one : either->as_array())
            if (agrees(one.as_object(), v)) return true;
        return false;
    }
    if (expect.contains("end_or_error")) return !v.follows;
    if (const json::value* refuse = expect.if_contains("refuse"))
        return !v.follows && (refuse->as_string() == "any" || refuse->as_string() == v.reason);
    if (!v.follows || expect.at("credentials").as_bool() != v.credentials) return false;
    if (const json::value* one = expect.if_contains("follow")) return one->as_string() == v.url;
    for (const json::value& one : expect.at("follow_any").as_array())
        if (one.as_string() == v.url) return true;
    return false;
}

// Cases that are decided otherwise on purpose, each with its reason.
const std::map<std::string, std::string> deviations{
    {"allowlisted-cred", "credentials never leave their origin: there is no setting for it yet"},
};

}  // namespace

TEST_CASE("the corpus of next URLs is decided as it says", "[A5][A6][A7][P21][corpus]")
{
    const json::array cases = testing::json_corpus("next-url-policy/next.json");
    std::size_t good = 0;
    for (const json::value& one : cases) {
        const json::object& c = one.as_object();
        const auto id = json::value_to<std::string>(c.at("id"));
        std::vector<origin> allowed;
        if (id == "allowlisted-cred") allowed.push_back({true, "cdn.example.com", 443});
        const verdict v = judge(c, allowed);
        INFO(id << ": " << v.url << ' ' << v.reason);
        const bool right = agrees(c.at("expect").as_object(), v);
        good += right ? 1 : 0;
        CHECK(right == !deviations.contains(id));
    }
    std::cout << "next-url-policy: " << good << " of " << cases.size() << '\n';
    for (const auto& [id, reason] : deviations)
        std::cout << "  " << id << ": " << reason << '\n';
}
