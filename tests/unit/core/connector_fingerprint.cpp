#include "support/catch.hpp"
#include <catena/connector.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

using namespace catena;
using namespace std::chrono_literals;
using kind = end_rule::kind;
using target = token_target::place;
using source = token_source::place;

namespace {

connector good()
{
    connector c("items", "https://api.example.com/items");
    c.key = {key_field("/created"), key_field("/id")};
    c.sorted = order::ascending;
    c.next.from = {token_source(source::body, "/next")};
    c.next.to = {token_target(target::query, "cursor")};
    c.end = {kind::missing};
    return c;
}

void rebuilds(connector& c)
{
    c.expiry.recover.by = recovery_rule::method::rebuild;
    c.expiry.recover.to = {token_target(target::query, "since")};
}

sign status(int code)
{
    sign s;
    s.status = code;
    return s;
}

}  // namespace

TEST_CASE("the fingerprint changes with what a checkpoint depends on",
          "[connector][fingerprint][S6]")
{
    const std::string before = fingerprint(good());
    CHECK(before.size() == 16);
    CHECK(before.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(fingerprint(good()) == before);

    const std::vector<std::function<void(connector&)>> unsafe{
        [](connector& c) { c.request.url += "2"; },
        [](connector& c) { c.request.method = "POST"; },
        [](connector& c) { c.request.body = "{}"; },
        [](connector& c) { c.format = page_format::xml; },
        [](connector& c) {
            c.request.query = {{"status", "all"}};
        },
        [](connector& c) {
            c.request.headers = {{"Accept", "text/json"}};
        },
        [](connector& c) { c.records.at = "/items"; },
        [](connector& c) { c.records.as = records_rule::shape::map; },
        [](connector& c) { c.key.pop_back(); },
        [](connector& c) { c.key[0].at = "/id2"; },
        [](connector& c) { c.key[0].type = key_type::number; },
        [](connector& c) { c.sorted = order::descending; },
        [](connector& c) { c.ties = true; },
        [](connector& c) { c.next.to[0].at = "page"; },
        [](connector& c) { c.next.to[0].to = target::header; },
        [](connector& c) { c.next.to[0].as = token_target::form::json; },
        [](connector& c) { c.next.from[0] = token_source(source::last_record, "/id"); },
        [](connector& c) {
            c.next.from[0] = token_source::counter(0, token_source::stride::pages);
        },
        [](connector& c) {
            c.next.from[0] = token_source::counter(1, token_source::stride::pages);
        },
        [](connector& c) {
            c.next.from[0] = token_source::counter(0, token_source::stride::records);
        },
        [](connector& c) { c.next.drop = {"a"}; },
        [](connector& c) { c.next.exclusive = true; },
        [](connector& c) { c.next.keep = {"a"}; },
        [](connector& c) { c.next.inclusive = true; },
        [](connector& c) { c.page_size.value = 10, c.page_size.to.at = "n"; },
        [](connector& c) { c.page_size.value = 20, c.page_size.to.at = "n"; },
        [](connector& c) { rebuilds(c); },
        [](connector& c) {
            rebuilds(c), c.expiry.recover.includes = recovery_rule::bound::inclusive;
        },
    };
    std::vector<std::string> seen{before};
    for (std::size_t i = 0; i < unsafe.size(); ++i) {
        connector c = good();
        unsafe[i](c);
        const std::string now = fingerprint(c);
        CAPTURE(i);
        CHECK(std::count(seen.begin(), seen.end(), now) == 0);
        seen.push_back(now);
    }
}

TEST_CASE("the fingerprint survives what one mends after a failure", "[connector][fingerprint][S6]")
{
    const std::vector<std::function<void(connector&)>> harmless{
        [](connector& c) { c.name = "other"; },
        [](connector& c) {
            c.request.headers = {{"Authorization", setting::from_environment("A")}};
        },
        [](connector& c) {
            c.request.query = {{"key", setting::from_file("/key")}};
        },
        [](connector& c) { c.limits.policies = {rate_policy(1, 1s)}; },
        [](connector& c) { c.limits.concurrency = 2; },
        [](connector& c) { c.end.emplace_back(kind::null); },
        [](connector& c) { c.errors.emplace_back(status(409), error_class::retry); },
        [](connector& c) { c.expiry.ttl = 5min; },
        [](connector& c) { c.expiry.signs = {status(404)}; },
        [](connector& c) { c.next.ignore = {"/cursor"}; },
        [](connector& c) { c.next.from[0].at = "/next_page_token"; },
        [](connector& c) { c.origins = {"https://other.example.com"}; },
        [](connector& c) {
            c.discovery.emplace().query = {{"fields", "next"}};
        },
        [](connector& c) { c.session.cookies = c.session.one_connection = true; },
    };
    for (std::size_t i = 0; i < harmless.size(); ++i) {
        connector c = good();
        harmless[i](c);
        CAPTURE(i);
        CHECK(fingerprint(c) == fingerprint(good()));
    }
}
