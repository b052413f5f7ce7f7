// layer: core
#pragma once

#include <catena/core/range.hpp>
#include <catena/core/time.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

namespace catena {

/// Take a chain that waits in the store.
struct take_ready {};

/// Divide what `chain` has before it: it goes on with `keeps`, and `gives` becomes a chain.
struct take_half {
    std::uint64_t chain = 0;
    interval keeps, gives;
};

/// Nothing to do until something changes.
struct rest {};

/// Nothing is left, and nothing will come.
struct no_more {};

/// What a worker without a chain does next.
using job_action = std::variant<take_ready, take_half, rest, no_more>;

/** Decides what the workers of a job do, as a state machine without I/O.

    A worker without a chain takes one that is ready; where none is, half of what remains of the
    chain that will end last. How long that one still needs is estimated from the share of its
    interval that lies behind its last key and from the pace of its last pages.

    A chain is divided ahead of every record that it has received, and only where more than a few
    pages are left: each division costs the new chain a request.

    @par Invariants
    A take_ready is answered by on_begun() or on_nothing_ready(), a take_half by on_divided() or
    on_undivided(). Between on_begun() and on_gone() a chain is walked by one worker.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class job_machine {
public:
    /** @param by         Divides the chains; null: they are never divided.
        @param descending Chains walk from their upper border down.
    */
    job_machine(const range_rule* by, bool descending);

    /// So many more chains wait in the store.
    void on_ready(std::uint64_t chains) noexcept { ready_ += chains; }

    /// The store had none for a take_ready after all: somebody else has it.
    void on_nothing_ready() noexcept;

    /// A worker walks `chain`; `key`: of its last committed record, if there is one.
    void on_begun(std::uint64_t chain, const interval& over, const std::optional<std::string>& key,
                  time_point now);

    /// A page of it came. `key`: of its last record in order; none if it was empty.
    void on_page(std::uint64_t chain, const std::optional<std::string>& key, time_point now);

    /// The store has divided it. One more chain is ready.
    void on_divided(std::uint64_t chain, const interval& keeps);
    /// The store has not.
    void on_undivided(std::uint64_t chain);

    /// Nobody walks it any more: it ended, stopped, or was given back.
    void on_gone(std::uint64_t chain);

    /// What a worker without a chain does.
    [[nodiscard]] job_action poll();

    [[nodiscard]] std::size_t walking() const noexcept { return chains_.size(); }

    /// Chains that are ready or walked.
    [[nodiscard]] std::uint64_t outstanding() const noexcept
    {
        return ready_ + taking_ + chains_.size();
    }

    /// How long the chain that will end last still needs; nothing while that is unknown.
    [[nodiscard]] std::optional<duration> remaining() const;

private:
    struct walk {
        interval over;
        std::string origin;              // shares are of what lies between here and the far border
        std::optional<std::string> key;  // of the last record that came
        double behind = 0;               // share behind it
        double pace = 0;                 // share a second, over the last pages
        double a_page = 0;               // seconds between the last pages
        time_point since{};              // the last page, or the beginning
        bool moves = false;              // the last page had another last key than the one before
        bool dividing = false;
    };

    [[nodiscard]] const std::optional<std::string>& far_border(const interval& over) const;
    [[nodiscard]] double share_behind(const walk& w) const;
    [[nodiscard]] double seconds_left(const walk& w) const;
    [[nodiscard]] std::optional<take_half> half_of(std::uint64_t id, const walk& w) const;

    const range_rule* by_;
    bool descending_;
    std::uint64_t ready_ = 0;
    std::uint64_t taking_ = 0;
    std::map<std::uint64_t, walk> chains_;
};

}  // namespace catena
