#include "ui/texts.hpp"

#include "support/catch.hpp"
#include "ui/story.hpp"
#include <catena/version.hpp>

#include <boost/json/parse.hpp>

#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string>

using namespace ui;

namespace {

/// The samples of an exposition, as a scraper reads it; checks its form on the way.
std::map<std::string, std::string> scraped(const std::string& text)
{
    std::map<std::string, std::string> out;
    std::set<std::string> typed;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("# TYPE ")) {
            const std::string name = line.substr(7, line.find(' ', 7) - 7);
            CHECK(typed.insert(name).second);
            CHECK(line.ends_with(name.ends_with("_total")             ? " counter"
                                 : name.ends_with("exchange_seconds") ? " histogram"
                                                                      : " gauge"));
        }
        if (line.starts_with('#')) continue;
        const std::size_t space = line.rfind(' ');
        REQUIRE(space != std::string::npos);
        CHECK(out.emplace(line.substr(0, space), line.substr(space + 1)).second);
    }
    CHECK(text.ends_with('\n'));
    return out;
}

}  // namespace

TEST_CASE("Prometheus gets each sum once, with help and type, and no chain", "[ui]")
{
    const std::string text = to_prometheus(short_story());
    CHECK(text.starts_with(R"(# HELP catena_records_total Records committed, of all runs of the job.
# TYPE catena_records_total counter
catena_records_total 20
# HELP catena_pages_total Pages committed, of all runs of the job.
# TYPE catena_pages_total counter
catena_pages_total 2
# HELP catena_chains Chains that the job has by now.
# TYPE catena_chains gauge
catena_chains 2
)"));
    CHECK(text.find(R"(
# HELP catena_answers_total Exchanges that ended, by class of status.
# TYPE catena_answers_total counter
catena_answers_total{class="none"} 0
catena_answers_total{class="1xx"} 0
catena_answers_total{class="2xx"} 1
catena_answers_total{class="3xx"} 0
catena_answers_total{class="4xx"} 1
catena_answers_total{class="5xx"} 0
# HELP catena_throttled_total Answers with status 429.
)") != std::string::npos);
    CHECK(text.ends_with(R"(# TYPE catena_exchange_seconds histogram
catena_exchange_seconds_bucket{le="0.005"} 0
catena_exchange_seconds_bucket{le="0.01"} 0
catena_exchange_seconds_bucket{le="0.025"} 1
catena_exchange_seconds_bucket{le="0.05"} 1
catena_exchange_seconds_bucket{le="0.1"} 1
catena_exchange_seconds_bucket{le="0.25"} 2
catena_exchange_seconds_bucket{le="0.5"} 2
catena_exchange_seconds_bucket{le="1"} 2
catena_exchange_seconds_bucket{le="2.5"} 2
catena_exchange_seconds_bucket{le="5"} 2
catena_exchange_seconds_bucket{le="10"} 2
catena_exchange_seconds_bucket{le="30"} 2
catena_exchange_seconds_bucket{le="60"} 2
catena_exchange_seconds_bucket{le="+Inf"} 2
catena_exchange_seconds_sum 0.27
catena_exchange_seconds_count 2
)"));
    const std::map<std::string, std::string> all = scraped(text);
    CHECK(all.at("catena_requests_total") == "3");
    CHECK(all.at("catena_received_bytes_total") == "200");
    CHECK(all.at("catena_retries_total") == "1");
    CHECK(all.at("catena_recoveries_total") == "1");
    CHECK(all.at("catena_holds_total") == "1");
    CHECK(all.at("catena_duplicates_dropped_total") == "3");
    CHECK(all.at("catena_hold_seconds") == "1.5");
    CHECK(all.at("catena_run_seconds") == "1");
    CHECK(all.at("catena_requests_in_flight") == "1");
    CHECK(all.at("catena_run_ended") == "0");
    CHECK(all.contains("catena_build_info{version=\"" CATENA_VERSION "\"}"));
}

TEST_CASE("no two sums are mixed up", "[ui]")
{
    using kind = catena::notice::kind;
    gauges g("items", at(0));
    const auto times = [](int n, auto what) {
        for (int i = 0; i < n; ++i)
            what();
    };
    const catena::chain_id any{1};
    times(2, [&] { g.on_notice(any, kind::retry, at(1)); });
    times(3, [&] { g.on_notice(any, kind::recovered, at(1)); });
    times(4, [&] { g.on_hold(std::chrono::seconds(1), at(1)); });
    times(5, [&] { g.on_page({any, 1, 10, 1, false}); });
    times(6, [&] { g.on_failure(); });
    times(7, [&] { g.on_request(); });
    times(8, [&] { g.on_answer(answered(1, 429, 1, 2), at(1)); });
    times(9, [&] { g.on_answer(answered(1, 503, 1, 0), at(1)); });
    g.on_chain(standing(1, 0, 1, 0, 0), at(1));
    g.on_chain(standing(1, 0, 1, 0, 0, catena::job_chain::state::stopped), at(1));
    g.on_state({.records = 20,
                .pages = 21,
                .chains = 22,
                .ended = 23,
                .divided = 24,
                .found = 25,
                .walking = 26},
               {27, 28, {}}, at(1));
    const std::map<std::string, std::string> wanted{
        {"catena_retries_total", "2"},
        {"catena_recoveries_total", "3"},
        {"catena_holds_total", "4"},
        {"catena_duplicates_dropped_total", "5"},
        {"catena_failures_total", "6"},
        {"catena_requests_total", "7"},
        {"catena_throttled_total", "8"},
        {"catena_answers_total{class=\"4xx\"}", "8"},
        {"catena_answers_total{class=\"5xx\"}", "9"},
        {"catena_received_bytes_total", "16"},
        {"catena_chains_stopped_total", "1"},
        {"catena_records_total", "20"},
        {"catena_pages_total", "21"},
        {"catena_chains", "22"},
        {"catena_chains_ended", "23"},
        {"catena_chains_divided_total", "24"},
        {"catena_pages_found_total", "25"},
        {"catena_chains_walking", "26"},
        {"catena_requests_in_flight", "27"},
        {"catena_requests_in_flight_bound", "28"},
    };
    const std::map<std::string, std::string> all = scraped(to_prometheus(g));
    for (const auto& [name, value] : wanted) {
        CAPTURE(name);
        CHECK(all.at(name) == value);
    }
}

TEST_CASE("the page gets the numbers that Prometheus gets, by the same names", "[ui]")
{
    const gauges g = short_story();
    const boost::json::value json = boost::json::parse(to_json(g));
    std::map<std::string, std::string> metrics = scraped(to_prometheus(g));
    std::erase_if(metrics,
                  [](const auto& m) { return m.first.find("_exchange_") != m.first.npos; });
    const boost::json::object& shown = json.at("metrics").as_object();
    CHECK(shown.size() == metrics.size());
    for (const auto& [name, value] : metrics) {
        CAPTURE(name);
        REQUIRE(shown.contains(name));
        CHECK(shown.at(name).to_number<double>() == std::stod(value));
    }
}

TEST_CASE("the page gets points, strips and the bar", "[ui]")
{
    gauges g = short_story();
    const std::string text = to_json(g);
    CHECK(text.starts_with(R"({"name":"items <&\"","version":")" CATENA_VERSION
                           R"(","ended":false,"outcome":"","seconds":1,"metrics":{)"));
    CHECK(text.find(R"("latency":{"count":2,"p50":0.0205,"p90":0.25,"p99":0.25,"max":0.25})") !=
          std::string::npos);
    CHECK(text.find(R"("points":{"until":[0.25,1],"records":[10,10],"requests":[3,0],)"
                    R"("throttled":[0,1],"recovered":[0,1],"retried":[0,1],"in_flight":[2,1],)"
                    R"("bound":[4,null],"held":[0,1],"p50":[0.02,0.25],"p90":[0.02,0.25],)"
                    R"("p99":[0.02,0.25]})") != std::string::npos);
    CHECK(text.find(R"("slowest":[{"chain":1,"state":"ended","begun":0,"ended":1,"pages":2,)"
                    R"("records":20,"done":1,"troubles":1,"marks":[[0.75,"recovered"]]},)"
                    R"({"chain":2,"state":"walking","begun":0,"ended":1,"pages":0,"records":0,)"
                    R"("done":0,"troubles":2,"marks":[[0.5,"throttled"],[0.5,"retried"]]}])") !=
          std::string::npos);
    CHECK(text.ends_with(R"("walking":[100],"stopped":[]}})"
                         "\n"));
    g.on_end("stopped early", at(102));
    CHECK(to_json(g).find(R"("ended":true,"outcome":"stopped early","seconds":2,)") !=
          std::string::npos);
}

TEST_CASE("a run that nothing is known of yet is told all the same", "[ui]")
{
    const gauges g("", at(0));
    const boost::json::value json = boost::json::parse(to_json(g));
    CHECK(json.at("keys").is_null());
    CHECK(json.at("slowest").as_array().empty());
    CHECK(json.at("points").at("until").as_array().empty());
    CHECK(scraped(to_prometheus(g)).at("catena_exchange_seconds_count") == "0");
}

TEST_CASE("numbers have the digits that tell them, and no locale", "[ui]")
{
    CHECK(in_digits(0, 3) == "0");
    CHECK(in_digits(-0.0001, 3) == "0");
    CHECK(in_digits(1234567.5, 3) == "1234567.5");
    CHECK(in_digits(100, 3) == "100");
    CHECK(in_digits(0.25, 4) == "0.25");
    CHECK(in_digits(2.0 / 3, 3) == "0.667");
    CHECK(in_digits(-1.5, 1) == "-1.5");
    CHECK(in_digits(1e300, 3) == "0");
    CHECK(in_digits(std::numeric_limits<double>::infinity(), 3) == "0");
}
