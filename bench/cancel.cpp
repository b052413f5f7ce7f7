// How long a call goes on after it was cancelled, for the waits that a server can draw out or a
// budget asks for; 50 ms are promised. Beside each, in the same loop and at the same time, as many
// plain Asio timers are cancelled likewise. Not here, for want of a cheap way to hold up hundreds
// at once: a look-up of names and a request that is not read. The unit tests cancel both.
//
//   bench_cancel [--quick] [--seconds S] [--json FILE]
#include "options.hpp"
#include "support/full_listener.hpp"
#include "support/mute_server.hpp"
#include <catena/catena.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace catena::bench {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t chains = 200;
constexpr auto promised = 50ms;

// A wait that would last for hours. It is cancelled once and tells how long that took.
class waiting {
public:
    explicit waiting(asio::io_context& context) : due_(context) {}

    [[nodiscard]] bool over() const { return over_; }
    [[nodiscard]] steady::duration took() const { return took_; }

    void cancel_after(steady::duration span)
    {
        due_.expires_after(span);
        due_.async_wait([this](error_code) {
            asked_ = steady::now();
            stop_.emit(asio::cancellation_type::terminal);
        });
    }

protected:
    ~waiting() = default;

    [[nodiscard]] asio::cancellation_slot slot() { return stop_.slot(); }

    void ended(error_code ec)
    {
        took_ = steady::now() - asked_;
        over_ = true;
        if (asked_ == steady::time_point() || ec != asio::error::operation_aborted)
            throw std::runtime_error("a wait ended by itself: " + ec.message());
    }

private:
    asio::cancellation_signal stop_;
    asio::steady_timer due_;
    steady::time_point asked_{};
    steady::duration took_{};
    bool over_ = false;
};

class waiting_chain final : public waiting {
public:
    waiting_chain(asio::io_context& context, chain way) : waiting(context), way_(std::move(way))
    {
        way_.next_page(asio::bind_cancellation_slot(
            slot(), [this](error_code ec, const std::optional<page>&) { ended(ec); }));
    }

private:
    chain way_;
};

class waiting_timer final : public waiting {
public:
    explicit waiting_timer(asio::io_context& context) : waiting(context), far_(context, 10h)
    {
        far_.async_wait(asio::bind_cancellation_slot(slot(), [this](error_code ec) { ended(ec); }));
    }

private:
    asio::steady_timer far_;
};

// One way to wait, and how it is known that all chains have come to it.
struct wait_kind {
    explicit wait_kind(const char* title, const char* says = "") : name(title), piece(says) {}

    const char* name;
    const char* piece;  // what the server says
    const char* scheme = "http";
    bool unreachable = false;  // the server's queue of connections is full
    limits_rule limits;
    std::size_t pool = chains;
    std::size_t requests = chains, answers = 0, connections = chains;
};

std::vector<wait_kind> all_kinds()
{
    wait_kind connect("connection"), tls("TLS handshake"), head("head of the answer"),
        body("rest of the body", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"),
        pool("turn in the pool"), rate("rate spent"),
        held("budget held",
             "HTTP/1.1 429 Slow\r\nRetry-After: 1800\r\nConnection: close\r\n"
             "Content-Length: 0\r\n\r\n"),
        backoff("backoff", "HTTP/1.1 503 No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    connect.unreachable = true;
    connect.connections = 0;
    tls.scheme = "https";
    pool.pool = pool.connections = 1;
    rate.limits.policies.emplace_back(1, 10h);
    rate.requests = rate.connections = 1;
    held.limits.concurrency = 1;
    held.requests = held.answers = held.connections = 1;
    backoff.answers = chains;
    return {connect, tls, head, body, pool, rate, held, backoff};
}

connector described(const wait_kind& k, std::uint16_t port)
{
    connector c("bench", k.scheme + ("://127.0.0.1:" + std::to_string(port)) + "/items");
    c.next.from = {token_source(token_source::place::body, "/next")};
    c.next.to = {token_target(token_target::place::query, "cursor")};
    c.end = {end_rule::kind::missing};
    c.limits = k.limits;
    return c;
}

struct sightings final : observer {
    void on_request(const request_sent&) override { ++requests; }
    void on_answer(const answer_received&) override { ++answers; }

    std::size_t requests = 0, answers = 0;
};

struct quantiles {
    double p50 = 0, p99 = 0, max = 0;  // in microseconds
};

template <class Waiting>
using many = std::vector<std::unique_ptr<Waiting>>;

steady::duration in_steady(double seconds)
{
    return std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(seconds));
}

template <class Waiting>
void cancel_all(const many<Waiting>& all, double seconds, std::mt19937_64& dice)
{
    std::uniform_real_distribution<double> moment(0, seconds);
    for (const auto& w : all)
        w->cancel_after(in_steady(moment(dice)));
}

template <class Waiting>
bool all_over(const many<Waiting>& all)
{
    return std::all_of(all.begin(), all.end(), [](const auto& w) { return w->over(); });
}

template <class Waiting>
quantiles quantiles_of(const many<Waiting>& all)
{
    std::vector<double> us;
    for (const auto& w : all)
        us.push_back(std::chrono::duration<double, std::micro>(w->took()).count());
    std::sort(us.begin(), us.end());
    return {us[(us.size() - 1) / 2], us[(us.size() - 1) * 99 / 100], us.back()};
}

struct row {
    const char* wait;
    quantiles engine, timer;
};

void run_until(asio::io_context& context, steady::duration most, const std::function<bool()>& yes,
               const char* otherwise)
{
    const auto end = steady::now() + most;
    while (!yes()) {
        if (steady::now() >= end) throw std::runtime_error(otherwise);
        context.run_one_until(end);
    }
}

row measure(const wait_kind& k, double seconds, std::mt19937_64& dice)
{
    asio::io_context context(1);
    const testing::mute_server server(context, k.piece);
    const testing::full_listener full(context, "127.0.0.1");
    sightings seen;
    engine_options how;
    how.pool.connections_per_origin = k.pool;
    how.watch = &seen;
    engine on(context.get_executor(), how);
    chain_limits patience;
    patience.first_backoff = patience.longest_backoff = 1000h;  // of which chance takes a part
    patience.retry_time = duration::zero();

    const auto c = std::make_shared<const connector>(
        described(k, k.unreachable ? full.port() : server.port()));
    many<waiting_chain> calls;
    many<waiting_timer> timers;
    for (std::size_t i = 0; i < chains; ++i) {
        calls.push_back(std::make_unique<waiting_chain>(context, chain(on, c, patience)));
        timers.push_back(std::make_unique<waiting_timer>(context));
    }
    const auto all_wait = [&] {
        return seen.requests == k.requests && seen.answers == k.answers &&
               server.connections() == k.connections;
    };
    run_until(context, 10s, all_wait, "the chains did not come to their wait");
    context.run_for(20ms);
    if (!all_wait()) throw std::runtime_error("the chains did not stay in their wait");

    cancel_all(calls, seconds, dice);
    cancel_all(timers, seconds, dice);
    run_until(
        context, in_steady(seconds) + 10s, [&] { return all_over(calls) && all_over(timers); },
        "a cancelled call did not end");
    return {k.name, quantiles_of(calls), quantiles_of(timers)};
}

void write_json(const std::string& path, const std::vector<row>& rows)
{
    std::ofstream out(path);
    const auto one = [&](const char* name, const quantiles& q) {
        out << ", \"" << name << "\": {\"p50_us\": " << q.p50 << ", \"p99_us\": " << q.p99
            << ", \"max_us\": " << q.max << '}';
    };
    out << "[\n";
    for (std::size_t i = 0; i < rows.size(); ++i) {
        out << "  {\"wait\": \"" << rows[i].wait << "\", \"chains\": " << chains;
        one("engine", rows[i].engine);
        one("timer", rows[i].timer);
        out << (i + 1 < rows.size() ? "},\n" : "}\n");
    }
    out << "]\n";
}

void run(const options& o)
{
    std::printf("cancel to completion, us; %zu of each\n", chains);
    std::printf("%-20s %26s  %26s\n", "", "catena", "plain Asio timer");
    std::printf("%-20s %8s %8s %8s  %8s %8s %8s\n", "waiting for", "p50", "p99", "max", "p50",
                "p99", "max");
    std::mt19937_64 dice(1);
    std::vector<row> rows;
    double longest = 0;
    for (const wait_kind& k : all_kinds()) {
        const row r = measure(k, o.seconds, dice);
        std::printf("%-20s %8.0f %8.0f %8.0f  %8.0f %8.0f %8.0f\n", r.wait, r.engine.p50,
                    r.engine.p99, r.engine.max, r.timer.p50, r.timer.p99, r.timer.max);
        std::fflush(stdout);
        longest = std::max(longest, r.engine.max);
        rows.push_back(r);
    }
    const double limit = std::chrono::duration<double, std::micro>(promised).count();
    std::printf("longest: %.0f us, %s the promised %.0f us\n", longest,
                longest <= limit ? "within" : "MORE THAN", limit);
    if (!o.json.empty()) write_json(o.json, rows);
}

}  // namespace

}  // namespace catena::bench

int main(int argc, char* argv[])
{
    return catena::bench::run_with_options(argc, argv, catena::bench::run);
}
