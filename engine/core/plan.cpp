#include <catena/plan.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace catena {
namespace {

using count = std::uint64_t;
constexpr count most = std::numeric_limits<count>::max();

count times(count a, count b) noexcept
{
    count out = 0;
    return __builtin_mul_overflow(a, b, &out) ? most : out;
}

count plus(count a, count b) noexcept { return a > most - b ? most : a + b; }

count up(count a, count b) noexcept { return a / b + (a % b != 0 ? 1 : 0); }

// Never negative. @pre no argument is.
duration times(duration d, count n) noexcept
{
    duration::rep out = 0;
    return __builtin_mul_overflow(d.count(), n, &out) ? duration::max() : duration(out);
}

duration plus(duration a, duration b) noexcept
{
    return a > duration::max() - b ? duration::max() : a + b;
}

duration scaled(duration d, double by) noexcept
{
    const double out = static_cast<double>(d.count()) * by;
    // The largest double below the type's largest value.
    return out < 9223372036854774784.0 ? duration(static_cast<duration::rep>(out))
                                       : duration::max();
}

count scaled(count n, double by) noexcept
{
    if (by == 1) return n;
    const double out = std::ceil(static_cast<double>(n) * by);
    return out < 18446744073709549568.0 ? static_cast<count>(out) : most;
}

double chance(double p) noexcept { return std::isnan(p) ? 0 : std::clamp(p, 0.0, 1.0); }

duration not_negative(duration d) noexcept { return std::max(d, duration::zero()); }

/// What all numbers of ranges share.
struct sums {
    const connector& c;
    std::optional<count> records, page;  // new ones in one page
    std::optional<duration> exchange;    // one request and its answer
    double attempts = 1;                 // that a page takes
    double lost = 0;                     // chance that a page is given up
    duration pauses{};                   // that a page's repeats cost
    count behind = 0;                    // pages behind the last record

    sums(const connector& contract, const estimate& e, const chain_limits& l);

    [[nodiscard]] std::optional<count> pages_of_one(count ranges) const noexcept
    {
        if (!records || !page) return std::nullopt;
        return plus(std::max<count>(up(up(*records, ranges), *page), 1), behind);
    }
    [[nodiscard]] std::optional<count> pages(count ranges) const noexcept
    {
        const auto one = pages_of_one(ranges);
        return one ? std::optional(times(*one, ranges)) : std::nullopt;
    }
    [[nodiscard]] std::optional<duration> page_time() const noexcept
    {
        if (!exchange) return std::nullopt;
        return attempts == 1 ? *exchange : plus(scaled(*exchange, attempts), pauses);
    }
    [[nodiscard]] count at_once(count ranges) const noexcept
    {
        return c.limits.concurrency == 0 ? ranges : std::min<count>(ranges, c.limits.concurrency);
    }
    [[nodiscard]] std::optional<duration> walk(count ranges) const noexcept;
    [[nodiscard]] std::optional<duration> at_limit(count ranges) const noexcept;
    [[nodiscard]] std::optional<duration> time(count ranges) const noexcept;
};

bool ends_behind_the_last(const connector& c) noexcept
{
    using kind = end_rule::kind;
    return !c.end.empty() && std::all_of(c.end.begin(), c.end.end(), [](const end_rule& e) {
        return e.what == kind::empty_page || e.what == kind::same_token ||
               (e.what == kind::sign && e.when.status && *e.when.status / 100 != 2);
    });
}

sums::sums(const connector& contract, const estimate& e, const chain_limits& l)
    : c(contract), records(e.records), behind(ends_behind_the_last(contract) ? 1 : 0)
{
    count size = e.page_records.value_or(c.page_size.value);
    if (c.page_size.value != 0) size = std::min<count>(size, c.page_size.value);
    if (size > 1 && c.next.inclusive) --size;
    if (size != 0) page = size;
    if (e.rtt && e.server_time) exchange = plus(not_negative(*e.rtt), not_negative(*e.server_time));

    const double p = chance(e.failure);
    const double tries = std::max<double>(l.attempts, 1);
    lost = std::pow(p, tries);
    attempts = p == 1 ? tries : std::max((1 - lost) / (1 - p), 1.0);
    pauses = scaled(not_negative(l.first_backoff), 1.5 * (attempts - 1));
}

// The moment of a policy's k-th request, from 1.
duration pace_of(const rate_policy& p, count k) noexcept
{
    const count weight = std::clamp<count>(p.weight, 1, std::max<count>(p.requests, 1));
    const auto requests = static_cast<duration::rep>(std::max(p.requests, 1u));
    const duration interval(p.per.count() / requests + (p.per.count() % requests != 0 ? 1 : 0));
    const count line = plus(times(k - 1, weight), std::min<count>(weight, p.burst));
    return times(interval, line > p.burst ? line - p.burst : 0);
}

duration moment_of(const rate_policy& p, count k) noexcept
{
    const duration pace = pace_of(p, k);
    if (p.counts == rate_policy::window::bucket) return pace;
    const count weight = std::clamp<count>(p.weight, 1, std::max<count>(p.requests, 1));
    const count a_span = std::max<count>(std::max(p.requests, 1u) / weight, 1);
    const duration spans = times(p.per, (k - 1) / a_span);
    return std::max(pace, plus(spans, pace_of(p, (k - 1) % a_span + 1)));
}

std::optional<duration> sums::walk(count ranges) const noexcept
{
    const auto all = pages(ranges);
    const auto each = page_time();
    if (!all || !each) return std::nullopt;
    return times(*each, up(*all, at_once(ranges)));
}

std::optional<duration> sums::at_limit(count ranges) const noexcept
{
    if (c.limits.policies.empty()) return duration::zero();
    const auto all = pages(ranges);
    if (!all) return std::nullopt;
    duration out{};
    for (const rate_policy& p : c.limits.policies)
        out = std::max(out, moment_of(p, std::max<count>(scaled(*all, attempts), 1)));
    return plus(out, exchange.value_or(duration::zero()));
}

std::optional<duration> sums::time(count ranges) const noexcept
{
    const auto own = walk(ranges);
    const auto allowed = at_limit(ranges);
    if (!own || !allowed) return std::nullopt;
    return std::max(*own, *allowed);
}

void judge_tokens(const sums& all, plan& out)
{
    const expiry_rule& e = all.c.expiry;
    const auto each = all.page_time();
    if (!each || !out.time || !out.pages) return;
    const count turns = up(*out.pages, out.ranges);
    out.between_pages = std::max(
        *each, duration(out.time->count() /
                        static_cast<duration::rep>(std::clamp<count>(turns, 1, most / 2))));
    if (e.ttl <= duration::zero()) return;
    const bool whole = e.counts == expiry_rule::clock::chain;
    if (turns > 1) out.token_outlived = e.ttl <= (whole ? *out.time : *out.between_pages);
    if (turns <= 1) out.token_outlived = false;  // no token is ever used
}

void judge_deadline(const sums& all, duration wanted, plan& out)
{
    const auto meets = [&](count ranges) { return *all.walk(ranges) <= wanted; };
    out.deadline = plan::verdict::unknown;
    if (!all.time(1)) return;
    const count bound = all.c.limits.concurrency;
    const count largest = std::numeric_limits<std::uint32_t>::max();
    count high = std::clamp<count>(*all.records, 1, bound == 0 ? largest : bound);
    if (!meets(high)) {
        const bool held = bound != 0 && bound < *all.records;
        out.deadline = *all.at_limit(1) > wanted ? plan::verdict::beyond_limit
                       : held                    ? plan::verdict::beyond_concurrency
                                                 : plan::verdict::beyond_page;
        return;
    }
    count low = 1;
    while (low < high) {
        const count middle = low + (high - low) / 2;
        if (meets(middle))
            high = middle;
        else
            low = middle + 1;
    }
    out.deadline = plan::verdict::beyond_limit;
    if (*all.at_limit(low) > wanted) return;
    out.deadline = plan::verdict::met;
    out.ranges_needed = static_cast<std::uint32_t>(low);
}

// That at least one of n fails.
double any_of(double p, count n) noexcept
{
    if (p >= 1) return 1;
    return -std::expm1(static_cast<double>(n) * std::log1p(-p));
}

}  // namespace

plan make_plan(const connector& c, const estimate& e, const chain_limits& l)
{
    const sums all(c, e, l);
    plan out;
    out.ranges = std::max(e.ranges, 1u);
    out.pages = all.pages(out.ranges);
    if (out.pages) out.requests = scaled(*out.pages, all.attempts);
    if (e.records && e.octets_per_record && *e.octets_per_record >= 0)
        out.octets = scaled(*e.records, *e.octets_per_record);
    if (const auto alone = all.pages(1); alone && all.exchange)
        out.sequential = times(*all.exchange, *alone);
    out.at_limit = all.at_limit(out.ranges);
    out.time = all.time(out.ranges);
    if (out.time) {
        const bool waits = *out.at_limit > *all.walk(out.ranges);
        const bool crowded = all.at_once(out.ranges) < out.ranges;
        out.bound_by = waits     ? plan::bound::limit
                       : crowded ? plan::bound::concurrency
                                 : plan::bound::walk;
        if (*out.time > duration::zero())
            out.speed_up =
                static_cast<double>(all.time(1)->count()) / static_cast<double>(out.time->count());
    }
    judge_tokens(all, out);
    if (const auto one = all.pages_of_one(out.ranges)) {
        out.chain_fails = any_of(all.lost, *one);
        out.any_fails = any_of(all.lost, *out.pages);
    }
    if (e.deadline) judge_deadline(all, *e.deadline, out);
    return out;
}

}  // namespace catena
