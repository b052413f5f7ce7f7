#pragma once

#include "ui/key_bar.hpp"
#include "ui/latency.hpp"
#include "ui/series.hpp"
#include "ui/strips.hpp"
#include <catena/core/budget_state.hpp>
#include <catena/core/notice.hpp>
#include <catena/core/time.hpp>
#include <catena/job.hpp>
#include <catena/job_chain.hpp>
#include <catena/observer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ui {

/// Sums over the run, but for what job_progress has.
struct totals {
    std::uint64_t requests = 0;
    std::array<std::uint64_t, 6> answers{};  ///< By the first digit of the status; 0: none came.
    std::uint64_t throttled = 0;             ///< Of them, with status 429.
    std::uint64_t octets = 0;                ///< As received.
    std::uint64_t retries = 0, recoveries = 0, holds = 0, dropped = 0, failures = 0;
};

/** What a run tells of itself, gathered for people and for Prometheus. Pure: time comes in.

    Whatever the number of chains, one event costs next to nothing, and a look a text of bounded
    length. Nothing here holds a key, a token, a record or an address.

    @pre Times do not go back.
*/
class gauges {
public:
    /// @param name Of the job, for people.
    gauges(std::string name, catena::time_point begun);

    void on_request() noexcept;
    void on_answer(const catena::observer::answer_received& a, catena::time_point now);
    void on_page(const catena::observer::page_delivered& p) noexcept { sums_.dropped += p.dropped; }
    void on_notice(catena::chain_id walk, catena::notice::kind what, catena::time_point now);
    void on_hold(catena::duration span, catena::time_point now) noexcept;
    void on_failure() noexcept { ++sums_.failures; }
    void on_chain(const catena::job_chain& c, catena::time_point now);

    /// How the job stands. Ends the points that are over; to be called a few times a second.
    void on_state(const catena::job_progress& p, const catena::budget_state& b,
                  catena::time_point now);
    /// The run is over. @param outcome In a word or two, such as the audit's verdict.
    void on_end(std::string outcome, catena::time_point now);

    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const totals& sums() const noexcept { return sums_; }
    [[nodiscard]] const catena::job_progress& job() const noexcept { return job_; }
    [[nodiscard]] const catena::budget_state& budget() const noexcept { return budget_; }
    [[nodiscard]] const latency& times() const noexcept { return times_; }
    [[nodiscard]] const latency_steps& steps() const noexcept { return steps_; }
    [[nodiscard]] const std::vector<point>& points() const noexcept { return series_.points(); }
    [[nodiscard]] const key_bar& keys() const noexcept { return keys_; }
    [[nodiscard]] std::vector<strip> slowest() const { return strips_.slowest(seconds()); }
    [[nodiscard]] std::uint64_t stopped() const noexcept { return stopped_; }

    /// Seconds from the beginning to the last on_state() or on_end().
    [[nodiscard]] double seconds() const noexcept { return since(now_); }
    /// Seconds that nothing is sent from now on, because the server said so.
    [[nodiscard]] double shut_for() const noexcept;
    [[nodiscard]] bool ended() const noexcept { return ended_; }
    [[nodiscard]] const std::string& outcome() const noexcept { return outcome_; }

private:
    [[nodiscard]] double since(catena::time_point t) const noexcept;
    void close_point(catena::time_point until);

    std::string name_;
    catena::time_point begun_, now_;
    totals sums_;
    catena::job_progress job_;
    catena::budget_state budget_;
    catena::time_point held_until_ = catena::time_point::min();
    latency times_, recent_;
    latency_steps steps_;
    series series_;
    point open_;                 // of which `until` is yet to come
    catena::time_point opened_;  // where it begins
    bool boundless_ = false;     // at some time in it
    key_bar keys_;
    strips strips_;
    std::uint64_t stopped_ = 0;
    bool ended_ = false;
    std::string outcome_;
};

}  // namespace ui
