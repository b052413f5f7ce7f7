// What reading one page costs, beside Boost.JSON and the speed of looking at octets at all.
#include <catena/codec/page_reader.hpp>
#include <catena/codec/scan.hpp>

#include <benchmark/benchmark.h>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/stream_parser.hpp>

#include <cstring>
#include <map>
#include <memory>
#include <string>

namespace {

using namespace catena;

/// A page of n records of about 160 octets with eight members each.
const std::string& page_of(std::int64_t n)
{
    static std::map<std::int64_t, std::string> made;
    std::string& page = made[n];
    if (!page.empty()) return page;
    page = "{\"data\":[";
    for (std::int64_t i = 0; i < n; ++i) {
        const std::string number = std::to_string(i);
        if (i != 0) page += ',';
        page +=
            "{\"id\":" + std::to_string(1'000'000 + i) + ",\"name\":\"record number " + number +
            "\",\"created_at\":\"2024-05-01T12:00:00Z\",\"amount\":" + number +
            ".25,\"active\":true,\"tags\":[\"alpha\",\"beta\"],\"note\":\"the quick brown fox\"}";
    }
    page += "],\"next_cursor\":\"bmV4dCBwYWdl\",\"has_more\":true}";
    return page;
}

void count(benchmark::State& state, const std::string& page)
{
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(page.size()));
}

void scan(benchmark::State& state)
{
    scan_request wanted;
    wanted.slots = {"/next_cursor", "/has_more", "/errors"};
    wanted.records = "/data";
    wanted.fields = {"/id"};
    const scan_plan plan(wanted);
    scanner s(plan);
    const std::string& page = page_of(state.range(0));
    for (auto _ : state) {
        s.reset();
        if (s.finish(page)) state.SkipWithError("the page was refused");
        benchmark::DoNotOptimize(s.records().size());
    }
    count(state, page);
}

void read_page(benchmark::State& state)
{
    auto c = std::make_shared<connector>("bench", "https://api.example.com/data");
    c->records = records_rule("/data");
    c->key = {key_field("/id")};
    c->next.from = {token_source(token_source::place::body, "/next_cursor")};
    c->next.to = {token_target(token_target::place::query, "cursor")};
    c->end = {end_rule(end_rule::kind::flag_false, "/has_more")};
    page_reader reader(std::make_shared<const page_contract>(c));

    const std::string& page = page_of(state.range(0));
    const std::string length = std::to_string(page.size());
    const header_view headers[] = {{"Content-Type", "application/json"},
                                   {"Content-Length", length}};
    response_head head;
    head.status = 200;
    head.headers = headers;
    for (auto _ : state) {
        if (reader.begin("https://api.example.com/data", head, {}) || reader.on_body(page))
            state.SkipWithError("the page was refused");
        benchmark::DoNotOptimize(reader.finish().records);
        benchmark::DoNotOptimize(reader.take().body.data());
    }
    count(state, page);
}

/// Accepts everything and keeps nothing: Boost.JSON's own lower bound.
struct ignore_all {
    using text = boost::json::string_view;
    using code = boost::json::error_code;
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = max_object_size;
    static constexpr std::size_t max_key_size = max_object_size;
    static constexpr std::size_t max_string_size = max_object_size;

    bool on_document_begin(code&) { return true; }
    bool on_document_end(code&) { return true; }
    bool on_object_begin(code&) { return true; }
    bool on_object_end(std::size_t, code&) { return true; }
    bool on_array_begin(code&) { return true; }
    bool on_array_end(std::size_t, code&) { return true; }
    bool on_key_part(text, std::size_t, code&) { return true; }
    bool on_key(text, std::size_t, code&) { return true; }
    bool on_string_part(text, std::size_t, code&) { return true; }
    bool on_string(text, std::size_t, code&) { return true; }
    bool on_number_part(text, code&) { return true; }
    bool on_int64(std::int64_t, text, code&) { return true; }
    bool on_uint64(std::uint64_t, text, code&) { return true; }
    bool on_double(double, text, code&) { return true; }
    bool on_bool(bool, code&) { return true; }
    bool on_null(code&) { return true; }
    bool on_comment_part(text, code&) { return true; }
    bool on_comment(text, code&) { return true; }
};

void boost_json_basic_parser(benchmark::State& state)
{
    boost::json::basic_parser<ignore_all> parser{boost::json::parse_options{}};
    const std::string& page = page_of(state.range(0));
    for (auto _ : state) {
        boost::json::error_code ec;
        parser.reset();
        benchmark::DoNotOptimize(parser.write_some(false, page.data(), page.size(), ec));
        if (ec) state.SkipWithError("the page was refused");
    }
    count(state, page);
}

void boost_json_document(benchmark::State& state)
{
    const std::string& page = page_of(state.range(0));
    boost::json::stream_parser parser;
    for (auto _ : state) {
        boost::json::error_code ec;
        parser.reset();
        parser.write(page.data(), page.size(), ec);
        if (ec) state.SkipWithError("the page was refused");
        benchmark::DoNotOptimize(parser.release());
    }
    count(state, page);
}

void memchr_to_the_end(benchmark::State& state)
{
    const std::string& page = page_of(state.range(0));
    for (auto _ : state)
        benchmark::DoNotOptimize(std::memchr(page.data(), '\x01', page.size()));
    count(state, page);
}

BENCHMARK(scan)->Arg(10)->Arg(100)->Arg(1000);
BENCHMARK(read_page)->Arg(10)->Arg(100)->Arg(1000);
BENCHMARK(boost_json_basic_parser)->Arg(10)->Arg(100)->Arg(1000);
BENCHMARK(boost_json_document)->Arg(10)->Arg(100)->Arg(1000);
BENCHMARK(memchr_to_the_end)->Arg(10)->Arg(100)->Arg(1000);

}  // namespace

BENCHMARK_MAIN();
