// What the core costs a page: the machine with keys, the loop guard, the token bucket.
#include <catena/core/chain_machine.hpp>
#include <catena/core/loop_guard.hpp>
#include <catena/core/token_bucket.hpp>

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

using namespace catena;

namespace {

constexpr std::size_t records = 100;

connector walk(order sorted, std::size_t fields)
{
    connector c("bench", "https://host/items");
    c.next.from.emplace_back(token_source::place::body, "/next");
    c.next.to.emplace_back(token_target::place::query, "cursor");
    c.end.emplace_back(end_rule::kind::missing);
    c.sorted = sorted;
    c.ties = fields > 1;
    for (std::size_t i = 0; i < fields; ++i)
        c.key.emplace_back("/k" + std::to_string(i));
    return c;
}

void machine(benchmark::State& state)
{
    const auto width = static_cast<std::size_t>(state.range(0));
    const auto c =
        std::make_shared<const connector>(walk(width == 0 ? order::none : order::ascending, width));
    chain_machine m(c);
    std::vector<std::string> texts(records * width);
    std::vector<key_view> keys(texts.size());
    page_facts facts;
    facts.tokens.resize(1);
    facts.tokens[0].is = presence::given;
    facts.records = records;
    std::uint64_t id = 1'000'000'000;
    std::uint64_t page = 0;
    const time_point now{std::chrono::hours(1)};
    for (auto _ : state) {
        state.PauseTiming();
        for (std::size_t i = 0; i < texts.size(); ++i) {
            texts[i] = std::to_string(id++);
            keys[i].kind = json_kind::number;
            keys[i].present = true;
            keys[i].text = texts[i];
        }
        facts.keys = keys;
        facts.print.octets = ++page;
        facts.tokens[0].token.text = "a-cursor-of-usual-length-" + std::to_string(page);
        state.ResumeTiming();
        benchmark::DoNotOptimize(m.poll(now));
        benchmark::DoNotOptimize(m.on_answer(facts, now));
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(page * records));
}
BENCHMARK(machine)->Arg(0)->Arg(1)->Arg(2);

void guard(benchmark::State& state)
{
    loop_guard g;
    std::uint64_t n = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(g.closes(identity{++n, n}));
}
BENCHMARK(guard);

void bucket(benchmark::State& state)
{
    token_bucket b(std::chrono::milliseconds(1), 10);
    time_point now{std::chrono::hours(1)};
    for (auto _ : state) {
        now = b.earliest(now);
        b.take(now);
        benchmark::DoNotOptimize(now);
    }
}
BENCHMARK(bucket);

}  // namespace

BENCHMARK_MAIN();
