// What a page costs until it is durable: 64 chains with one page on its way each, 100 records and
// 17 KB a page. The control hands each page back from another thread and keeps nothing; a lone
// page is held against a write and fdatasync of as many octets. Then many chains, planned, and
// found and claimed again by the next process.
//
//   bench_store [--quick] [--seconds S] [--json FILE]
#include "options.hpp"
#include "store_load.hpp"
#include "support/scratch_folder.hpp"
#include "support/store_caller.hpp"
#include <catena/store/jsonl_sink.hpp>
#include <catena/store/sqlite_store.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace catena::bench {

namespace {

sqlite_options into(const testing::scratch_folder& here, const std::string& kind)
{
    sqlite_options o;
    if (kind == "rows") return o;
    jsonl_options how;
    if (kind == "gzip") {
        how.as = jsonl_options::coding::gzip;
        how.level = 1;
    }
    o.records = std::make_shared<jsonl_sink>(here.file("records"), how);
    return o;
}

cost measure(const std::string& kind, double seconds)
{
    if (kind == "no store") {
        std::vector<chain_row> all(load_chains);
        no_store none;
        return crowd([&](page_commit p, auto done) { none.commit(std::move(p), std::move(done)); },
                     1, all)
            .run(seconds);
    }
    const testing::scratch_folder here;
    sqlite_store s(here.file("s.db"), into(here, kind));
    testing::store_caller call(s);
    const std::uint64_t job = call.open("bench").value.id;
    first_chains all;
    all.ranges.resize(load_chains, "range");
    all.keys = kind == "lines+keys";
    call.plan(job, std::move(all));
    return crowd([&](page_commit p, auto done) { s.commit(std::move(p), std::move(done)); }, job,
                 call.claim(job, load_chains).value)
        .run(seconds);
}

double median_ms(std::vector<double> seconds)
{
    std::sort(seconds.begin(), seconds.end());
    return 1e3 * seconds[seconds.size() / 2];
}

struct lone {
    double store_ms = 0, sync_ms = 0;
};

// By turns, so that both meet the same disk.
lone measure_lone(const std::string& kind, double seconds)
{
    const testing::scratch_folder here;
    sqlite_store s(here.file("s.db"), into(here, kind));
    testing::store_caller call(s);
    const std::uint64_t job = call.planned("bench", 1);
    chain_row c = call.claim(job, 1).value.at(0);
    const int file = ::open(here.file("plain").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const std::string octets(load_records * record_octets, 'x');
    std::vector<double> store_times, sync_times;
    for (const auto begun = steady::now(); store_times.empty() || since(begun) < seconds;) {
        page_commit p = page_of(job, c);
        ++c.pages;
        auto from = steady::now();
        if (call.commit(std::move(p)).why.code) throw std::runtime_error("a page was refused");
        store_times.push_back(since(from));
        from = steady::now();
        if (::write(file, octets.data(), octets.size()) < 0 || ::fdatasync(file) != 0)
            throw std::runtime_error("cannot write");
        sync_times.push_back(since(from));
    }
    ::close(file);
    return {median_ms(store_times), median_ms(sync_times)};
}

struct many {
    std::size_t chains = 0;
    double plan_s = 0, resume_s = 0, resume_cpu_s = 0;
};

many measure_many(std::size_t n)
{
    const testing::scratch_folder here;
    many m;
    m.chains = n;
    std::vector<std::string> ranges;
    for (std::size_t i = 0; i < n; ++i)
        ranges.push_back("[" + std::to_string(i * 1000) + ", " + std::to_string(i * 1000 + 1000) +
                         ")");
    {
        sqlite_store s(here.file("s.db"));
        testing::store_caller call(s);
        const std::uint64_t job = call.open("bench").value.id;
        const auto begun = steady::now();
        call.plan(job, std::move(ranges));
        m.plan_s = since(begun);
    }
    const auto begun = steady::now();
    const double cpu = cpu_seconds();
    sqlite_store s(here.file("s.db"));
    testing::store_caller call(s);
    if (call.claim(call.open("bench").value.id, n).value.size() != n)
        throw std::runtime_error("chains are missing");
    m.resume_s = since(begun);
    m.resume_cpu_s = cpu_seconds() - cpu;
    return m;
}

void run(const options& o)
{
    std::printf("%zu chains, pages of %zu records, %zu octets each\n", load_chains, load_records,
                record_octets);
    std::printf("%-10s %10s %14s\n", "records to", "pages/s", "CPU us a page");
    std::string json;
    double control = 0;
    for (const char* kind : {"no store", "rows", "lines", "lines+keys", "gzip"}) {
        const cost c = measure(kind, o.seconds);
        if (json.empty()) control = c.cpu_us;
        std::printf("%-10s %10.0f %14.1f  (%.1f more than no store)\n", kind, c.pages_a_second,
                    c.cpu_us, c.cpu_us - control);
        json += std::string(json.empty() ? "[\n" : ",\n") + "  {\"records_to\": \"" + kind +
                "\", \"pages_s\": " + std::to_string(c.pages_a_second) +
                ", \"cpu_us\": " + std::to_string(c.cpu_us) + "}";
    }
    for (const char* kind : {"rows", "lines"}) {
        const lone l = measure_lone(kind, o.seconds);
        std::printf("lone page, %s: %.2f ms; write and fdatasync alone: %.2f ms\n", kind,
                    l.store_ms, l.sync_ms);
        json += std::string(",\n  {\"lone_page\": \"") + kind +
                "\", \"ms\": " + std::to_string(l.store_ms) +
                ", \"fdatasync_ms\": " + std::to_string(l.sync_ms) + "}";
    }
    const many m = measure_many(o.seconds < 0.1 ? 20'000 : 1'000'000);
    std::printf("%zu chains: planned in %.2f s, opened and claimed in %.2f s (%.2f s CPU)\n",
                m.chains, m.plan_s, m.resume_s, m.resume_cpu_s);
    json += ",\n  {\"chains\": " + std::to_string(m.chains) +
            ", \"plan_s\": " + std::to_string(m.plan_s) +
            ", \"resume_s\": " + std::to_string(m.resume_s) +
            ", \"resume_cpu_s\": " + std::to_string(m.resume_cpu_s) + "}\n]\n";
    if (!o.json.empty()) std::ofstream(o.json) << json;
}

}  // namespace

}  // namespace catena::bench

int main(int argc, char* argv[])
{
    return catena::bench::run_with_options(argc, argv, catena::bench::run);
}
