// A server that counts strictly, with pages without end.
#pragma once

#include "sim/world.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

namespace catena::testing {

/// Serves pages without end, and refuses what goes above `most` in a window.
struct strict_server {
    enum class window {
        sliding,
        fixed,
        bucket,  ///< Of `most`, refilled evenly: `most` in each `per`.
    };
    enum class words {
        none,
        draft,
        github,
        body,  ///< {"quota": {"left": n, "ms": n}} in the page.
    };

    [[nodiscard]] scripted_answer answer(const http_request& ask, const arrival& how)
    {
        const time_point now = how.at;
        count(now);
        if (used == most) {
            ++refused;
            scripted_answer no(429, "{}");
            no.headers = {{"Content-Type", "application/json"}};
            if (says_when) no.headers.push_back({"Retry-After", std::to_string(whole_rest(now))});
            return no;
        }
        ++used;
        ++served;
        if (counts == window::bucket) fill -= 1;
        taken.push_back(now);

        const std::size_t at = ask.target.find("cursor=");
        const std::string cursor = at == std::string::npos ? "0" : ask.target.substr(at + 7);
        const std::uint64_t page = std::stoull(cursor);
        scripted_answer yes(200, R"({"items":[{"id":)" + std::to_string(page) + R"(}],"next":")" +
                                     std::to_string(page + 1) + R"("})");
        yes.headers = {{"Content-Type", "application/json"}};
        tell(yes, now);
        return yes;
    }

    /// Brings `used` up to date.
    void count(time_point now)
    {
        while (!taken.empty() && taken.front() + per <= now)
            taken.pop_front();
        if (counts == window::sliding) used = taken.size();
        if (counts == window::fixed && now >= begins + per) {
            begins += per * ((now - begins) / per);
            used = 0;
        }
        if (counts != window::bucket) return;
        const double refilled = double(most) * double((now - begins).count()) / double(per.count());
        fill = std::min(double(most), fill + refilled);
        begins = now;
        used = fill >= 1 - 1e-6 ? 0 : most;  // doubles add up to a little less
    }

    /// Seconds until there is room again, rounded up.
    [[nodiscard]] std::int64_t whole_rest(time_point now) const
    {
        duration rest = begins + per - now;
        if (counts == window::sliding) rest = taken.front() + per - now;
        if (counts == window::bucket) rest = per / static_cast<duration::rep>(most);
        return std::chrono::ceil<std::chrono::seconds>(rest).count();
    }

    void tell(scripted_answer& out, time_point now) const
    {
        const std::string left = std::to_string(most - used);
        const std::string limit = std::to_string(most);
        const duration rest = begins + per - now;
        const auto down = std::chrono::floor<std::chrono::seconds>(rest).count();
        const auto length = std::chrono::duration_cast<std::chrono::seconds>(per).count();
        if (says == words::draft) {
            out.headers.push_back(
                {"RateLimit-Policy", "\"a\";q=" + limit + ";w=" + std::to_string(length)});
            out.headers.push_back({"RateLimit", "\"a\";r=" + left + ";t=" + std::to_string(down)});
        }
        if (says == words::body) {
            const auto ms = std::chrono::ceil<std::chrono::milliseconds>(rest).count();
            out.body.insert(
                1, "\"quota\": {\"left\": " + left + ", \"ms\": " + std::to_string(ms) + "}, ");
        }
        if (says == words::github) {
            out.headers.push_back({"X-RateLimit-Limit", limit});
            out.headers.push_back({"X-RateLimit-Remaining", left});
            out.headers.push_back({"X-RateLimit-Reset", std::to_string(down)});
        }
    }

    window counts = window::sliding;
    words says = words::none;
    bool says_when = false;  ///< Retry-After beside a 429.
    std::uint64_t most = 100;
    duration per = std::chrono::seconds(10);
    time_point begins{};
    double fill = 1e18;  ///< Of the bucket; full at first.
    std::deque<time_point> taken;
    std::uint64_t used = 0, served = 0, refused = 0;
};

/// The connector of a strict_server.
inline connector endless()
{
    connector c("endless", "http://api.test/items");
    c.records = records_rule("/items");
    c.key.emplace_back("/id");
    c.sorted = order::ascending;
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(token_target::place::query, "cursor")};
    c.end = {end_rule::kind::missing};
    return c;
}

}  // namespace catena::testing
