// Metrics in the host's own registry, as Prometheus reads them: the observer is told what happens,
// and the host counts.
//
//   metrics CONNECTOR.json
#include <catena/catena.hpp>
#include <catena/core/json_text.hpp>
#include <catena/observer.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>

namespace {

/// What a host has already, in small: counters by name and labels.
class registry {
public:
    void add(const std::string& name, const std::string& labels, double n)
    {
        families_[name][labels] += n;
    }

    /// The text format, version 0.0.4.
    void write(std::ostream& out) const
    {
        out.precision(15);  // counts keep their digits
        for (const auto& [name, counters] : families_) {
            out << "# TYPE " << name << " counter\n";
            for (const auto& [labels, n] : counters)
                out << name << '{' << labels << "} " << n << '\n';
        }
    }

private:
    std::map<std::string, std::map<std::string, double>> families_;
};

// [snippet: metrics]
/// Names and labels are the host's choice. A label has few values: no target, no token, no key.
class metrics final : public catena::observer {
public:
    metrics(registry& into, const std::string& api) : into_(into), api_("api=" + catena::quote(api))
    {
    }

    void on_request(const request_sent&) override { count("catena_requests_total", 1); }

    void on_answer(const answer_received& a) override
    {
        const std::string code = a.status == 0 ? a.ec.message() : std::to_string(a.status);
        into_.add("catena_answers_total", api_ + ",code=" + catena::quote(code), 1);
    }

    void on_page(const page_delivered& p) override
    {
        count("catena_pages_total", 1);
        count("catena_records_total", static_cast<double>(p.records));
        count("catena_records_dropped_total", static_cast<double>(p.dropped));
    }

    void on_notice(catena::chain_id, std::uint64_t, const catena::notice& n) override
    {
        if (n.what == catena::notice::kind::retry) count("catena_retries_total", 1);
        if (n.what == catena::notice::kind::recovered) count("catena_recoveries_total", 1);
    }

    void on_hold(const budget_held& h) override
    {
        count("catena_held_seconds_total", std::chrono::duration<double>(h.span).count());
    }

    void on_failure(catena::chain_id, const catena::diagnostics& why) override
    {
        into_.add("catena_failures_total", api_ + ",error=" + catena::quote(why.code.message()), 1);
    }

private:
    void count(const std::string& name, double n) { into_.add(name, api_, n); }

    registry& into_;
    std::string api_;
};
// [/snippet]

}  // namespace

int main(int argc, char* argv[])
try {
    std::ifstream file(argc > 1 ? argv[1] : "connector.json");
    if (!file) throw std::runtime_error("no such file; usage: metrics CONNECTOR.json");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const catena::connector api = catena::load_connector(text);

    registry all;
    metrics watch(all, api.name);
    catena::engine_options options;
    options.watch = &watch;
    catena::collect(
        api, [](const catena::page&) {}, options);
    all.write(std::cout);  // a host answers GET /metrics with this
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
