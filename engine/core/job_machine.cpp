#include <catena/core/job_machine.hpp>
#include <catena/core/range_math.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace catena {
namespace {

// A division costs the new chain a request: with less than this left there is nothing to win.
constexpr double least_pages_left = 2.5;

// How much the last page counts against those before it: where data is dense the pace changes.
constexpr double newest = 0.5;

double seconds(duration d) { return std::chrono::duration<double>(d).count(); }

void blend(double& into, double one) { into += newest * (one - into); }

}  // namespace

job_machine::job_machine(const range_rule* by, bool descending) : by_(by), descending_(descending)
{
}

void job_machine::on_nothing_ready() noexcept { --taking_; }

const std::optional<std::string>& job_machine::far_border(const interval& over) const
{
    return descending_ ? over.lower : over.upper;
}

double job_machine::share_behind(const walk& w) const
{
    if (by_ == nullptr || !w.key || !far_border(w.over)) return 0;
    if (descending_) return 1 - share_before(*by_, interval(*w.over.lower, w.origin), *w.key);
    return share_before(*by_, interval(w.origin, *w.over.upper), *w.key);
}

void job_machine::on_begun(std::uint64_t chain, const interval& over,
                           const std::optional<std::string>& key, time_point now)
{
    --taking_;
    walk w;
    w.over = over;
    w.key = key;
    const auto& near = descending_ ? over.upper : over.lower;
    w.origin = key ? *key : near.value_or("");
    w.since = now;
    chains_.insert_or_assign(chain, std::move(w));
}

void job_machine::on_page(std::uint64_t chain, const std::optional<std::string>& key,
                          time_point now)
{
    const auto at = chains_.find(chain);
    if (at == chains_.end()) return;
    walk& w = at->second;
    const double took = seconds(now - std::exchange(w.since, now));
    if (w.a_page == 0)
        w.a_page = took;
    else
        blend(w.a_page, took);
    if (!key) return;
    const bool first = !w.key;
    w.key = key;
    // An open border gives no origin: the walk is measured from its first page on.
    if (w.origin.empty()) w.origin = *key;
    const double before = std::exchange(w.behind, share_behind(w));
    if (took <= 0) return;
    w.moves = w.behind > before;
    const double pace = std::max(0.0, w.behind - before) / took;
    if (first || w.pace == 0)
        w.pace = pace;
    else
        blend(w.pace, pace);
}

void job_machine::on_divided(std::uint64_t chain, const interval& keeps)
{
    ++ready_;
    const auto at = chains_.find(chain);
    if (at == chains_.end()) return;
    walk& w = at->second;
    w.dividing = false;
    w.over = keeps;
    // The border is the middle of what was left, and that is the measure from now on.
    const double left = 1 - w.behind;
    if (left > 0) w.pace *= 2 / left;
    const auto& near = descending_ ? keeps.upper : keeps.lower;
    w.origin = w.key ? *w.key : near.value_or("");
    w.behind = share_behind(w);
}

void job_machine::on_undivided(std::uint64_t chain)
{
    const auto at = chains_.find(chain);
    if (at != chains_.end()) at->second.dividing = false;
}

void job_machine::on_gone(std::uint64_t chain) { chains_.erase(chain); }

double job_machine::seconds_left(const walk& w) const
{
    if (w.pace <= 0) return std::numeric_limits<double>::infinity();
    return std::max(0.0, 1 - w.behind) / w.pace;
}

std::optional<take_half> job_machine::half_of(std::uint64_t id, const walk& w) const
{
    const auto& far = far_border(w.over);
    const auto border = descending_ ? middle_of(*by_, *far, *w.key) : middle_of(*by_, *w.key, *far);
    if (!border) return std::nullopt;
    take_half out;
    out.chain = id;
    out.keeps = out.gives = w.over;
    (descending_ ? out.keeps.lower : out.keeps.upper) = border;
    (descending_ ? out.gives.upper : out.gives.lower) = border;
    return out;
}

job_action job_machine::poll()
{
    if (ready_ > 0) {
        --ready_;
        ++taking_;
        return take_ready{};
    }
    // The longest first; one that cannot be divided any further leaves the turn to the next.
    std::vector<std::pair<double, std::uint64_t>> candidates;
    for (const auto& [id, w] : chains_) {
        // Where pages move nothing, records share one key, and no border divides them.
        if (by_ == nullptr || w.dividing || !w.moves || w.a_page <= 0 || !far_border(w.over))
            continue;
        const double left = seconds_left(w);
        if (left >= least_pages_left * w.a_page) candidates.emplace_back(-left, id);
    }
    std::sort(candidates.begin(), candidates.end());
    for (const auto& [left, id] : candidates) {
        if (auto half = half_of(id, chains_.at(id))) {
            chains_.at(id).dividing = true;
            return *std::move(half);
        }
    }
    if (chains_.empty() && taking_ == 0) return no_more{};
    return rest{};
}

std::optional<duration> job_machine::remaining() const
{
    double longest = 0;
    for (const auto& [id, w] : chains_) {
        const double left = seconds_left(w);
        if (w.behind <= 0 || left > 1e9) return std::nullopt;
        longest = std::max(longest, left);
    }
    return std::chrono::duration_cast<duration>(std::chrono::duration<double>(longest));
}

}  // namespace catena
