// The live page in a browser: its console stays clean, nothing leaves its origin, its pictures are
// drawn, and its numbers are those of the run.
#include "command/command_line.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "ui/assets.hpp"
#include "ui/browser.hpp"
#include "ui/server.hpp"
#include "ui/story.hpp"
#include "ui/texts.hpp"
#include <catena/testing/mock_api.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <regex>
#include <sstream>
#include <thread>

using namespace catena;
using namespace catena::testing;
namespace asio = boost::asio;

namespace {

using numbers = std::map<std::string, std::string>;

/// CTest knows this code as "skipped".
void require_browser()
{
    if (!browser::program().empty()) return;
    std::cout << "skipped: there is no Chromium in PATH to look at the live page with\n";
    std::exit(77);
}

std::string url_in(const std::string& talk)
{
    std::smatch found;
    static const std::regex url(R"(live page: (http://127\.0\.0\.1:[0-9]+/))");
    return std::regex_search(talk, found, url) ? found[1].str() : std::string();
}

std::string wait_for_url(command_line& shell)
{
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < patience) {
        const std::string url = url_in(plain_text(shell.file("talk")));
        if (!url.empty()) return url;
        std::this_thread::yield();
    }
    throw std::runtime_error("the command tells no address");
}

/// The samples of `url`metrics, but those that tell the time.
numbers scraped(const std::string& url)
{
    const std::string host = url.substr(7, url.size() - 8);
    asio::io_context context;
    asio::ip::tcp::socket s(context);
    const auto port = static_cast<std::uint16_t>(std::stoi(host.substr(host.find(':') + 1)));
    s.connect({asio::ip::address_v4::loopback(), port});
    asio::write(s, asio::buffer("GET /metrics HTTP/1.1\r\nHost: " + host +
                                "\r\nConnection: close\r\n\r\n"));
    std::string text;
    boost::system::error_code ec;
    asio::read(s, asio::dynamic_buffer(text), ec);
    numbers out;
    std::istringstream in(text.substr(text.find("\r\n\r\n") + 4));
    for (std::string line; std::getline(in, line);)
        if (!line.starts_with('#'))
            out[line.substr(0, line.rfind(' '))] = line.substr(line.rfind(' ') + 1);
    for (const char* moving : {"catena_run_seconds", "catena_hold_seconds"})
        out.erase(moving);
    return out;
}

numbers numbers_in(browser& b, const std::string& expression)
{
    const boost::json::value shown = b.evaluate(expression);
    numbers out;
    for (const auto& [name, text] : shown.as_object())
        out[name] = text.as_string().c_str();
    return out;
}

/// Every number of the page that has a name, as it stands there but for its commas.
numbers cards(browser& b)
{
    return numbers_in(b, R"(Object.fromEntries([...document.querySelectorAll('[data-metric]')].map(
        (e) => [e.dataset.metric, e.textContent.replaceAll(',', '')])))");
}

numbers table(browser& b)
{
    numbers all = numbers_in(b, R"(Object.fromEntries([...document.querySelectorAll('#all tr')].map(
        (r) => [r.cells[0].textContent, r.cells[1].textContent])))");
    for (const char* moving : {"catena_run_seconds", "catena_hold_seconds"})
        all.erase(moving);
    return all;
}

void check_same(browser& b, const numbers& metrics)
{
    const numbers shown = cards(b), all = table(b);
    CHECK(shown.size() >= 9);
    for (const auto& [name, value] : shown) {
        CAPTURE(name);
        CHECK(metrics.at(name) == value);
    }
    CHECK(all.size() > 25);
    for (const auto& [name, value] : all) {
        CAPTURE(name);
        CHECK(metrics.at(name) == value);
    }
}

/// Colours in each canvas, or rows of figures where there are no plots.
void check_drawn(browser& b)
{
    if (!ui::assets::no_plots.empty()) {
        CHECK(b.evaluate("document.querySelectorAll('.plot canvas').length") == 0);
        CHECK(b.evaluate("document.querySelectorAll('.figures tr').length > 4").as_bool());
        CHECK(b.evaluate("document.getElementById('no-plots').textContent").as_string() ==
              boost::json::string_view(ui::assets::no_plots.data(), ui::assets::no_plots.size()));
        return;
    }
    const boost::json::value colours = b.evaluate(R"(
        [...document.querySelectorAll('.plot canvas')].map((c) => {
          const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
          const seen = new Set();
          for (let i = 0; i < d.length; i += 4)
            if (d[i + 3] > 200) seen.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);
          return seen.size;
        }))");
    REQUIRE(colours.as_array().size() == 2);
    for (const boost::json::value& n : colours.as_array())
        CHECK(n.as_int64() > 3);
}

void check_quiet(const browser& b, const std::string& origin)
{
    for (const std::string& line : b.console())
        FAIL_CHECK(line);
    CHECK_FALSE(b.requests().empty());
    for (const std::string& url : b.requests()) {
        CAPTURE(url);
        CHECK((url.starts_with(origin) || url == "data:,"));
    }
}

std::string state_is(const std::string& text)
{
    return "document.getElementById('state').textContent.startsWith('" + text + "')";
}

/// No part of the page reaches beyond the window's sides.
void check_fits(browser& b)
{
    CHECK(b.evaluate("document.documentElement.scrollWidth <= window.innerWidth").as_bool());
}

/// Nothing that stood somewhere has moved by itself (the Layout Instability API's score).
void check_still(browser& b)
{
    const boost::json::value moved = b.evaluate(R"(new Promise((done) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const e of list.getEntries()) sum += e.value;
        }).observe({type: 'layout-shift', buffered: true});
        setTimeout(() => done(sum), 200);
      }))");
    CHECK(moved.to_number<double>() < 0.02);
}

}  // namespace

TEST_CASE("a run is seen as it stands, to its end, and afterwards in one file", "[command][ui]")
{
    require_browser();
    const connector c = items_by_id();
    mock_api server(c, make_dataset(c, dataset_options(3'000)));
    fault hold = fault::answer(429, 60, fault::always);
    hold.retry_after = std::chrono::seconds(60);
    server.add(hold);
    command_line shell;
    shell.describe("api.json", server.described(c));
    shell.start({"run", "@api.json", "-o", "@items.jsonl", "--workers", "4", "--ui", "--ui-report",
                 "@live.html"});
    const std::string url = wait_for_url(shell);
    browser b;
    b.open(url);
    // While the server asks to wait nothing changes but the time.
    REQUIRE(b.wait_for(state_is("waits ")));
    const numbers held = scraped(url);
    REQUIRE(b.wait_for(
        "document.querySelector('[data-metric=catena_throttled_total]').textContent === '" +
        held.at("catena_throttled_total") + "'"));
    REQUIRE(
        b.wait_for("document.querySelector('[data-metric=catena_requests_in_flight]')"
                   ".textContent === '0'"));
    CHECK(held.at("catena_throttled_total") != "0");
    CHECK(held.at("catena_records_total") != "0");
    check_same(b, scraped(url));
    check_drawn(b);
    check_fits(b);
    check_still(b);
    CHECK(b.evaluate("document.querySelectorAll('#strips .strip').length").as_int64() >= 4);
    CHECK(b.evaluate("document.querySelectorAll('#bar span').length") == 200);
    check_quiet(b, url);

    const numbers last = scraped(url);
    shell.child().interrupt();
    CHECK(b.wait_for(state_is("interrupted")));
    const command_line::outcome o = shell.wait();
    CHECK(o.code == 130);
    const numbers shown = cards(b);
    CHECK(shown.at("catena_records_total") == last.at("catena_records_total"));
    const std::string lines = plain_text(shell.file("items.jsonl"));
    CHECK(std::to_string(std::count(lines.begin(), lines.end(), '\n')) ==
          shown.at("catena_records_total"));
    check_quiet(b, url);

    const std::string file = "file://" + shell.file("live.html");
    b.open(file, 390, 844);
    CHECK(b.evaluate(state_is("interrupted")).as_bool());
    CHECK(cards(b) == shown);
    check_drawn(b);
    check_fits(b);
    check_quiet(b, file);
}

TEST_CASE("a run that ends while its page is open tells it that it is complete", "[command][ui]")
{
    require_browser();
    const connector c = items_by_id();
    mock_api_options slow;
    slow.delay = std::chrono::milliseconds(60);
    mock_api server(c, make_dataset(c, dataset_options(600)), {}, slow);
    command_line shell;
    shell.describe("api.json", server.described(c));
    browser b;
    shell.start({"run", "@api.json", "-o", "@items.jsonl", "--workers", "2", "--ui=0"});
    const std::string url = wait_for_url(shell);
    b.open(url);
    CHECK(b.wait_for(state_is("complete")));
    CHECK(shell.wait().code == 0);
    CHECK(cards(b).at("catena_records_total") == "600");
    CHECK(b.evaluate("document.getElementById('bar-text').textContent")
              .as_string()
              .starts_with("100.0 %"));
    check_drawn(b);
    check_quiet(b, url);
}

TEST_CASE("a page of a hundred thousand chains is as light as one of a hundred", "[ui]")
{
    require_browser();
    ui::gauges g("many", ui::at(0));
    constexpr std::uint64_t n = 100'000;
    for (std::uint64_t id = 1; id <= n; ++id) {
        const double from = static_cast<double>(id - 1) / n, to = static_cast<double>(id) / n;
        const double now = static_cast<double>(id) / 100;
        g.on_request();
        g.on_answer(ui::answered(id, id % 97 == 0 ? 429 : 200, 0.01), ui::at(now));
        g.on_chain(ui::standing(id, from, to, (from + to) / 2, 5), ui::at(now));
        if (id % 10'000 == 0) g.on_notice(chain_id{id}, notice::kind::recovered, ui::at(now));
        g.on_state({.records = id * 5, .pages = id, .chains = n, .walking = id}, {8, 16, {}},
                   ui::at(now));
    }
    const auto begun = std::chrono::steady_clock::now();
    const std::string text = ui::to_json(g);
    const auto took = std::chrono::steady_clock::now() - begun;
    std::cout << "100,000 chains: " << text.size() << " octets of data, made in "
              << std::chrono::duration_cast<std::chrono::microseconds>(took).count() << " us\n";
    asio::io_context context(1);
    ui::server pages(context.get_executor(),
                     ui::site([&] { return ui::to_prometheus(g); }, [&] { return ui::to_json(g); }),
                     0);
    std::thread serves([&] { context.run(); });
    {
        browser b;
        b.open(pages.url());
        CHECK(b.wait_for(state_is("running")));
        CHECK(cards(b).at("catena_chains_walking") == "100000");
        CHECK(b.evaluate("document.querySelectorAll('#strips .strip').length") == 50);
        CHECK(b.evaluate("document.querySelectorAll('*').length < 3000").as_bool());
        check_drawn(b);
        check_quiet(b, pages.url());
    }
    asio::post(context, [&] { pages.stop(); });
    serves.join();
}
