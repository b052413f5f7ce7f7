// The whole engine against a server on another core: pages a second, CPU of the client's thread a
// page and resident memory, by chains and by page size; beside it a plain Asio client that reads
// the same octets and looks at nothing.
//
//   bench_engine [--quick] [--seconds S] [--json FILE]
#include "measured.hpp"
#include "options.hpp"
#include "page_server.hpp"
#include "plain_client.hpp"
#include <catena/catena.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace asio = boost::asio;

namespace catena::bench {

namespace {

connector described(unsigned short port)
{
    connector c("bench", "http://127.0.0.1:" + std::to_string(port) + "/items");
    c.records = records_rule("/items");
    c.key = {key_field("/id")};
    c.sorted = order::ascending;
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(token_target::place::query, "cursor")};
    c.end = {end_rule::kind::missing};
    return c;
}

asio::awaitable<void> walk(chain way, meter& m, std::size_t records)
{
    while (m.goes_on()) {
        const auto next = co_await way.next_page();
        if (!next || next->records().size() != records)
            throw std::runtime_error("the engine lost records");
        m.count(next->body().size());
    }
}

measured run_engine(unsigned short port, const setup& s)
{
    asio::io_context context(1);
    engine on(context.get_executor());
    const auto c = std::make_shared<const connector>(described(port));
    meter m(s.seconds);
    std::exception_ptr trouble;
    for (std::size_t i = 0; i < s.chains; ++i)
        asio::co_spawn(context, walk(chain(on, c), m, s.records), [&](std::exception_ptr e) {
            if (e) trouble = e;
        });
    context.run();
    if (trouble) std::rethrow_exception(trouble);
    return m.result();
}

struct row {
    setup what;
    measured engine, plain;
};

void print(const row& r)
{
    std::printf("%8zu %8zu %10.0f %10.1f %8.1f %10.0f %10.1f %8.1f %7.2f\n", r.what.records,
                r.what.chains, r.engine.pages_a_second, r.engine.cpu_us_a_page, r.engine.rss_mb,
                r.plain.pages_a_second, r.plain.cpu_us_a_page, r.plain.rss_mb,
                r.engine.cpu_us_a_page / r.plain.cpu_us_a_page);
    std::fflush(stdout);
}

void write_json(const std::string& path, const std::vector<row>& rows)
{
    std::ofstream out(path);
    const auto one = [&](const char* name, const measured& m) {
        out << '"' << name << "\": {\"pages_a_second\": " << m.pages_a_second
            << ", \"cpu_us_a_page\": " << m.cpu_us_a_page << ", \"rss_mb\": " << m.rss_mb << '}';
    };
    out << "[\n";
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out << "  {\"records\": " << rows[i].what.records << ", \"chains\": " << rows[i].what.chains
            << ", ";
        one("engine", rows[i].engine);
        out << ", ";
        one("plain", rows[i].plain);
        out << (i + 1 < rows.size() ? "},\n" : "}\n");
    }
    out << "]\n";
}

void run(const options& o)
{
    std::printf("%8s %8s %29s  %29s\n", "", "", "catena", "plain Asio, nothing parsed");
    std::printf("%8s %8s %10s %10s %8s %10s %10s %8s %7s\n", "records", "chains", "pages/s",
                "us/page", "MB", "pages/s", "us/page", "MB", "ratio");
    std::vector<row> rows;
    for (const std::size_t records : {10u, 100u, 1000u}) {
        page_server server(records);
        for (const std::size_t chains : {1u, 64u, 256u}) {
            row r;
            r.what = setup(records, chains, o.seconds);
            r.engine = in_own_process([&] { return run_engine(server.port(), r.what); });
            r.plain = in_own_process([&] { return run_plain_client(server.port(), r.what); });
            print(r);
            rows.push_back(r);
        }
    }
    if (!o.json.empty()) write_json(o.json, rows);
}

}  // namespace

}  // namespace catena::bench

int main(int argc, char* argv[])
{
    return catena::bench::run_with_options(argc, argv, catena::bench::run);
}
