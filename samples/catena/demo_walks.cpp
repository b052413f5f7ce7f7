#include "demo.hpp"
#include <catena/catena.hpp>
#include <catena/codec/connector_json.hpp>
#include <catena/store/sqlite_store.hpp>
#include <catena/testing/mock_api.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>

namespace command {

namespace asio = boost::asio;
namespace testing = catena::testing;

namespace {

constexpr std::size_t records_each = 5'000;

constexpr std::pair<const char*, const char*> leads[] = {
    {"google_page_token", "a token in the body"},
    {"kubernetes", "a token; a fresh one in the 410"},
    {"github", "a Link header"},
    {"odata", "the next URL in the body"},
    {"stripe", "the last record's id"},
    {"jira", "an offset"},
    {"azure_table", "two header fields"},
    {"dynamodb", "an object, in the POST body"},
    {"graphql_relay", "a GraphQL cursor"},
    {"mediawiki", "an object of several members"},
};

/// Counts what comes out of a run.
class tally final : public catena::sink {
public:
    void resume(std::string_view) override {}
    void write(const catena::page_commit& page) override
    {
        for (const catena::stored_record& r : page.records)
            ++seen[std::string(r.body)];
    }
    std::string flush() override { return "tally"; }

    std::map<std::string, std::uint64_t> seen;
};

struct watcher final : catena::observer {
    void on_request(const request_sent&) override { ++requests; }
    void on_notice(catena::chain_id, std::uint64_t, const catena::notice& n) override
    {
        retries += n.what == catena::notice::kind::retry ? 1 : 0;
        recoveries += n.what == catena::notice::kind::recovered ? 1 : 0;
    }
    std::uint64_t requests = 0, retries = 0, recoveries = 0;
};

testing::behaviour troubles(const catena::connector& c)
{
    testing::behaviour b;
    for (const std::uint64_t request : {7u, 31u}) {
        testing::fault busy = testing::fault::answer(429, request);
        busy.retry_after = std::chrono::seconds(1);
        b.faults.push_back(busy);
        b.faults.push_back(testing::fault::answer(503, request + 11));
    }
    if (c.expiry.recover.by == catena::recovery_rule::method::fail) return b;
    for (const std::uint64_t request : {15u, 40u})
        b.faults.emplace_back(testing::fault::kind::dead_token, request);
    return b;
}

/// One API and who walks it.
class act {
public:
    act(asio::io_context& context, const demo_contract& of, const char* leads_on,
        const std::string& folder)
        : connector_(for_a_minute(catena::load_connector(of.json))),
          server_(connector_,
                  testing::make_dataset(connector_, testing::dataset_options(records_each)),
                  troubles(connector_)),
          counted_(std::make_shared<tally>()),
          on_(context.get_executor(), services())
    {
        score_.name = of.name;
        score_.leads = leads_on;
        server_.reset_in_body(3, 500);
        catena::sqlite_options o;
        o.records = counted_;
        store_ = std::make_unique<catena::sqlite_store>(folder + '/' + of.name + ".db", o);
        job_.emplace(on_, server_.described(connector_), *store_);
        job_->run([this](catena::error_code ec, const catena::audit_report&) {
            if (ec) score_.failure = job_->why().text();
        });
    }

    demo_score take()
    {
        job_.reset();
        store_.reset();  // all that it was given is counted now
        score_.requests = watch_.requests;
        score_.retries = watch_.retries;
        score_.recoveries = watch_.recoveries;
        for (const std::string& record : server_.records())
            score_.lost += counted_->seen.contains(record) ? 0 : 1;
        for (const auto& [record, times] : counted_->seen) {
            score_.records += times;
            score_.doubled += times - 1;
        }
        return score_;
    }

private:
    // What an API grants in an hour would make this last one, and large pages would make it short.
    static catena::connector for_a_minute(catena::connector c)
    {
        c.limits = {};
        c.page_size.value = std::min(c.page_size.value, 100u);
        return c;
    }

    catena::engine_options services()
    {
        catena::engine_options o;
        o.watch = &watch_;
        o.secrets = [](catena::setting::source, const std::string&) {
            return std::optional<catena::secret>(catena::secret("demo"));
        };
        return o;
    }

    demo_score score_;
    watcher watch_;
    catena::connector connector_;
    testing::mock_api server_;
    std::shared_ptr<tally> counted_;
    catena::engine on_;
    std::unique_ptr<catena::store> store_;
    std::optional<catena::job> job_;
};

}  // namespace

std::vector<demo_score> walk_contracts(const std::string& folder)
{
    asio::io_context context(1);
    std::vector<std::unique_ptr<act>> acts;
    for (const demo_contract& each : demo_contracts())
        for (const auto& [name, leads_on] : leads)
            if (each.name == name)
                acts.push_back(std::make_unique<act>(context, each, leads_on, folder));
    context.run();
    std::vector<demo_score> scores;
    for (const auto& each : acts)
        scores.push_back(each->take());
    return scores;
}

}  // namespace command
