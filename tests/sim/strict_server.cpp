// A server that counts strictly: none of our requests may be refused, and the quota must be used.
#include "sim/world.hpp"
#include "support/catch.hpp"

#include <deque>
#include <string>

using namespace catena;
using namespace catena::testing;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

// Serves pages without end, and refuses what goes above `most` in a window.
struct strict_server {
    enum class window { sliding, fixed };
    enum class words { none, draft, github };

    scripted_answer answer(const http_request& ask, const arrival& how)
    {
        const time_point now = how.at;
        if (counts == window::fixed) {
            if (now >= begins + per) {
                begins += per * ((now - begins) / per);
                used = 0;
            }
        } else {
            while (!taken.empty() && taken.front() + per <= now)
                taken.pop_front();
            used = taken.size();
        }
        if (used == most) {
            ++refused;
            scripted_answer no(429, "{}");
            no.headers = {{"Content-Type", "application/json"}};
            return no;
        }
        ++used;
        ++served;
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
        if (says == words::github) {
            out.headers.push_back({"X-RateLimit-Limit", limit});
            out.headers.push_back({"X-RateLimit-Remaining", left});
            out.headers.push_back({"X-RateLimit-Reset", std::to_string(down)});
        }
    }

    window counts = window::sliding;
    words says = words::none;
    std::uint64_t most = 100;
    duration per = 10s;
    time_point begins{};
    std::deque<time_point> taken;
    std::uint64_t used = 0, served = 0, refused = 0;
};

connector endless()
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

// Many chains for ten minutes of virtual time.
void walk(strict_server& api, const connector& c, std::uint64_t seed, duration jitter)
{
    sim time(seed);
    fake_transport_options wiring;
    wiring.seed = seed;
    wiring.latency = 40ms;
    wiring.jitter = jitter;
    fake_transport wire(
        time.get_executor(), time,
        [&](const http_request& r, const arrival& how) { return api.answer(r, how); }, wiring);
    engine_options options;
    options.seed = seed;
    engine on(time.get_executor(), wire, time, options);

    const auto shared = std::make_shared<const connector>(c);
    std::vector<std::unique_ptr<chain>> chains;
    std::vector<harvest> all(64);
    for (harvest& h : all) {
        chains.push_back(std::make_unique<chain>(on, shared));
        asio::co_spawn(time.get_executor(), gather(*chains.back(), h), asio::detached);
    }
    (void)time.run_for(10min);
    for (const harvest& h : all)
        CHECK_FALSE(h.done);
}

}  // namespace

TEST_CASE("with its limits declared no request is refused and the quota is used", "[sim][R3][R13]")
{
    const auto seed = GENERATE(range(1u, 4u));
    const duration jitter = GENERATE(0ms, 30ms);
    const auto counts = GENERATE(strict_server::window::sliding, strict_server::window::fixed);
    CAPTURE(seed, jitter.count(), int(counts));
    strict_server api;
    api.counts = counts;
    connector c = endless();
    c.limits.policies.emplace_back(100, 10s);
    c.limits.policies[0].burst = GENERATE(1u, 100u);
    walk(api, c, seed, jitter);
    CHECK(api.refused == 0);
    CHECK(api.served >= 60 * 100 * 99 / 100);
}

TEST_CASE("where the server tells of its limits no request is refused either", "[sim][R6][R8]")
{
    const auto seed = GENERATE(range(1u, 4u));
    const duration jitter = GENERATE(0ms, 30ms);
    const auto says = GENERATE(strict_server::words::draft, strict_server::words::github);
    CAPTURE(seed, jitter.count(), int(says));
    strict_server api;
    api.counts = strict_server::window::fixed;
    api.says = says;
    api.per = 1min;
    walk(api, endless(), seed, jitter);
    CHECK(api.refused == 0);
    CHECK(api.served >= 10 * 100 * 99 / 100);
}
