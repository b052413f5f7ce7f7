// What happens, in the host's log: here spdlog's. No text that an observer is given holds a secret
// or a cursor, so all of it may be logged.
//
//   spdlog CONNECTOR.json
#include <catena/catena.hpp>
#include <catena/observer.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

class logged final : public catena::observer {
public:
    explicit logged(spdlog::logger& to) : to_(to) {}

    void on_request(const request_sent& r) override
    {
        to_.debug("chain {}: {} {}, attempt {}", number(r.chain), r.method, path(r.target),
                  r.attempt);
    }

    void on_page(const page_delivered& p) override
    {
        to_.info("chain {}: page {}, {} records{}", number(p.chain), p.page, p.records,
                 p.last ? ", the last" : "");
    }

    void on_notice(catena::chain_id chain, std::uint64_t page, const catena::notice& n) override
    {
        to_.warn("chain {}: page {}: {}", number(chain), page, n.text);
    }

    void on_hold(const budget_held& h) override
    {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(h.span).count();
        to_.warn("{} asks to wait {} s", h.origin, seconds);
    }

    void on_failure(catena::chain_id chain, const catena::diagnostics& why) override
    {
        to_.error("chain {}: {}", number(chain), why.text());
    }

private:
    static std::uint64_t number(catena::chain_id id) { return static_cast<std::uint64_t>(id); }
    static std::string_view path(std::string_view target)
    {
        return target.substr(0, target.find('?'));
    }

    spdlog::logger& to_;
};

}  // namespace

int main(int argc, char* argv[])
try {
    std::ifstream file(argc > 1 ? argv[1] : "connector.json");
    if (!file) throw std::runtime_error("no such file; usage: spdlog CONNECTOR.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};

    const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(std::cout);
    spdlog::logger log("catena", sink);
    log.set_level(spdlog::level::debug);
    log.set_pattern("%l: %v");  // a host's own has the time

    logged watch(log);
    catena::engine_options options;
    options.watch = &watch;
    const std::uint64_t records = catena::collect(
        catena::load_connector(text), [](const catena::page&) {}, options);
    log.info("{} records", records);
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
