// Where tokens are walked apart from their pages: one chain finds them, and each page that it finds
// becomes a chain of its own in the same transaction, for any worker and at any time.
#include "run/job_discovery.hpp"

#include "core/next_step.hpp"
#include "run/job_impl.hpp"
#include <catena/codec/checkpoint_text.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <charconv>
#include <limits>
#include <utility>

namespace catena {

namespace asio = boost::asio;

namespace {

constexpr std::string_view page_word = "page ";
constexpr std::string_view next_word = " next ";
constexpr std::string_view last_word = " last";

std::string mark_of(const connector& c, const std::vector<value>& tokens)
{
    const identity id = identity_of_tokens(c, tokens);
    return std::to_string(id.high) + '-' + std::to_string(id.low);
}

}  // namespace

std::string to_text(const found_page& p)
{
    const std::string number = std::string(page_word) + std::to_string(p.number);
    return p.next ? number + std::string(next_word) + *p.next : number + std::string(last_word);
}

found_page found_page_from(const std::string& text)
{
    found_page out;
    const char* const end = text.data() + text.size();
    const bool named = text.starts_with(page_word);
    const char* const digits = text.data() + (named ? page_word.size() : 0);
    const auto [after, bad] = std::from_chars(digits, end, out.number);
    const std::string_view rest(after, static_cast<std::size_t>(end - after));
    if (rest.starts_with(next_word)) out.next = rest.substr(next_word.size());
    if (named && bad == std::errc() && (out.next || rest == last_word)) return out;
    diagnostics story;
    story.code = errc::bad_checkpoint;
    story.what = "a chain of a job with discovery says of no page that it is its own";
    story.mend = "run the job under another job_options::name, which begins it anew";
    throw failure(std::move(story));
}

job_discovery::job_discovery(engine::impl& home, const connector& c, const chain_limits& l,
                             std::size_t most)
    : alone(std::make_shared<const connector>(tokens_alone(c))),
      pages(std::make_shared<const connector>(pages_by_token(c))),
      ready_alone(home.prepare(alone)),
      ready_pages(home.prepare(pages)),
      fingerprint(catena::fingerprint(*pages)),
      limits(l),
      ahead(most)
{
    limits.light = true;
    limits.empty_pages = std::numeric_limits<std::uint32_t>::max();  // they all are; see empty_run
}

void job_discovery::begin()
{
    open = true;
    retires = false;
    empty_run = with_records = 0;
}

/// What an earlier run has found.
asio::awaitable<bool> job::impl::recall_discovery()
{
    auto call = ask_store<std::vector<chain_row>>(
        calls, [s = data, job = id](auto done) { s->chains(job, 1, 1, done); });
    const auto reply = co_await std::move(call);
    if (reply->why.code) fail(reply->why);
    if (reply->why.code || reply->value.empty()) co_return false;
    const chain_row& walk = reply->value.front();
    discovery->open = walk.is != chain_row::state::ended;
    progress.found = walk.pages;
    progress.pages -= walk.pages;
    co_return true;
}

std::shared_ptr<job_walk> job::impl::begin_found(const chain_row& row)
{
    auto w = std::make_shared<job_walk>(executor);
    w->id = row.id;
    w->epoch = row.epoch;
    w->submitted = row.pages;
    w->last_key = row.last_key;
    w->finds = row.range == token_walk_text;
    if (!w->finds) w->found = found_page_from(row.range);
    const auto& query = w->finds ? discovery->alone : discovery->pages;
    const chain_limits& limits = w->finds ? discovery->limits : options.limits;
    if (row.checkpoint.empty())
        begin_way(w->way, query, limits);
    else
        begin_way(w->way, query, read_checkpoint(row.checkpoint), limits);
    machine->on_begun(w->id, interval(), std::nullopt, home->clock->now());
    walks.emplace(w->id, w);
    return w;
}

/// Until no more pages wait than may.
asio::awaitable<void> job::impl::wait_for_room(std::shared_ptr<job_walk> w)
{
    // This walk is one of those that are outstanding, and a page that is being committed is not
    // yet.
    const auto full = [&] {
        return machine->outstanding() + (w->committing ? 1 : 0) > discovery->ahead;
    };
    while (!stopping && !w->lost && full()) {
        auto change = changed.wait();
        co_await std::move(change);
    }
    if (w->way) w->asked_at = w->way->after().at;
}

/// A page of the walk of the tokens; none: its declared end. Gives whether it is the last one.
bool job::impl::take_tokens(const std::shared_ptr<job_walk>& w, const page* p)
{
    if (p != nullptr && !p->records().empty()) ++discovery->with_records;
    const bool last = p == nullptr || p->last();
    found_page found;
    found.number = w->submitted;
    if (!last) found.next = mark_of(*contract, p->after().at.tokens);
    checkpoint at;
    at.fingerprint = discovery->fingerprint;
    at.at.tokens = w->asked_at.tokens;

    page_commit c = next_commit(*w, p != nullptr ? p->after() : w->way->after());
    c.ended = last;
    c.adds.emplace_back(to_text(found), at.at.first_page() ? std::string() : to_text(at));
    submit(w, std::move(c));
    return last;
}

/** Whether a page's chain is over with it, and then what is kept of it; empty: it goes on.

    The page that was found last may have got others behind it since. Its chain walks on to the end.

    @param p None: the server answered by its declared end.
*/
std::string job::impl::compare(const job_walk& w, const page* p)
{
    const bool last = p == nullptr || p->last();
    if (!w.found->next) return std::string(last ? tokens_agree : std::string_view());
    if (!last) {
        const bool same = mark_of(*contract, p->after().at.tokens) == *w.found->next;
        return std::string(same ? tokens_agree : tokens_differ);
    }
    diagnostics story;
    story.code = errc::schema_drift;
    story.what =
        "page " + std::to_string(w.found->number + 1) +
        " says that it is the last one, and the walk of the tokens has found one behind it";
    story.connector = contract->name;
    story.page = w.found->number;
    if (p != nullptr) story.request = p->request();
    story.next = advice::resume;
    story.mend =
        "run the job again; if it stays so, correct `discovery` or `end`, since the "
        "request for tokens alone does not see the end as the one for records does";
    throw failure(std::move(story));
}

// A server that gives tokens for ever and no records is noticed by no chain of one page.
void job::impl::watch_empty_pages(const job_walk& w, std::size_t records)
{
    discovery->empty_run = records == 0 ? discovery->empty_run + 1 : 0;
    if (discovery->empty_run <= options.limits.empty_pages) return;
    diagnostics story;
    story.code = errc::empty_pages;
    story.what = std::to_string(discovery->empty_run) +
                 " pages in a row without a record, each with a token";
    story.connector = contract->name;
    story.page = w.found->number;
    story.next = advice::resume;
    story.mend = "raise chain_limits::empty_pages if the API filters that much";
    fail(story);
}

void job::impl::note_found(const chain_row& row)
{
    discovery_facts& d = *facts.discovery;
    const bool ended = row.is == chain_row::state::ended;
    ++facts.counts.chains;
    facts.counts.ended += ended ? 1 : 0;
    facts.counts.records += row.records;
    std::string where = "the walk of the tokens, behind page " + std::to_string(row.pages);
    if (row.range == token_walk_text) {
        d.found = row.pages;
        d.ended = ended;
    } else {
        const found_page found = found_page_from(row.range);
        where = "page " + std::to_string(found.number + 1);
        d.chains.push_back(found.number);
        facts.counts.pages += row.pages;
        if (ended && found.next) ++d.compared;
        if (ended && row.checkpoint == tokens_differ) ++d.differing;
        if (row.pages > 1) d.further += row.pages - 1;
    }
    audit_part& picture = facts.parts.empty() ? facts.parts.emplace_back() : facts.parts.front();
    picture.records = facts.counts.records;
    picture.is = facts.counts.ended == facts.counts.chains ? audit_part::state::ended
                                                           : audit_part::state::open;
    if (ended) return;
    const auto known = stopped.find(row.id);
    facts.unfinished.emplace_back(
        range(),
        where + ": " + (known != stopped.end() ? known->second : "it has yet to be walked"));
}

}  // namespace catena
