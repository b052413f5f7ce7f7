#include "ui/key_bar.hpp"

#include <algorithm>
#include <cmath>

namespace ui {

namespace {

using state = catena::job_chain::state;

std::size_t cell_of(double share)
{
    const double at = std::clamp(share, 0.0, 1.0) * static_cast<double>(key_bar::cells);
    return std::min(static_cast<std::size_t>(at), key_bar::cells - 1);
}

}  // namespace

void key_bar::add(double from, double to)
{
    if (!(to > from)) return;
    constexpr auto width = static_cast<double>(cells);
    for (std::size_t i = cell_of(from); i < cells; ++i) {
        const double begins = static_cast<double>(i) / width;
        if (begins >= to) break;
        const double ends = static_cast<double>(i + 1) / width;
        done_[i] += (std::min(to, ends) - std::max(from, begins)) * width;
    }
}

/// Of the cell in which the next page of such a chain lies.
std::size_t& key_bar::marks(const place& p)
{
    const double next = p.done_from > p.from ? p.done_from : p.done_to;
    return marks_.at(static_cast<std::size_t>(p.is)).at(cell_of(next));
}

void key_bar::on_chain(const catena::job_chain& c)
{
    if (c.looks || !(c.to > c.from)) return;
    placed_ = true;
    const auto [at, fresh] = open_.try_emplace(c.id);
    place& p = at->second;
    if (!fresh) --marks(p);
    if (fresh || !(p.done_to > p.done_from)) {
        add(c.done_from, c.done_to);
    } else {
        add(c.done_from, p.done_from);
        add(p.done_to, c.done_to);
    }
    p = {c.done_from, c.done_to, c.from, c.is};
    if (c.is == state::ended)
        open_.erase(at);
    else
        ++marks(p);
}

std::vector<unsigned> key_bar::done() const
{
    std::vector<unsigned> out(cells);
    for (std::size_t i = 0; i < cells; ++i)
        out[i] = static_cast<unsigned>(std::lround(1000 * std::clamp(done_[i], 0.0, 1.0)));
    return out;
}

std::vector<std::size_t> key_bar::cells_with(state is) const
{
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < cells; ++i)
        if (marks_.at(static_cast<std::size_t>(is)).at(i) != 0) out.push_back(i);
    return out;
}

}  // namespace ui
