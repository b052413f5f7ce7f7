// What it means for a chain that its server binds tokens to a session.
#include <catena/core/chain_machine.hpp>

#include <algorithm>
#include <utility>

namespace catena {

// A counter is computed and a record's field is data: the server's own tokens only can be bound.
bool chain_machine::bound_to_session() const noexcept
{
    const auto given = [](const token_source& s) {
        return s.from != token_source::place::counter && s.from != token_source::place::last_record;
    };
    return contract_->session.any() && !at_.at.first_page() &&
           std::any_of(contract_->next.from.begin(), contract_->next.from.end(), given);
}

// Where a dead token's answer brings a fresh one, the dead one is sent to get it.
bool chain_machine::dies_with_session() const noexcept
{
    return bound_to_session() && contract_->expiry.recover.by != recovery_rule::method::token_from;
}

/* A cursor sent without its session may be answered with anything, an empty page included: rather
   than take that for the end, nothing is asked. */
void chain_machine::end_without_session()
{
    diagnostics why;
    why.code = errc::cursor_expired;
    why.what = "the checkpoint's cursor belongs to a session that is over; nothing can replace it";
    why.mend = contract_->expiry.recover.by == recovery_rule::method::fail
                   ? "describe expiry.recover: rebuild with a key filter, rescan, or token_from; "
                     "or remove "
                     "`session` if the server does not bind its cursors"
                   : "the declared rescan is not possible here: too many records to remember "
                     "(chain_limits::known_records)";
    end(std::move(why));
}

}  // namespace catena
