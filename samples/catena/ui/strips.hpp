#pragma once

#include <catena/job_chain.hpp>
#include <catena/observer.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ui {

/// What befell a chain.
enum class trouble { throttled, retried, recovered };

/// One chain on the time axis of the run.
struct strip {
    /// At which second what happened.
    struct mark {
        double at;
        trouble what;
    };
    static constexpr std::size_t most_marks = 32;

    catena::job_chain last;       ///< As it was last told.
    double begun = 0, ended = 0;  ///< Seconds since the run began; `ended` while it walks: unset.
    std::vector<mark> marks;      ///< The first ones.
    std::uint64_t troubles = 0;   ///< All.
};

/** The chains that took longest, walking or done.

    A telling costs O(1), and the beginning and end of a chain O(log n); asking costs O(@ref most).
*/
class strips {
public:
    static constexpr std::size_t most = 50;

    /// @return Records that it has committed since it was last told of.
    std::uint64_t on_chain(const catena::job_chain& c, double now);
    /// What is told of a chain that nobody walks, as of those that prove borders, is left out.
    void on_trouble(catena::chain_id walk, trouble what, double now);

    /// The longest first, at most @ref most; `ended` of those that walk is `now`.
    [[nodiscard]] std::vector<strip> slowest(double now) const;

private:
    std::unordered_map<std::uint64_t, strip> walking_;
    std::set<std::pair<double, std::uint64_t>> by_age_;     // of them: begun, and which
    std::unordered_map<std::uint64_t, std::uint64_t> ids_;  // in the store, by the engine's
    std::vector<strip> done_;                               // the longest, in any order
};

}  // namespace ui
