// What a chain hears of beside pages, and passes on: to its budget, to its session, to the
// observer.
#include "core/printable.hpp"
#include "run/chain_impl.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <utility>

namespace catena {

void chain::impl::tell(notice::kind what, std::string text, std::uint64_t number)
{
    const notice n{what, std::move(text)};
    home->tell([&](observer& o) { o.on_notice(id, number, n); });
}

void chain::impl::tell_of_proof()
{
    shown_generation = way->proof->generation();
    if (std::string news = way->proof->take_news(); !news.empty())
        tell(notice::kind::credentials_renewed, std::move(news), machine.after().pages);
}

void chain::impl::hold(duration d, time_point t)
{
    // Processes that share a quota know nothing of each other and must not all return at once.
    const duration later = home->chance(std::min<duration>(d / 10, std::chrono::seconds(1)));
    if (!way->queue->hold_until(saturating_add(t, d), later)) return;
    if (counts) ++counts->holds;
    home->tell([&](observer& o) { o.on_hold({way->origin, d}); });
}

// Requests at once are what the budget counts anyway; other units nobody here can count.
void chain::impl::heed(const other_limit& l, std::uint64_t number)
{
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    if (l.unit == "concurrent-requests" && l.limit && *l.limit > 0)
        return way->queue->cap(static_cast<std::uint32_t>(std::min(*l.limit, most)));
    if (!way->queue->is_news(l)) return;
    tell(notice::kind::limit_not_understood,
         "the server limits " + printable(room->without_secrets(l.unit), 40) + " (its policy " +
             printable(room->without_secrets(l.name), 80) +
             "), which is not kept; declare a policy of requests that stays below",
         number);
}

// What a verdict says beside its records.
void chain::impl::heed(const page_verdict& verdict, std::uint64_t number)
{
    if (verdict.followed) way->moved->note(*verdict.followed);
    if (verdict.new_session && session)
        session = std::make_unique<chain_session>(++home->last_session);
    for (const notice& n : verdict.notices) {
        if (counts && n.what == notice::kind::recovered) ++counts->rebuilds;
        home->tell([&](observer& o) { o.on_notice(id, number, n); });
    }
}

void chain::impl::report_failure(error_code ec)
{
    if (why && why->code == ec) return;
    if (!why) why = std::make_unique<diagnostics>();
    *why = machine.why();
    why->code = ec;
    why->request = shown;
    home->tell([&](observer& o) { o.on_failure(id, *why); });
}

}  // namespace catena
