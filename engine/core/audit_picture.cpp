#include "core/audit_picture.hpp"

#include <catena/core/range_math.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace catena::core {
namespace {

constexpr std::size_t most_stretches = 400;

using state = audit_stretch::state;

state state_of(audit_part::state s) noexcept
{
    switch (s) {
        case audit_part::state::ended: return state::ended;
        case audit_part::state::stopped: return state::stopped;
        case audit_part::state::open: break;
    }
    return state::open;
}

// Whether places can be told by shares of the whole.
bool is_to_scale(const audit_facts& f)
{
    if (f.rules.size() != 1 || f.whole.over.size() != 1) return false;
    const interval& whole = f.whole.over.front();
    return f.rules.front().type != range_type::values && whole.lower && whole.upper;
}

void place(audit_stretch& s, const audit_facts& f)
{
    const interval& whole = f.whole.over.front();
    const interval part = s.where.over.size() == 1 ? s.where.over.front() : interval();
    const auto share = [&](const std::string& border) {
        return share_before(f.rules.front(), whole, border);
    };
    s.from = part.lower ? share(*part.lower) : 0;
    s.to = std::max(s.from, part.upper ? share(*part.upper) : 1);
}

// Stretches in slots of equal width: the worst state that lies in a slot is the slot's.
std::vector<audit_stretch> in_slots(const std::vector<audit_stretch>& all)
{
    constexpr auto slots = static_cast<double>(most_stretches);
    std::vector<audit_stretch> out(most_stretches);
    std::vector<bool> taken(most_stretches);
    for (const audit_stretch& s : all) {
        const auto first = std::min(static_cast<std::size_t>(s.from * slots), most_stretches - 1);
        const auto end = std::clamp(static_cast<std::size_t>(std::ceil(s.to * slots)), first + 1,
                                    most_stretches);
        for (std::size_t i = first; i < end; ++i) {
            out[i].is = taken[i] ? std::max(out[i].is, s.is) : s.is;
            taken[i] = true;
        }
        out[first].chains += s.chains;
        out[first].records += s.records;
    }
    std::vector<audit_stretch> kept;
    for (std::size_t i = 0; i < most_stretches; ++i) {
        if (!taken[i]) continue;
        out[i].from = static_cast<double>(i) / slots;
        out[i].to = static_cast<double>(i + 1) / slots;
        kept.push_back(out[i]);
    }
    return kept;
}

}  // namespace

std::vector<audit_stretch> picture_of(const audit_facts& facts, const std::vector<audit_gap>& gaps)
{
    std::vector<audit_stretch> out;
    out.reserve(facts.parts.size() + gaps.size());
    for (const audit_part& p : facts.parts) {
        audit_stretch& s = out.emplace_back();
        s.is = state_of(p.is);
        s.chains = 1;
        s.records = p.records;
        s.where = p.over;
    }
    for (const audit_gap& g : gaps) {
        audit_stretch& s = out.emplace_back();
        s.is = state::gap;
        s.where = g.where;
    }
    const auto count = static_cast<double>(out.size());
    const bool to_scale = is_to_scale(facts);
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (to_scale) {
            place(out[i], facts);
        } else {
            out[i].from = static_cast<double>(i) / count;
            out[i].to = static_cast<double>(i + 1) / count;
        }
    }
    if (out.size() > most_stretches) return in_slots(out);
    std::stable_sort(out.begin(), out.end(), [](const audit_stretch& a, const audit_stretch& b) {
        return a.is != b.is && (a.is == state::gap || b.is == state::gap) ? b.is == state::gap
                                                                          : a.from < b.from;
    });
    return out;
}

}  // namespace catena::core
