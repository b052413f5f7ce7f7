// The words that make a run be watched, and what a run leaves of that without a browser.
#include "command/command_line.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include <catena/testing/mock_api.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/parse.hpp>

#include <string>

using namespace catena;
using namespace catena::testing;

namespace {

struct world {
    explicit world(std::uint64_t records)
        : server(items_by_id(), make_dataset(items_by_id(), dataset_options(records)))
    {
        shell.describe("api.json", server.described(items_by_id()));
    }

    /// The data of a page that was written to a file.
    [[nodiscard]] boost::json::value data(const std::string& name) const
    {
        const std::string page = plain_text(shell.file(name));
        const std::string mark = "id=\"data\">";
        const std::size_t at = page.find(mark);
        REQUIRE(at != std::string::npos);
        const std::size_t begins = at + mark.size();
        return boost::json::parse(page.substr(begins, page.find("</script>", begins) - begins));
    }

    mock_api server;
    command_line shell;
};

std::int64_t committed(const boost::json::value& data)
{
    std::int64_t sum = 0;
    for (const boost::json::value& cell : data.at("keys").at("done").as_array())
        sum += cell.as_int64();
    return sum;
}

}  // namespace

TEST_CASE("words of a live page that make no sense are refused before anything is asked",
          "[command][ui]")
{
    world w(50);
    boost::asio::io_context context;
    const boost::asio::ip::tcp::acceptor taken(
        context, {boost::asio::ip::address_v4::loopback(), std::uint16_t(0)});
    const std::string port = std::to_string(taken.local_endpoint().port());
    const std::pair<std::vector<std::string>, std::string> rows[] = {
        {{"--ui=http"}, "--ui=http: a port is a number from 0 to 65535"},
        {{"--ui=65536"}, "--ui=65536: a port is"},
        {{"--ui=-1"}, "--ui=-1: a port is"},
        {{"--ui=80x"}, "--ui=80x: a port is"},
        {{"--ui=" + port}, "cannot listen on 127.0.0.1:" + port},
        {{"--ui-report", "@page.txt"}, "its ending is .html"},
        {{"--ui-report", "@nowhere/page.html"}, "there is no folder"},
        {{"--one-page", "--ui"}, "--one-page only prints"},
        {{"--one-page", "--ui-report", "@page.html"}, "--one-page only prints"},
    };
    for (const auto& [more, said] : rows) {
        std::vector<std::string> words{"run", "@api.json"};
        words.insert(words.end(), more.begin(), more.end());
        const command_line::outcome o = w.shell.run(words);
        CAPTURE(more.front(), o.talk);
        CHECK(o.code == 2);
        CHECK(o.talk.find(said) != std::string::npos);
    }
    CHECK(w.server.requests() == 0);
}

TEST_CASE("a live page takes no word of the others, and tells where it is even if quiet",
          "[command][ui]")
{
    world w(50);
    const command_line::outcome o = w.shell.run({"run", "--ui", "@api.json", "--quiet"});
    CHECK(o.code == 0);
    CHECK(o.talk.starts_with("live page: http://127.0.0.1:"));
    CHECK(o.talk.find('\n') == o.talk.size() - 1);
}

TEST_CASE("the page of a run is written as it ended, and that of the next one goes on from there",
          "[command][ui]")
{
    world w(1'000);
    CHECK(w.shell
              .run({"run", "@api.json", "-o", "@items.jsonl", "--workers", "3", "--max-pages", "40",
                    "--ui-report", "@first.html"})
              .code == 3);
    const boost::json::value first = w.data("first.html");
    CHECK(first.at("outcome").as_string() == "stopped early");
    CHECK(first.at("metrics").at("catena_records_total").as_int64() <= 400);
    const std::int64_t part = committed(first);
    CHECK(part > 50'000);
    CHECK(part < 150'000);

    CHECK(w.shell
              .run({"run", "@api.json", "-o", "@items.jsonl", "--workers", "3", "--ui-report",
                    "@second.html"})
              .code == 0);
    const boost::json::value second = w.data("second.html");
    CHECK(second.at("outcome").as_string() == "complete");
    CHECK(second.at("metrics").at("catena_records_total").as_int64() == 1'000);
    CHECK(second.at("metrics").at("catena_run_ended").as_int64() == 1);
    CHECK(committed(second) > part);
    std::int64_t records = 0;
    for (const boost::json::value& n : second.at("points").at("records").as_array())
        records += n.as_int64();
    CHECK(records + first.at("metrics").at("catena_records_total").as_int64() == 1'000);
}

TEST_CASE("a run that fails leaves its page too", "[command][ui]")
{
    world w(200);
    w.server.add(fault::answer(403, 8, fault::always));
    const command_line::outcome o = w.shell.run(
        {"run", "@api.json", "-o", "@items.jsonl", "--workers", "1", "--ui-report", "@page.html"});
    CHECK(o.code == 4);
    const boost::json::value data = w.data("page.html");
    CHECK(data.at("outcome").as_string() == "failed");
    CHECK(data.at("metrics").at("catena_failures_total").as_int64() > 0);
    CHECK(data.at("slowest").at(0).at("state").as_string() == "stopped");
}
