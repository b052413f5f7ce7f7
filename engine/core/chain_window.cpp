// What a walk does where the server shows no more than so many records of one query.
#include <catena/core/chain_machine.hpp>
#include <catena/core/key.hpp>

#include <algorithm>
#include <utility>

namespace catena {

/* A walk by itself cannot divide its range. Rather than at the window it ends as soon as that is
   known to be too small: at the first page, if that tells a total. */
bool chain_machine::leaves_window(const page_facts& facts, std::uint64_t counted, bool end_shown)
{
    const window_rule& w = contract_->window;
    if (w.records == 0 || w.past != window_rule::action::split) return false;
    const bool counts = contract_->total && contract_->total->counts == total_rule::unit::records;
    const std::uint64_t came = at_.query_records + counted;
    const bool too_many = counts && facts.total && *facts.total > w.records;
    // A server may show the declared end at its window.
    const bool cut_short = end_shown && came >= w.records;
    const std::uint64_t page =
        std::max<std::uint64_t>({at_.full_page, facts.records, contract_->page_size.value});
    const bool near = !end_shown && !(counts && facts.total) && came + page > w.records;
    if (!too_many && !cut_short && !near) return false;

    diagnostics why;
    why.code = errc::window_reached;
    why.what = "one query shows no more than " + std::to_string(w.records) + " records";
    if (too_many) why.what += ", and this one has " + std::to_string(*facts.total);
    why.status = facts.status;
    why.pointer = "/window";
    why.mend = "give the connector to a job, which splits it by its range, or walk a part of it";
    end(std::move(why));
    return true;
}

// Asks for the rest by key before the server's result window is used up.
void chain_machine::keep_within_window(const page_facts& facts, page_verdict& out)
{
    if (contract_->window.past == window_rule::action::split) return;
    const std::uint64_t most = contract_->window.records;
    const std::uint64_t page =
        std::max<std::uint64_t>({at_.full_page, facts.records, contract_->page_size.value});
    if (most == 0 || at_.query_records + page <= most) return;
    if (contract_->window.past == window_rule::action::stop) {
        diagnostics why;
        why.code = errc::window_reached;
        why.what = "the next page would reach past the server's result window";
        why.status = facts.status;
        why.pointer = "/window";
        why.mend = "walk a smaller part of the range";
        return end(std::move(why));
    }
    if (contract_->expiry.recover.by != recovery_rule::method::rebuild || at_.last_key.empty())
        return;

    // A new query is no recovery: the one behind a fresh record needs no allowance.
    if (idle_rebuilds_++ >= std::max(limits_->rebuilds, std::uint32_t(1))) {
        diagnostics why;
        why.code = errc::no_progress;
        why.what =
            "more records share the key " + to_text(at_.last_key) + " than the result window holds";
        why.status = facts.status;
        why.next = advice::resume;
        why.mend = "bind the query by more key fields (expiry.recover.rebuild), or raise `window`";
        return end(std::move(why));
    }
    restart_query(out);
    out.notices.push_back({notice::kind::recovered,
                           "the result window is used up: a new query follows the last key"});
}

/// An answer without a page says that the walk is complete. At the window it may not be.
void chain_machine::end_by_sign(const page_facts& facts, page_verdict& out)
{
    const window_rule& w = contract_->window;
    const bool rebuilds = w.past == window_rule::action::rebuild;
    if (w.records == 0 || rebuilds || at_.query_records < w.records) return complete(out);
    diagnostics why;
    why.code = errc::window_reached;
    why.what = "the declared end came at the server's result window";
    why.status = facts.status;
    why.pointer = "/window";
    why.mend = "give the connector to a job, which splits it by its range, or walk a part of it";
    end(std::move(why));
}

/// Whether the end that a page shows is just the window's.
bool chain_machine::stops_at_window(std::uint64_t counted) const noexcept
{
    const window_rule& w = contract_->window;
    return w.records != 0 && w.past == window_rule::action::stop &&
           at_.query_records + counted >= w.records;
}

}  // namespace catena
