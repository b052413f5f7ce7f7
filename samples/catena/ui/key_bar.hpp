#pragma once

#include <catena/job_chain.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ui {

/** How much of the key space is committed, in a fixed number of cells.

    Each chain's telling costs the cells that it has moved over. Parts of the whole that no chain of
    this run has told of are empty: an earlier run may have them, which the audit at the end tells.
*/
class key_bar {
public:
    static constexpr std::size_t cells = 200;

    void on_chain(const catena::job_chain& c);

    /// Whether any chain had a place.
    [[nodiscard]] bool placed() const noexcept { return placed_; }
    /// Thousandths of each cell that are committed.
    [[nodiscard]] std::vector<unsigned> done() const;
    /// Cells where the next page of such a chain lies.
    [[nodiscard]] std::vector<std::size_t> cells_with(catena::job_chain::state is) const;

private:
    struct place {
        double done_from = 0, done_to = 0, from = 0;
        catena::job_chain::state is = catena::job_chain::state::walking;
    };
    static constexpr std::size_t states = 4;  // that a chain has

    void add(double from, double to);
    [[nodiscard]] std::size_t& marks(const place& p);

    bool placed_ = false;
    std::array<double, cells> done_{};
    std::array<std::array<std::size_t, cells>, states> marks_{};  // chains of each state
    // Of chains that have not ended: what of theirs is counted by now.
    std::unordered_map<std::uint64_t, place> open_;
};

}  // namespace ui
