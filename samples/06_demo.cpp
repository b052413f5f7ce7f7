// The main job on real sockets: a local API whose cursors expire, whose connections break and which
// sends 429 and 503, and the whole dataset out of it, each record once.
#include <catena/catena.hpp>
#include <catena/testing/mock_api.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <set>

namespace testing = catena::testing;

namespace {

constexpr const char* description = R"({
    "name": "demo",
    "request": {"url": "http://127.0.0.1/v1/events"},
    "records": "/events",
    "key": ["/created", "/id"],
    "order": "ascending",
    "ties": true,
    "page_size": {"to": {"query": "limit"}, "value": 100},
    "next": {"from": {"body": "/next_cursor"}, "to": {"query": "cursor"}},
    "end": "missing",
    "expiry": {"signs": {"status": 410}, "clock": "chain",
               "recover": {"rebuild": {"to": {"query": "since"}, "bound": "inclusive"}}}
})";

struct counter : catena::observer {
    void on_request(const request_sent&) override { ++requests; }
    void on_answer(const answer_received& a) override { octets += a.octets; }
    void on_page(const page_delivered& p) override { dropped += p.dropped; }
    void on_notice(catena::chain_id, std::uint64_t, const catena::notice& n) override
    {
        if (n.what == catena::notice::kind::recovered) ++recoveries;
        if (n.what == catena::notice::kind::retry) ++retries;
    }

    std::uint64_t requests = 0, octets = 0, dropped = 0, recoveries = 0, retries = 0;
};

testing::behaviour troubles()
{
    testing::behaviour b;
    b.token_life = std::chrono::milliseconds(150);
    for (const std::uint64_t request : {200u, 700u}) {
        testing::fault busy = testing::fault::answer(429, request);
        busy.retry_after = std::chrono::seconds(1);
        b.faults.push_back(busy);
        b.faults.push_back(testing::fault::answer(503, request + 250));
    }
    return b;
}

}  // namespace

int main()
try {
    const catena::connector connector = catena::load_connector(description);
    testing::dataset_options data(100'000);
    data.ties = 7;
    testing::mock_api_options wire;
    wire.close_after = 250;
    wire.announce_close = false;
    testing::mock_api server(connector, testing::make_dataset(connector, data), troubles(), wire);
    for (const std::uint64_t request : {25u, 325u, 625u, 925u})
        server.reset_in_body(request, 5000);
    std::cout << "collecting " << server.records().size() << " records from " << server.url()
              << "/v1/events ...\n";

    counter watch;
    catena::engine_options options;
    options.watch = &watch;
    std::set<std::string> distinct;
    const auto start = std::chrono::steady_clock::now();
    const std::uint64_t records = catena::collect(
        server.described(connector),
        [&](const catena::page& page) {
            for (const std::string_view record : page.records())
                distinct.emplace(record);
        },
        options);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;

    const std::vector<std::string> held = server.records();
    const std::set<std::string> truth(held.begin(), held.end());
    std::size_t lost = 0;
    for (const std::string& record : truth)
        lost += distinct.contains(record) ? 0 : 1;
    std::cout << "records    " << records << " in " << took.count() << " s\n"
              << "requests   " << watch.requests << " on " << server.connections()
              << " connections, " << watch.octets / 1'000'000 << " MB\n"
              << "retries    " << watch.retries << " (resets, 429, 503)\n"
              << "recoveries " << watch.recoveries << " (cursors that died), " << watch.dropped
              << " overlapping records dropped\n"
              << "lost       " << lost << '\n'
              << "doubled    " << records - distinct.size() << '\n';
    return lost == 0 && records == truth.size() && distinct == truth ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
