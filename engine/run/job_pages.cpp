// How a job takes the pages of one chain: sifted, committed with their checkpoint, one at a time.
#include "run/job_impl.hpp"
#include <catena/codec/checkpoint_text.hpp>
#include <catena/codec/range_text.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/error.hpp>

#include <utility>

namespace catena {

namespace asio = boost::asio;

namespace {

// Below this number of records a share of strays proves nothing.
constexpr std::uint64_t enough_to_judge = 100;

}  // namespace

/// Gives whether the chain has come to its end, and all of it is committed.
asio::awaitable<bool> job::impl::walk_pages(std::shared_ptr<job_walk> w)
{
    constexpr auto tuple = asio::as_tuple(asio::deferred);
    bool ended = false;
    while (!ended && !stopping && w->way) {
        if (w->finds) {
            co_await wait_for_room(w);
            if (stopping || !w->way) break;
        }
        auto fetch = w->way->next_page(tuple);
        auto [ec, next] = co_await std::move(fetch);
        const time_point came = home->clock->now();
        if (ec == asio::error::operation_aborted && stopping) break;
        if (ec == errc::window_reached && window.records != 0 && w->way) {
            co_await leave_query(w);
            if (w->lost || w->trouble.code) break;
            continue;
        }
        if (ec && w->way) {
            diagnostics story = w->way->why();
            story.code = ec;
            throw failure(std::move(story));
        }
        if (ec) break;
        // While one page is committed the next is under way, and no more than that.
        co_await settle(w);
        if (w->lost || w->trouble.code || has_enough()) break;
        const bool fetches = w->is == job_task::errand::fetch;
        if (next && window.records != 0) {
            const bool another = co_await keep_clear(w, *next);
            co_await settle(w);
            if (w->lost || stopping) break;
            if (another) continue;
        }
        if (w->finds) {
            if (next || w->way) ended = take_tokens(w, next ? &*next : nullptr);
        } else if (next && !fetches) {
            page seen = std::move(*next);
            ended = co_await take_look(w, std::move(seen));
        } else if (next) {
            ended = take_page(w, std::move(*next), came);
        } else if (w->way) {
            ended = take_end(w);
        }
    }
    co_await settle(w);
    co_return ended && !w->lost && !w->trouble.code;
}

bool job::impl::has_enough() const
{
    return options.most_pages != 0 && accepted >= options.most_pages;
}

void job::impl::count_page(bool ended)
{
    if (++accepted == options.most_pages && !(ended && progress.chains == 1)) stop();
}

asio::awaitable<void> job::impl::settle(std::shared_ptr<job_walk> w)
{
    while (w->committing || w->dividing) {
        auto change = w->settled.wait();
        co_await std::move(change);
    }
}

page_commit job::impl::next_commit(job_walk& w, const checkpoint& after) const
{
    page_commit c;
    c.job = id;
    c.chain = w.id;
    c.epoch = w.epoch;
    c.page = w.submitted++;
    c.checkpoint = to_text(after);
    c.last_key = w.last_key;
    return c;
}

/// What a row says of the chain: a look that goes on elsewhere is still one.
std::string job::impl::row_text(const job_walk& w, range over, range asked)
{
    job_task task(w.is, std::move(over));
    task.pass = w.pass;
    task.asked = std::move(asked);
    return to_text(task);
}

/// The chain came to its end without a page that says so. Gives whether that is its end.
bool job::impl::take_end(const std::shared_ptr<job_walk>& w)
{
    const std::string kept_of_it = w->found ? compare(*w, nullptr) : std::string();
    standing s;
    s.at = w->way->after();
    s.last = true;
    s.total = w->total;
    std::optional<checkpoint> anew;
    if (reaches_window(s)) anew = begin_anew(*w, s);
    page_commit c = next_commit(*w, anew ? *anew : s.at);
    if (anew) c.range = row_text(*w, w->over, w->asked);
    if (w->found) c.checkpoint = kept_of_it;
    c.ended = !anew;
    submit(w, std::move(c));
    return !anew;
}

/// What of a page belongs to the chain.
sifted job::impl::sift(job_walk& w, const page& from)
{
    facts.counts.duplicates += from.dropped();
    const std::string name = std::to_string(w.id) + ':' + std::to_string(w.submitted);
    sifted s = sieve->sift(from, w.over, w.asked, name);
    if (!s.unreadable.empty()) {
        diagnostics story;
        story.code = errc::key_type;
        story.what = "a record's key does not fit its range: " + s.unreadable;
        story.connector = contract->name;
        story.page = from.number();
        story.mend = "correct range.type, or the member that range.by names";
        throw failure(std::move(story));
    }
    judge_strays(w, from, s.strays);
    return s;
}

/// Gives whether it is the chain's last one.
bool job::impl::take_page(const std::shared_ptr<job_walk>& w, page p, time_point came)
{
    auto kept = std::make_shared<kept_page>();
    kept->from = std::move(p);
    const page& from = kept->from;
    hear_total(*w, from);
    sifted s = sift(*w, from);
    const std::string kept_of_it = w->found ? compare(*w, &from) : std::string();
    if (w->found) watch_empty_pages(*w, from.records().size());
    standing now;
    now.at = from.after();
    now.last = from.last();
    now.total = w->total;
    std::optional<checkpoint> anew;
    if (!s.beyond && reaches_window(now)) anew = begin_anew(*w, now);
    const bool ended = !anew && (from.last() || s.beyond || !kept_of_it.empty());
    if (ended)
        machine->on_gone(w->id);  // nothing is left that could be divided
    else
        machine->on_page(w->id, s.last, came);
    changed.wake_one();  // somebody may take half of it now
    kept->keys = std::move(s.keys);
    if (s.last)
        w->last_key = *s.last;
    else if (divisible == nullptr && !kept->keys.empty())
        w->last_key = kept->keys.back();

    page_commit c = next_commit(*w, anew ? *anew : from.after());
    if (anew) c.range = row_text(*w, w->over, w->asked);
    if (!kept_of_it.empty()) c.checkpoint = kept_of_it;
    c.ended = ended;
    c.records.reserve(s.kept.size());
    for (std::size_t i = 0; i < s.kept.size(); ++i)
        c.records.push_back({kept->keys[i], from.records()[s.kept[i]]});
    c.body = from.body();
    c.owner = std::move(kept);
    submit(w, std::move(c));
    count_page(ended);
    return ended;
}

void job::impl::judge_strays(job_walk& w, const page& p, std::uint64_t strays)
{
    w.seen += p.records().size();
    w.strays += strays;
    facts.counts.strays += strays;
    if (strays != 0) note_strays();
    const auto allowed = static_cast<double>(w.seen) * options.strays;
    if (w.seen < enough_to_judge || static_cast<double>(w.strays) <= allowed) return;
    diagnostics story;
    story.code = errc::range_broken;
    story.what = std::to_string(w.strays) + " of " + std::to_string(w.seen) +
                 " records lie outside of the range that was asked for, " + to_text(w.asked);
    story.connector = contract->name;
    story.page = p.number();
    story.request = p.request();
    story.pages_delivered = w.submitted;
    story.next = advice::resume;
    story.mend = "correct range.lower and range.upper: the server does not filter by them";
    throw failure(std::move(story));
}

// Before the page is committed: what a killed run saw of it no later run sees. Where the note
// fails, so does the page.
void job::impl::note_strays()
{
    const auto send = [&](auto done) {
        data->note(id, strays_note, std::to_string(facts.counts.strays), std::move(done));
    };
    calls->start<commit_outcome>([](const store_reply<commit_outcome>&) {}, send);
}

// Where a store drops its handler uncalled, nobody knows what became of the page.
struct job::impl::commit_call {
    ~commit_call()
    {
        if (told) return;
        w->committing = false;
        of->lose(*w);
        of->wake(w->settled);
    }
    std::shared_ptr<impl> of;
    std::shared_ptr<job_walk> w;
    std::uint64_t records, adds;
    bool ended;
    bool told = false;
};

void job::impl::submit(const std::shared_ptr<job_walk>& w, page_commit c)
{
    w->committing = true;
    w->under_way = c.records.size();
    auto call =
        std::make_unique<commit_call>(shared_from_this(), w, std::uint64_t(c.records.size()),
                                      std::uint64_t(c.adds.size()), c.ended);
    const auto send = [&](auto done) { data->commit(std::move(c), std::move(done)); };
    calls->start<commit_outcome>(
        [call = std::move(call)](const store_reply<commit_outcome>& r) {
            call->told = true;
            call->of->committed(*call->w, r->why, r->value, call->records, call->adds, call->ended);
        },
        send);
}

void job::impl::committed(job_walk& w, const diagnostics& trouble, commit_outcome what,
                          std::uint64_t records, std::uint64_t adds, bool ended)
{
    w.committing = false;
    if (trouble.code) {
        w.trouble = trouble;
        w.trouble.page = w.submitted - 1;
        w.trouble.what +=
            " (page " + std::to_string(w.trouble.page) + " of chain " + std::to_string(w.id) + ')';
        fail(w.trouble);
    } else if (what == commit_outcome::fenced) {
        lose(w);
    } else {
        failed_in_a_row = 0;
        if (w.is != job_task::errand::fetch && records != 0) looks.keys.reset();
        ++(w.finds ? progress.found : progress.pages);
        progress.records += records;
        progress.chains += adds;
        machine->on_ready(adds);
        if (adds != 0) changed.wake_all();
        progress.ended += ended ? 1 : 0;
        ++w.kept_pages;
        w.kept_records += records;
        show(w, job_chain::state::walking);
        try {
            if (options.on_progress) options.on_progress(progress);
        } catch (const std::exception& e) {
            diagnostics story;
            story.code = errc::sink_failed;
            story.what = std::string("job_options::on_progress threw: ") + e.what();
            story.next = advice::resume;
            fail(story);
        } catch (...) {
            fail(std::current_exception());
        }
    }
    w.settled.wake_all();
}

}  // namespace catena
