// Raw pages: each body as the server sent it, once, however often the run is killed.
#include "command/command_line.hpp"
#include "page_folder.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include <catena/codec/connector_json.hpp>
#include <catena/collect.hpp>
#include <catena/testing/mock_api.hpp>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <thread>

using namespace catena;
using namespace catena::testing;

namespace {

/// The committed pages of a folder by number; no other file may be in it.
std::map<std::uint64_t, std::string> pages_of(const std::string& folder)
{
    std::map<std::uint64_t, std::string> all;
    std::set<std::pair<std::uint64_t, std::uint64_t>> places;
    for (const auto& each : std::filesystem::directory_iterator(folder)) {
        command::page_name name;
        INFO(each.path().string());
        REQUIRE(command::is_page(each.path().filename().string(), name));
        CHECK(places.emplace(name.chain, name.page).second);
        CHECK(all.emplace(name.number, plain_text(each.path().string())).second);
    }
    if (!all.empty()) CHECK(all.rbegin()->first == all.size());
    return all;
}

std::vector<std::int64_t> ids_of(const std::map<std::uint64_t, std::string>& pages)
{
    std::vector<std::int64_t> ids;
    for (const auto& [number, body] : pages) {
        const boost::json::value whole = boost::json::parse(body);
        for (const auto& item : whole.at("items").as_array())
            ids.push_back(item.at("id").as_int64());
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::vector<std::int64_t> ids_of(const std::vector<std::string>& records)
{
    std::vector<std::int64_t> ids;
    for (const std::string& record : records)
        ids.push_back(boost::json::parse(record).at("id").as_int64());
    std::sort(ids.begin(), ids.end());
    return ids;
}

// A token holds the moment at which it was made.
std::string without_token(std::string body)
{
    const std::size_t at = body.rfind("\"next\":\"+");
    if (at != body.npos) body.erase(at, body.rfind('"') - at);
    return body;
}

}  // namespace

TEST_CASE("a folder gets every page's body, octet for octet", "[command]")
{
    mock_api server(items_by_id(), make_dataset(items_by_id(), dataset_options(95)));
    command_line shell;
    shell.describe("api.json", server.described(items_by_id()));
    const command_line::outcome o =
        shell.run({"run", "@api.json", "-o", "@pages/", "--workers", "1"});
    INFO(o.talk);
    CHECK(o.code == 0);
    std::vector<std::string> sent;
    mock_api same(items_by_id(), make_dataset(items_by_id(), dataset_options(95)));
    collect(same.described(items_by_id()),
            [&](const page& p) { sent.push_back(without_token(std::string(p.body()))); });
    std::vector<std::string> kept;
    for (const auto& [number, body] : pages_of(shell.file("pages")))
        kept.push_back(without_token(body));
    CHECK(kept == sent);
    CHECK(std::filesystem::exists(shell.file("pages.state")));

    // The folder's name says it, or a word does.
    CHECK(shell.run({"run", "@api.json", "-o", "@raw", "--format", "pages"}).code == 0);
    CHECK(ids_of(pages_of(shell.file("raw"))) == ids_of(server.records()));
    CHECK(shell.run({"run", "@api.json", "-o", "@raw/", "--format", "csv"}).code == 2);
    CHECK(shell.run({"run", "@api.json", "--format", "pages"}).code == 2);
}

TEST_CASE("a run into pages that is killed loses none and doubles none", "[command][S1]")
{
    mock_api_options slow;
    slow.delay = std::chrono::milliseconds(4);
    mock_api server(items_by_id(), make_dataset(items_by_id(), dataset_options(600)), {}, slow);
    command_line shell;
    shell.describe("api.json", server.described(items_by_id()));
    for (const std::uint64_t more : {7u, 9u, 14u, 18u}) {
        shell.start({"run", "@api.json", "-o", "@pages/"});
        const std::uint64_t enough = server.requests() + more;
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (server.requests() < enough && std::chrono::steady_clock::now() < patience)
            std::this_thread::yield();
        shell.child().kill();
    }
    CHECK(shell.run({"verify", "@api.json", "-o", "@pages/"}).code == 6);
    const command_line::outcome o = shell.run({"run", "@api.json", "-o", "@pages/"});
    INFO(o.talk);
    CHECK(o.code == 0);
    std::filesystem::remove(shell.file("pages/.page"));  // what the kill left half written
    CHECK(ids_of(pages_of(shell.file("pages"))) == ids_of(server.records()));
    CHECK(shell.run({"verify", "@api.json", "-o", "@pages"}).code == 0);
}

TEST_CASE("pages that were changed or taken away are found out", "[command][S5]")
{
    mock_api server(items_by_id(), make_dataset(items_by_id(), dataset_options(60)));
    command_line shell;
    shell.describe("api.json", server.described(items_by_id()));
    CHECK(shell.run({"run", "@api.json", "-o", "@pages/", "--max-pages", "3"}).code == 3);
    std::string first;
    for (const auto& each : std::filesystem::directory_iterator(shell.file("pages")))
        if (each.path().filename().string().starts_with("0000000001-")) first = each.path();
    std::filesystem::rename(first, shell.file("kept"));
    CHECK(shell.run({"verify", "@api.json", "-o", "@pages/"}).code == 8);
    const std::uint64_t asked = server.requests();
    CHECK(shell.run({"run", "@api.json", "-o", "@pages/"}).code == 8);
    CHECK(server.requests() == asked);
    std::filesystem::rename(shell.file("kept"), first);
    CHECK(shell.run({"run", "@api.json", "-o", "@pages/"}).code == 0);
    std::filesystem::copy_file(first, shell.file("kept"));
    std::ofstream(first) << R"({"items":[],"next":null})";
    const command_line::outcome emptied = shell.run({"verify", "@api.json", "-o", "@pages/"});
    CHECK(emptied.code == 6);
    CHECK(emptied.out.find("were committed") != std::string::npos);
    std::filesystem::rename(shell.file("kept"), first);
    std::filesystem::resize_file(first, 20);
    const command_line::outcome o = shell.run({"verify", "@api.json", "-o", "@pages/"});
    INFO(o.out);
    CHECK(o.code == 6);
    CHECK(o.out.find("of the pages cannot be read") != std::string::npos);
}

TEST_CASE("pages that the audit asks for again are not kept twice", "[command][P11]")
{
    const connector c = load_connector(R"({"name": "items",
        "request": {"url": "http://127.0.0.1/v1/items"}, "records": "/items", "key": "/id",
        "order": "ascending", "page_size": {"to": {"query": "limit"}, "value": 10},
        "next": {"from": {"counter": {"start": 0, "step": "records"}}, "to": {"query": "offset"}},
        "end": ["total", "empty_page"], "total": {"body": "/total"}})");
    mock_api server(c, make_dataset(c, dataset_options(95)));
    command_line shell;
    shell.describe("api.json", server.described(c));
    const command_line::outcome o = shell.run({"run", "@api.json", "-o", "@pages/"});
    INFO(o.talk);
    CHECK(o.code == 0);
    CHECK(server.requests() > 20);  // it was walked again
    CHECK(ids_of(pages_of(shell.file("pages"))) == ids_of(server.records()));
    CHECK(shell.run({"verify", "@api.json", "-o", "@pages"}).code == 0);
}
