#include "support/catch.hpp"
#include "support/corpora.hpp"
#include <catena/codec/checkpoint_text.hpp>
#include <catena/core/identity.hpp>

#include <boost/json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace catena;

namespace {

value text(std::string t) { return value{json_kind::string, std::move(t)}; }

checkpoint full()
{
    checkpoint c;
    c.fingerprint = "0123456789abcdef";
    c.at.bound = {value{json_kind::number, "18446744073709551616.00"}};
    c.at.tokens = {text("a+/=&%2F\"\\\n"), value{json_kind::object, R"({"a":[1,"b"]})"},
                   value{json_kind::null, ""}};
    c.at.size = std::numeric_limits<std::uint32_t>::max();
    c.ended = true;
    c.pages = 1;
    c.records = std::numeric_limits<std::uint64_t>::max();
    c.query_pages = 2;
    c.query_records = 3;
    c.rebuilds = 4;
    c.full_page = 5;
    c.last_key = {text("2024-01-01"), value{json_kind::number, "1e400"}};
    c.previous_bound = {text("")};
    c.ties = {identity_of("a"), identity{0, 1}};
    c.known = {identity_of("b")};
    c.skipping = true;
    return c;
}

bool refused(const std::string& t)
{
    const auto c = checkpoint_from_text(t);
    return !c.has_value();
}

// A state under a checksum of its own, as only a program with a fault would write it.
std::string signed_text(const std::string& state)
{
    const identity sum = identity_of(state);
    char digits[33];
    std::snprintf(digits, sizeof digits, "%016llx%016llx",
                  static_cast<unsigned long long>(sum.high),
                  static_cast<unsigned long long>(sum.low));
    return std::string(R"({"catena-checkpoint":1,"checksum":")") + digits + R"(","state":)" +
           state + "}";
}

std::string state_of(const checkpoint& c)
{
    const std::string t = to_text(c);
    const std::size_t begin = t.find("\"state\":") + 8;
    return t.substr(begin, t.size() - begin - 1);
}

}  // namespace

TEST_CASE("a checkpoint comes back whole from one line of JSON", "[checkpoint_text][S5]")
{
    for (const checkpoint& c : {checkpoint(), full()}) {
        const std::string t = to_text(c);
        CHECK(t.find('\n') == std::string::npos);
        CHECK(boost::json::parse(t).at("catena-checkpoint") == boost::json::value(1));
        REQUIRE(checkpoint_from_text(t).has_value());
        CHECK(checkpoint_from_text(t).value() == c);
        CHECK(checkpoint_from_text(t + '\n').value() == c);
    }
}

TEST_CASE("every octet survives in cursors and keys", "[checkpoint_text][P19]")
{
    std::string all;
    for (int octet = 0; octet < 256; ++octet) {
        checkpoint c;
        c.at.tokens = {text(std::string(1, static_cast<char>(octet)))};
        c.last_key = {text("x" + c.at.tokens[0].text)};
        all += c.at.tokens[0].text;
        CAPTURE(octet);
        CHECK(checkpoint_from_text(to_text(c)).value() == c);
    }
    checkpoint c;
    c.fingerprint = all;
    c.at.tokens = {text(all), text("\xed\xa0\x80"), text("\xc0\x80"), text("\xf4\x90\x80\x80")};
    CHECK(checkpoint_from_text(to_text(c)).value() == c);

    const unsigned seed = std::random_device{}();
    CAPTURE(seed);
    std::mt19937 chance(seed);
    for (int round = 0; round < 500; ++round) {
        std::string octets(chance() % 40, '\0');
        for (char& o : octets)
            o = static_cast<char>(chance());
        c.at.tokens = {text(octets)};
        CHECK(checkpoint_from_text(to_text(c)).value() == c);
    }
}

TEST_CASE("naughty strings survive as cursors", "[checkpoint_text][corpus]")
{
    const auto file = catena::testing::corpus("naughty-strings/blns.json");
    if (!file) return;
    std::size_t good = 0;
    const boost::json::value parsed = boost::json::parse(*file);
    for (const boost::json::value& each : parsed.as_array()) {
        checkpoint c;
        c.at.tokens = {text(std::string(each.as_string()))};
        const auto back = checkpoint_from_text(to_text(c));
        good += back.has_value() && back.value() == c;
    }
    std::cout << "naughty-strings as checkpoints: " << good << " of " << parsed.as_array().size()
              << '\n';
    CHECK(good == parsed.as_array().size());
}

TEST_CASE("a checkpoint cut anywhere is refused", "[checkpoint_text][S5]")
{
    const std::string t = to_text(full());
    for (std::size_t length = 0; length < t.size(); ++length) {
        CAPTURE(length);
        CHECK(refused(t.substr(0, length)));
        if (length > 0) CHECK(refused(t.substr(length)));
    }
}

TEST_CASE("a checkpoint with one flipped bit is refused", "[checkpoint_text][S5]")
{
    const std::string t = to_text(full());
    std::size_t taken = 0;
    for (std::size_t bit = 0; bit < t.size() * 8; ++bit) {
        std::string flipped = t;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
        taken += !refused(flipped);
    }
    CHECK(taken == 0);
}

TEST_CASE("another version, another file and added octets are refused",
          "[checkpoint_text][S5][S14]")
{
    const std::string t = to_text(full());
    for (const char* version : {"0", "2", "10", "1.0", "\"1\"", "-1", ""}) {
        std::string other = t;
        other.replace(other.find(":1,") + 1, 1, version);
        CAPTURE(version);
        CHECK(refused(other));
    }
    for (const std::string& other : {std::string(), std::string("{}"), std::string("\n"), t + " ",
                                     " " + t, t + t, t + "\n\n", t + '\0'})
        CHECK(refused(other));
}

TEST_CASE("a state that does not fit is refused even under its right checksum",
          "[checkpoint_text][S5]")
{
    const std::string state = state_of(full());
    CHECK_FALSE(refused(signed_text(state)));
    const std::vector<std::pair<std::string, std::string>> changes{
        {"\"ended\":true", "\"ended\":1"},
        {"\"ended\"", "\"finished\""},
        {"\"pages\":1", "\"pages\":-1"},
        {"\"pages\":1", "\"pages\":1.5"},
        {"\"pages\":1", "\"pages\":\"1\""},
        {"\"pages\":1", "\"pages\":18446744073709551616"},
        {"[\"number\"", "[\"decimal\""},
        {"[\"string\",\"\"]", "[\"string\"]"},
        {"[\"string\",\"\"]", "[\"string\",{\"hex\":\"f\"}]"},
        {"[\"string\",\"\"]", "[\"string\",{\"hex\":\"fg\"}]"},
        {"[\"string\",\"\"]", "[\"string\",{\"hex\":[]}]"},
        {"[\"string\",\"\"]", "7"},
        {"\"skipping\":true", "\"skipping\":true,\"more\":1"},
        {",\"skipping\":true", ""},
        {"\"known\":\"", "\"known\":\"0"},
        {"\"known\":\"", "\"known\":\"0000000000000000-000000000000001"},
    };
    for (const auto& [from, to] : changes) {
        std::string other = state;
        const std::size_t at = other.find(from);
        CAPTURE(from, to);
        REQUIRE(at != std::string::npos);
        other.replace(at, from.size(), to);
        CHECK(refused(signed_text(other)));
    }
    CHECK(refused(signed_text("[]")));
    CHECK(refused(signed_text("{}")));
    CHECK(refused(signed_text("")));
}
