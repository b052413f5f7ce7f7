#include "ui/metrics.hpp"

#include "ui/texts.hpp"
#include <catena/version.hpp>

#include <array>
#include <cstddef>

namespace ui {

namespace {

constexpr std::array<const char*, 6> classes{"none", "1xx", "2xx", "3xx", "4xx", "5xx"};

struct list {
    void add(const char* name, const char* type, const char* help, std::uint64_t n,
             std::string label = {})
    {
        all.push_back({name, type, help, std::move(label), std::to_string(n)});
    }
    void add(const char* name, const char* help, double d)
    {
        all.push_back({name, "gauge", help, {}, in_digits(d, 3)});
    }
    std::vector<metric> all;
};

void add_job(list& to, const catena::job_progress& j, std::uint64_t stopped)
{
    to.add("catena_records_total", "counter", "Records committed, of all runs of the job.",
           j.records);
    to.add("catena_pages_total", "counter", "Pages committed, of all runs of the job.", j.pages);
    to.add("catena_chains", "gauge", "Chains that the job has by now.", j.chains);
    to.add("catena_chains_ended", "gauge", "Chains that are complete.", j.ended);
    to.add("catena_chains_walking", "gauge", "Chains that a worker has.", j.walking);
    to.add("catena_chains_divided_total", "counter", "Chains made out of others' rest.", j.divided);
    to.add("catena_chains_stopped_total", "counter", "Times that a chain could not go on.",
           stopped);
    to.add("catena_pages_found_total", "counter", "Pages whose tokens a discovery has found.",
           j.found);
}

void add_traffic(list& to, const totals& t)
{
    to.add("catena_requests_total", "counter", "Requests sent.", t.requests);
    for (std::size_t i = 0; i < classes.size(); ++i)
        to.add("catena_answers_total", "counter", "Exchanges that ended, by class of status.",
               t.answers[i], std::string("class=\"") + classes[i] + '"');
    to.add("catena_throttled_total", "counter", "Answers with status 429.", t.throttled);
    to.add("catena_received_bytes_total", "counter", "Octets of answers, as received.", t.octets);
    to.add("catena_retries_total", "counter", "Failures after which a page is asked for again.",
           t.retries);
    to.add("catena_recoveries_total", "counter", "Queries rebuilt after a token had died.",
           t.recoveries);
    to.add("catena_holds_total", "counter", "Pauses that the server asked for.", t.holds);
    to.add("catena_duplicates_dropped_total", "counter", "Records that came again.", t.dropped);
    to.add("catena_failures_total", "counter", "Walks that ended in a failure.", t.failures);
}

}  // namespace

std::vector<metric> metrics_of(const gauges& g)
{
    list out;
    add_job(out, g.job(), g.stopped());
    add_traffic(out, g.sums());
    out.add("catena_requests_in_flight", "gauge", "Requests that wait for their answer.",
            g.budget().in_flight);
    out.add("catena_requests_in_flight_bound", "gauge", "The most that may be; 0: no bound.",
            g.budget().bound);
    out.add("catena_hold_seconds", "Time for which nothing is sent, by the server's word.",
            g.shut_for());
    out.add("catena_run_seconds", "Time since the run began.", g.seconds());
    out.add("catena_run_ended", "gauge", "1 once the run is over.", g.ended() ? 1u : 0u);
    out.add("catena_build_info", "gauge", "1, with the version.", std::uint64_t(1),
            "version=\"" CATENA_VERSION "\"");
    return out.all;
}

}  // namespace ui
