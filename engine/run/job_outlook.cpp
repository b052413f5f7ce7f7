// How much there is to be in the end: only what the server tells, for who watches the run.
#include "run/job_impl.hpp"

namespace catena {

namespace {

// Kept, so that a run that goes on knows it: a query that begins in the middle counts the rest.
constexpr const char* expected_note = "expected";

}  // namespace

void job::impl::recall_outlook(const job_row& row)
{
    const auto kept = row.notes.find(expected_note);
    if (kept != row.notes.end()) progress.expected = std::stoull(kept->second);
}

/// @param total Of all that is wanted.
void job::impl::expect(std::optional<std::uint64_t> total)
{
    // A server may count no further than its window.
    const bool capped = total && window.records != 0 && *total >= window.records;
    if (!total || capped || progress.expected) return;
    progress.expected = total;
    const auto send = [&](auto done) {
        data->note(id, expected_note, std::to_string(*total), std::move(done));
    };
    calls->start<commit_outcome>([](const store_reply<commit_outcome>&) {}, send);
}

/// A chain's first page counts what its query has. All of them together are the whole, as long as
/// none was divided and the filter has both edges.
void job::impl::hear_total(const job_walk& w, const page& p)
{
    const bool first = w.is == job_task::errand::fetch && w.submitted == 0 && p.number() == 0;
    if (!first || w.found || progress.expected || progress.divided != 0) return;
    const std::optional<std::uint64_t> total = total_of(p);
    if (progress.chains == 1) return expect(total);
    const bool exact = planned == nullptr || (planned->lower && planned->upper);
    const bool ours = heard.first != 0 && w.id - heard.first < heard.chains;
    if (!total || !exact || !ours || window.records != 0) return;
    heard.records += *total;
    if (++heard.told == heard.chains) expect(heard.records);
}

}  // namespace catena
