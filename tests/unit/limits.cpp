// docs/limits.md says what the code does. Each structure is taken apart by all of its members, so
// that one which is added later does not compile here until the page has it.
#include "support/catch.hpp"
#include <catena/codec/cookie_jar.hpp>
#include <catena/codec/page_limits.hpp>
#include <catena/core/chain_limits.hpp>
#include <catena/engine.hpp>
#include <catena/net/http_transport.hpp>
#include <catena/net/intake_limits.hpp>

#include <chrono>
#include <concepts>
#include <fstream>
#include <iostream>
#include <map>
#include <string>

using namespace catena;
using namespace std::chrono_literals;

namespace {

using table = std::map<std::string, std::string>;

std::string text(duration d)
{
    constexpr std::pair<duration, const char*> units[] = {
        {1h, " h"}, {1min, " min"}, {1s, " s"}, {1ms, " ms"}};
    for (const auto& [unit, name] : units)
        if (d >= unit && d % unit == duration::zero()) return std::to_string(d / unit) + name;
    return std::to_string(d.count()) + " ns";
}

std::string octets(std::uint64_t n)
{
    constexpr std::uint64_t mega = 1024 * 1024;
    if (n != 0 && n % mega == 0) return std::to_string(n / mega) + " MiB";
    if (n != 0 && n % 1024 == 0) return std::to_string(n / 1024) + " KiB";
    return std::to_string(n);
}

void add_times(table& to)
{
    const auto& [resolve, names_kept, connect, next_address, tls, first_octet, idle, request, rate,
                 window] = time_limits();
    to["time_limits::resolve"] = text(resolve);
    to["time_limits::names_kept"] = text(names_kept);
    to["time_limits::connect"] = text(connect);
    to["time_limits::next_address"] = text(next_address);
    to["time_limits::tls"] = text(tls);
    to["time_limits::first_octet"] = text(first_octet);
    to["time_limits::idle"] = text(idle);
    to["time_limits::request"] = text(request);
    to["time_limits::least_octets_per_second"] = std::to_string(rate);
    to["time_limits::rate_window"] = text(window);
    to["engine_options::credential_wait"] = text(engine_options().credential_wait);
}

void add_pool(table& to)
{
    const auto& [connections, kept, time, age, requests] = pool_limits();
    to["pool_limits::connections_per_origin"] = std::to_string(connections);
    to["pool_limits::idle_per_origin"] = std::to_string(kept);
    to["pool_limits::idle_time"] = text(time);
    to["pool_limits::most_age"] = text(age);
    to["pool_limits::requests_per_connection"] = std::to_string(requests);
}

void add_intake(table& to)
{
    const auto& [header, lines, interim, chunk, trailer, body] = intake_limits();
    to["intake_limits::header_octets"] = octets(header);
    to["intake_limits::header_lines"] = std::to_string(lines);
    to["intake_limits::interim_answers"] = std::to_string(interim);
    to["intake_limits::chunk_line_octets"] = octets(chunk);
    to["intake_limits::trailer_octets"] = octets(trailer);
    to["intake_limits::body_octets"] = octets(body);

    const auto& [page, codings, depth, url, records] = page_limits();
    to["page_limits::page_octets"] = octets(page);
    to["page_limits::codings"] = std::to_string(codings);
    to["page_limits::json_depth"] = std::to_string(depth);
    to["page_limits::url_octets"] = octets(url);
    to["page_limits::records"] = std::to_string(records);

    const auto& [cookies, cookie_octets] = cookie_limits();
    to["cookie_limits::cookies"] = std::to_string(cookies);
    to["cookie_limits::octets"] = octets(cookie_octets);
}

void add_chain(table& to)
{
    const auto& [goes, attempts, retry_time, throttles, rebuilds, empty, identical, redirects,
                 first, longest, forbidden, least, hold, outage, token, known, light, recent] =
        chain_limits();
    CHECK(goes == lane::normal);
    CHECK_FALSE(light);  // a hint, and no limit
    to["chain_limits::attempts"] = std::to_string(attempts);
    to["chain_limits::retry_time"] = text(retry_time);
    to["chain_limits::throttles"] = std::to_string(throttles);
    to["chain_limits::rebuilds"] = std::to_string(rebuilds);
    to["chain_limits::empty_pages"] = std::to_string(empty);
    to["chain_limits::identical_pages"] = std::to_string(identical);
    to["chain_limits::redirects"] = std::to_string(redirects);
    to["chain_limits::first_backoff"] = text(first);
    to["chain_limits::longest_backoff"] = text(longest);
    to["chain_limits::forbidden_pause"] = text(forbidden);
    to["chain_limits::least_pause"] = text(least);
    to["chain_limits::longest_hold"] = text(hold);
    to["chain_limits::longest_outage"] = text(outage);
    to["chain_limits::token_octets"] = octets(token);
    to["chain_limits::known_records"] = std::to_string(known);
    to["chain_limits::recent_records"] = std::to_string(recent);
}

// Rows "| `name` | value | ... |".
table rows_of(std::istream& page)
{
    table out;
    for (std::string line; std::getline(page, line);) {
        if (!line.starts_with("| `")) continue;
        const std::size_t end = line.find('`', 3);
        const std::size_t value = line.find(" | ", end) + 3;
        const bool first =
            out.emplace(line.substr(3, end - 3), line.substr(value, line.find(" |", value) - value))
                .second;
        CHECK(first);
    }
    return out;
}

}  // namespace

TEST_CASE("the table of limits tells the code's own values", "[limits]")
{
    table code;
    add_times(code);
    add_pool(code);
    add_intake(code);
    add_chain(code);

    std::ifstream file(CATENA_SOURCE_DIR "/docs/limits.md");
    const table page = rows_of(file);
    for (const auto& [name, value] : code) {
        CAPTURE(name);
        const auto row = page.find(name);
        REQUIRE(row != page.end());
        CHECK(row->second == value);
    }
    CHECK(page.size() == code.size());
    std::cout << "limits: " << code.size() << " of " << page.size() << " as documented\n";
}
