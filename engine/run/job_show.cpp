// What a job tells of its chains to whoever watches: places as shares of the whole, never a key.
#include "run/job_impl.hpp"
#include <catena/core/range_math.hpp>

#include <algorithm>

namespace catena {

void job::impl::show(const job_walk& w, job_chain::state is)
{
    if (!options.on_chain) return;
    job_chain shown;
    shown.id = w.id;
    if (w.way) shown.walk = w.way->impl_->id;
    shown.is = is;
    shown.looks = w.is != job_task::errand::fetch;
    shown.pages = w.kept_pages;
    shown.records = w.kept_records;
    place(w, shown);
    try {
        options.on_chain(shown);
    } catch (const std::exception& e) {
        diagnostics story;
        story.code = errc::sink_failed;
        story.what = std::string("job_options::on_chain threw: ") + e.what();
        story.next = advice::resume;
        fail(story);
    } catch (...) {
        fail(std::current_exception());
    }
}

void job::impl::place(const job_walk& w, job_chain& shown) const
{
    interval scale = bounds;
    if (!scale.lower) scale.lower = first_key;  // what lies before it, if anything, has no width
    const bool to_scale = planned != nullptr && contract->range.size() == 1 && scale.lower &&
                          scale.upper && w.over.over.size() == 1;
    if (!to_scale) return;
    const interval& own = w.over.over.front();
    const auto share = [&](const std::string& border) {
        return share_before(*planned, scale, border);
    };
    shown.from = own.lower ? share(*own.lower) : 0;
    shown.to = own.upper ? std::max(shown.from, share(*own.upper)) : 1;
    shown.done_from = shown.from;
    shown.done_to = shown.from;
    if (shown.is == job_chain::state::ended) {
        shown.done_to = shown.to;
    } else if (descending && divisible != nullptr) {
        shown.done_from = shown.done_to = shown.to;
        if (!w.last_key.empty())
            shown.done_from = std::clamp(share(w.last_key), shown.from, shown.to);
    } else if (divisible != nullptr && !w.last_key.empty()) {
        shown.done_to = std::clamp(share(w.last_key), shown.from, shown.to);
    }
}

}  // namespace catena
