#include "rate_limit_fields_support.hpp"

#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;

namespace {

std::optional<duration> reset_of(std::string_view text)
{
    return read_reset({{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", text}});
}

std::optional<duration> reset_in_a_minute(std::string_view text)
{
    return read_reset({{"X-RateLimit-Remaining-Minute", "0"}, {"X-RateLimit-Reset-Minute", text}});
}

quota_rule rule_for_reset(time_form as)
{
    quota_rule q;
    q.reset = signal_place(signal_place::place::body, "/reset");
    q.reset_as = as;
    return q;
}

std::optional<duration> reset_by_rule(time_form as, std::string_view text,
                                      wall_time received = quota_now)
{
    signals_rule rule;
    rule.quotas.push_back(rule_for_reset(as));
    const signals all = read_quotas({}, rule, {{"/reset", text}}, received);
    return all.empty() ? std::nullopt : all.front().reset_in;
}

}  // namespace

TEST_CASE("a reset is told apart by its size", "[quota][R8]")
{
    CHECK(reset_of("42") == 42s);
    CHECK(reset_of("0") == 0s);
    CHECK(reset_of("0.25") == 250ms);
    CHECK(reset_of("86400") == 24h);
    CHECK(reset_of("1748948460") == 60s);
    CHECK(reset_of("1748948460.125") == 60125ms);
    CHECK(reset_of("1748949300000") == 15min);
    CHECK(reset_of("1748949300250.5") == 15min + 250500us);
    CHECK(reset_of("Tue, 03 Jun 2025 11:01:00 GMT") == 60s);
    CHECK(reset_of("Tuesday, 03-Jun-25 11:01:00 GMT") == 60s);
    CHECK(reset_of("2025-06-03T11:01:00Z") == 60s);
    CHECK(reset_of("6m0s") == 6min);
    CHECK(reset_of("1748948340") == 0s);  // just past
}

TEST_CASE("a reset of unsure size is left out", "[quota][R8]")
{
    for (const std::string_view text : {"86401",
                                        "600000",
                                        "1209600",
                                        "999999999",
                                        "9000000000",
                                        "999999999999",
                                        "9000000000000",
                                        "1748948460000000",
                                        "99999999999999999999",
                                        "-1",
                                        "-5",
                                        "1e3",
                                        "",
                                        "soon",
                                        "1000000000",
                                        "1780570801",
                                        "1748861999",
                                        "2025-06-03T11:01:00",
                                        "2025-06-03",
                                        "03:00",
                                        "1.",
                                        ".5",
                                        "5x",
                                        "5 s",
                                        "1h-5m"}) {
        INFO(text);
        CHECK(!reset_of(text));
    }
}

TEST_CASE("a known window tells milliseconds from seconds", "[quota][R8]")
{
    CHECK(reset_in_a_minute("60") == 60s);
    CHECK(reset_in_a_minute("61") == 61s);  // rounded by the server
    CHECK(reset_in_a_minute("120") == 120s);
    CHECK(!reset_in_a_minute("121"));
    CHECK(!reset_in_a_minute("1200"));
    CHECK(reset_in_a_minute("1201") == 1201ms);
    CHECK(reset_in_a_minute("60000") == 60s);
    CHECK(!reset_in_a_minute("60001"));
    CHECK(reset_in_a_minute("1748948460") == 60s);
    CHECK(read_reset({{"X-RateLimit-Limit", "5;w=604800"}, {"X-RateLimit-Reset", "600000"}}) ==
          600000s);
    CHECK(read_reset({{"X-RateLimit-Window", "60"}, {"X-RateLimit-Reset", "30000"}}) == 30s);
    CHECK(read_reset({{"X-RateLimit-Window", "60000"}, {"X-RateLimit-Reset", "9"}}) == 9s);
}

TEST_CASE("dates of a reset are measured against the server's clock", "[quota][R8][R14]")
{
    const std::string_view date = "Tue, 03 Jun 2025 12:00:00 GMT";
    CHECK(read_reset({{"Date", date}, {"X-RateLimit-Reset", "1748952060"}}) == 60s);
    CHECK(read_reset({{"Date", date}, {"X-RateLimit-Reset", "1748952060000"}}) == 60s);
    CHECK(read_reset({{"Date", date}, {"X-RateLimit-Reset", "2025-06-03T12:01:00Z"}}) == 60s);
    CHECK(read_reset({{"Date", date}, {"X-RateLimit-Reset", "60"}}) == 60s);
    CHECK(read_reset({{"Date", "noon"}, {"X-RateLimit-Reset", "1748948460"}}) == 60s);
    // Never shorter than it was meant: a part of a second of ours counts as a whole one.
    CHECK(read_reset({{"X-RateLimit-Reset", "1748948460"}}, quota_now + 999ms) == 60s);
    // A clock of ours that is years off, and none of theirs.
    CHECK(read_quotas({{"X-RateLimit-Reset", "1748948460"}}, {}, {}, wall_time::max()).empty());
    CHECK(read_quotas({{"X-RateLimit-Reset", "1748948460"}}, {}, {}, wall_time::min()).empty());
}

TEST_CASE("ISO 8601 dates are read with their offset only", "[quota][R8]")
{
    const auto read = [](std::string_view text) { return reset_by_rule(time_form::date, text); };
    for (const std::string_view text :
         {"2025-06-03T11:01:00Z", "2025-06-03t11:01:00z", "2025-06-03 11:01Z",
          "2025-06-03T13:01:00+02:00", "2025-06-03T05:31:00-0530", "2025-06-03T12:01:00.000+01",
          "2025-06-03 11:01:00 +0000", "2025-06-03T11:00:60Z", "Tue Jun  3 11:01:00 2025"}) {
        INFO(text);
        CHECK(read(text) == 60s);
    }
    CHECK(read("2025-06-03T11:01:00.0000000001Z") == 60s + 1ns);
    CHECK(read("2025-06-03T11:00:59.9999999999Z") == 60s);
    const std::string_view whole = "2025-06-03T11:01:00+02:00";
    for (std::size_t i = 0; i < whole.size(); ++i) {
        std::string text(whole);
        text[i] = '?';
        INFO(text);
        CHECK(!read(text));
    }
    for (const std::string_view text :
         {"2025-06-31T11:01:00Z", "2025-13-03T11:01:00Z", "2025-06-03T24:01:00Z",
          "2025-06-03T11:60:00Z", "2025-06-03T11:01:61Z", "2025-06-03T11:01:0Z",
          "2025-06-03T11:01:00+24:00", "2025-06-03T11:01:00+01:60", "2025-06-03T11:01:00+01:",
          "2025-06-03T11:01:000Z", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"}) {
        INFO(text);
        CHECK(!read(text));
    }
}

TEST_CASE("times with units are added up", "[quota][R8]")
{
    const auto read = [](std::string_view text) { return reset_by_rule(time_form::text, text); };
    CHECK(read("1s") == 1s);
    CHECK(read("6m0s") == 6min);
    CHECK(read("120ms") == 120ms);
    CHECK(read("1h2m3.5s") == 1h + 2min + 3500ms);
    CHECK(read("1d") == 24h);
    CHECK(read("7us") == 7us);
    CHECK(read("7\xc2\xb5s") == 7us);
    CHECK(read("1.0000000001s") == 1s + 1ns);
    CHECK(read("0.5ns") == 1ns);
    CHECK(read("8784h") == 8784h);
    for (const std::string_view text :
         {"", "5", "s", "1s5", "1y", "-1s", "1 s", "8785h", "366d366d", "99999999999999999999s"}) {
        INFO(text);
        CHECK(!read(text));
    }
}

TEST_CASE("a rule names the form of its reset", "[quota][R8]")
{
    CHECK(reset_by_rule(time_form::seconds, "600000") == 600000s);
    CHECK(!reset_by_rule(time_form::seconds, "1748948460"));
    CHECK(reset_by_rule(time_form::milliseconds, "600000") == 600s);
    CHECK(reset_by_rule(time_form::milliseconds, "0.5") == 500us);
    CHECK(reset_by_rule(time_form::epoch_seconds, "1748948460") == 60s);
    CHECK(reset_by_rule(time_form::epoch_seconds, "60") == std::nullopt);
    CHECK(reset_by_rule(time_form::epoch_milliseconds, "1748948460000") == 60s);
    CHECK(reset_by_rule(time_form::epoch_milliseconds, "1748948460") == std::nullopt);
    CHECK(reset_by_rule(time_form::date, "60") == std::nullopt);
    CHECK(reset_by_rule(time_form::text, "60s") == 60s);
    CHECK(reset_by_rule(time_form::by_size, "1748948460") == 60s);
    for (const time_form as : {time_form::seconds, time_form::milliseconds,
                               time_form::epoch_seconds, time_form::epoch_milliseconds})
        for (const std::string_view text :
             {"18446744073709551615", "9223372036854775807", "99999999999999999999", "-1", "x"})
            for (const wall_time received : {quota_now, wall_time::min(), wall_time::max()})
                CHECK(!reset_by_rule(as, text, received));
}

TEST_CASE("a rule names the places of a quota, in fields and in the body", "[quota][R6]")
{
    using place = signal_place::place;
    quota_rule q;
    q.name = "cost";
    q.limit = signal_place(place::body, "/limit/max");
    q.remaining = signal_place(place::header, "X-RateLimit-Remaining");
    q.reset = signal_place(place::header, "Quota-Ends");
    q.reset_as = time_form::milliseconds;
    q.window = signal_place(place::body, "/limit/per");
    signals_rule rule;
    rule.quotas.push_back(q);
    const header_lines lines{
        {"x-ratelimit-remaining", "7"}, {"x-ratelimit-limit", "9"}, {"Quota-Ends", " 600000 "}};
    const std::vector<signal_text> body{{"/limit/max", "1000.0"}, {"/limit/per", "3600"}};

    // What the rule names is not read a second time.
    CHECK(read_quotas(lines, rule, body) ==
          signals{{"cost", 1000, 7, 600s, 1h}, {"", 9, {}, {}, {}}});
    rule.known_fields = false;
    CHECK(read_quotas(lines, rule, body) == signals{{"cost", 1000, 7, 600s, 1h}});
    CHECK(read_quotas(lines, rule) == signals{{"cost", {}, 7, 600s, {}}});
    CHECK(read_quotas({}, rule) == signals{});

    rule.quotas[0] = quota_rule();
    rule.quotas[0].used = signal_place(place::body, "/used");
    rule.quotas[0].limit = signal_place(place::body, "/max");
    CHECK(read_quotas({}, rule, {{"/used", "3"}, {"/max", "10"}}) == signals{{"", 10, 7, {}, {}}});
    CHECK(read_quotas({}, rule, {{"/used", "30"}, {"/max", "10"}}) == signals{{"", 10, 0, {}, {}}});
    rule.quotas[0].remaining = signal_place(place::body, "/left");
    CHECK(read_quotas({}, rule, {{"/used", "3/9"}, {"/left", "5"}, {"/max", "10"}}) ==
          signals{{"", 10, 5, {}, {}}});
    CHECK(read_quotas({}, rule, {{"/used", "3/9"}}) == signals{{"", 9, 6, {}, {}}});
    CHECK(read_quotas({}, rule, {{"/used", "3"}}) == signals{});
    CHECK(read_quotas({}, rule, {{"/used", "3"}, {"/max", "0"}}) == signals{});
}

TEST_CASE("a window has the unit that its rule names", "[quota][R8]")
{
    const auto window = [](time_form as, std::string_view text) -> std::optional<duration> {
        quota_rule q;
        q.limit = signal_place(signal_place::place::body, "/l");
        q.window = signal_place(signal_place::place::body, "/w");
        q.window_as = as;
        signals_rule rule;
        rule.quotas.push_back(q);
        const signals all = read_quotas({}, rule, {{"/l", "5"}, {"/w", text}});
        REQUIRE(all.size() == 1);
        return all.front().window;
    };
    CHECK(window(time_form::seconds, "60000") == 60000s);
    CHECK(window(time_form::milliseconds, "60000") == 60s);
    CHECK(window(time_form::text, "1m") == 1min);
    CHECK(window(time_form::by_size, "60") == 60s);
    CHECK(window(time_form::by_size, "1m") == 1min);
    CHECK(window(time_form::by_size, "2592000") == 720h);
    CHECK(window(time_form::by_size, "60000") == std::nullopt);
    CHECK(window(time_form::by_size, "86400000") == std::nullopt);
    CHECK(window(time_form::seconds, "0") == std::nullopt);
    CHECK(window(time_form::seconds, "1m") == std::nullopt);
    CHECK(window(time_form::text, "60") == std::nullopt);
}

TEST_CASE("any octets in quota fields give sane signals or none", "[quota][R6][R8]")
{
    const unsigned seed = std::random_device{}();
    std::mt19937 chance(seed);
    CAPTURE(seed);
    const std::vector<std::string> names{"RateLimit",
                                         "RateLimit-Policy",
                                         "RateLimit-Limit",
                                         "X-RateLimit-Limit",
                                         "X-RateLimit-Remaining",
                                         "X-RateLimit-Reset",
                                         "X-RateLimit-Reset-After",
                                         "X-RateLimit-Window",
                                         "X-A-Call-Limit",
                                         "Date",
                                         "Age"};
    const std::string some = "0123456789.-;,=:\"rtqw/ msh%@?()TZ\xff";
    const auto any = [&](std::size_t n) { return std::size_t(chance() % n); };
    for (int run = 0; run < 20000; ++run) {
        std::vector<std::string> values(1 + any(6));
        header_lines lines;
        for (std::string& v : values) {
            for (std::size_t n = any(24); n > 0; --n)
                v += any(9) == 0 ? static_cast<char>(any(256)) : some[any(some.size())];
            lines.push_back({names[any(names.size())], v});
        }
        const signals all = read_quotas(lines);
        CHECK(all.size() <= most_quota_signals);
        for (const quota_signal& s : all) {
            if (s.limit && s.remaining) CHECK(*s.remaining <= *s.limit);
            if (s.reset_in) CHECK((*s.reset_in >= 0s && *s.reset_in <= 8785h));
            if (s.window) CHECK((*s.window > 0s && *s.window <= 8785h));
        }
    }
}
