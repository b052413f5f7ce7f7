#pragma once

#include <catena/core/budget.hpp>
#include <catena/core/chain_limits.hpp>
#include <catena/core/time.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace catena {

/// One who waits for a permit.
struct ticket {
    std::uint64_t number = 0;  ///< In the order of asking, over all lines; 0: does not wait.
    time_point good_until{};
    budget::request wants;
    lane goes = lane::normal;
    bool aside = false;  ///< It has a permit that nobody brought to it yet.
};

/** The tickets of one engine, in the order in which they should be served.

    An urgent lane goes before a normal one, and that before one in the background. Within a lane
    those whose cursor dies soon go first, by the moment it dies; all others by number.
*/
class waiting_line {
public:
    /// A cursor that lives no longer than this goes first.
    static constexpr duration near_end = std::chrono::seconds(5);
    static constexpr std::size_t lanes = 3;

    enum class kind : unsigned char { first_try, repeat };

    void add(ticket& t);
    void remove(ticket& t) noexcept;

    /// Who leads one lane; nullptr if nobody waits there.
    [[nodiscard]] ticket* first(std::size_t lane, kind k, time_point now) const noexcept;

    /// Whether `a` goes before `b`, both of one lane; nullptr stands for nobody.
    [[nodiscard]] static bool before(const ticket* a, const ticket* b, time_point now) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::vector<ticket*> all() const;

private:
    struct queue {
        std::map<std::uint64_t, ticket*> in_turn;                            // by number
        std::map<std::pair<time_point, std::uint64_t>, ticket*> by_the_end;  // where it is known
    };
    [[nodiscard]] queue& queue_of(const ticket& t) noexcept
    {
        return lanes_[static_cast<std::size_t>(t.goes)][t.wants.repeat ? 1 : 0];
    }

    std::array<std::array<queue, 2>, lanes> lanes_;  // of each lane first tries, then repeats
    std::size_t size_ = 0;
};

}  // namespace catena
