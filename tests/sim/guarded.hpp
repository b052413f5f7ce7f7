#pragma once

#include "sim/world.hpp"
#include "support/contracts.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

/// Hears what is told of credentials.
struct listener final : observer {
    void on_notice(chain_id, std::uint64_t, const notice& n) override
    {
        if (n.what == notice::kind::credentials_refused) ++refusals;
        if (n.what == notice::kind::credentials_renewed) news.push_back(n.text);
    }
    int refusals = 0;
    std::vector<std::string> news;
};

/// An API that wants a token of its token server, and can stop to like the tokens given.
struct guarded {
    explicit guarded(std::uint64_t seed, auth_rule auth, engine_options o = {})
        : time(seed), c(contract("token")), model(c, rows(c), {}), wire(make_wire(seed))
    {
        c.auth = std::move(auth);
        o.seed = seed;
        o.watch = &heard;
        o.secrets = [](setting::source, const std::string& name) { return secret(name); };
        on = std::make_unique<engine>(time.get_executor(), wire, time, std::move(o));
    }

    static std::vector<row> rows(const connector& c)
    {
        return make_dataset(c, dataset_options(60));
    }

    fake_transport make_wire(std::uint64_t seed)
    {
        fake_transport_options o;
        o.seed = seed;
        o.jitter = std::chrono::milliseconds(50);
        return fake_transport(
            time.get_executor(), time,
            [this](const http_request& r, time_point t) { return answer(r, t); }, o);
    }

    scripted_answer answer(const http_request& r, time_point t)
    {
        if (r.to.host == "login.example.com") return grant(r);
        if (++api_requests == revoke_at) good.clear();
        const header_field* shown = nullptr;
        for (const header_field& h : r.headers)
            if (h.name == "Authorization") shown = &h;
        if (!shown || !good.contains(shown->value) || refuse_all)
            return scripted_answer(401, R"({"message": "no"})");
        return model.answer(r, t);
    }

    scripted_answer grant(const http_request& r)
    {
        token_requests.push_back(r.body);
        if (!scripted.empty()) {
            scripted_answer a = std::move(scripted.front());
            scripted.pop_front();
            return a;
        }
        const std::string n = std::to_string(token_requests.size());
        const std::string token = same_token ? "token-same" : "token-number-" + n;
        good.insert("Bearer " + token);
        return scripted_answer(200, R"({"access_token": ")" + token + R"(", "refresh_token": ")" +
                                        "refresh-number-" + n + '"' +
                                        (life.empty() ? "" : ", \"expires_in\": " + life) + '}');
    }

    harvest walk_one(chain_limits limits = {})
    {
        harvest out;
        chain way(*on, c, limits);
        boost::asio::co_spawn(time.get_executor(), gather(way, out), boost::asio::detached);
        time.run();
        return out;
    }

    void walk_many(std::size_t chains)
    {
        std::vector<std::unique_ptr<chain>> ways;
        std::vector<harvest> out(chains);
        for (harvest& h : out) {
            ways.push_back(std::make_unique<chain>(*on, c));
            boost::asio::co_spawn(time.get_executor(), gather(*ways.back(), h),
                                  boost::asio::detached);
        }
        time.run();
        for (const harvest& h : out) {
            INFO(h.why.text());
            REQUIRE(h.done);
            REQUIRE(h.records == model.records());
        }
    }

    sim time;
    listener heard;
    connector c;
    api_model model;
    fake_transport wire;
    std::unique_ptr<engine> on;

    std::set<std::string> good;
    std::vector<std::string> token_requests;
    std::deque<scripted_answer> scripted;
    std::string life;
    std::uint64_t api_requests = 0, revoke_at = 0;
    bool refuse_all = false, same_token = false;
};

inline auth_rule client()
{
    auth_rule a;
    a.by = auth_rule::method::oauth2;
    a.token_url = "https://login.example.com/token";
    a.client_id = "me";
    a.client_secret = setting::from_environment("client-secret-text");
    return a;
}

inline auth_rule refreshing()
{
    auth_rule a = client();
    a.granted_by = auth_rule::grant::refresh_token;
    a.refresh_token = setting::from_environment("refresh-number-0");
    return a;
}

}  // namespace catena::testing
