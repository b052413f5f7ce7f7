// A job beside another one of the same store: what came, what changed, what is gone.
#include "run/job_impl.hpp"
#include <catena/core/identity.hpp>
#include <catena/core/run_difference.hpp>

#include <utility>
#include <vector>

namespace catena {

namespace asio = boost::asio;

namespace {

/// Records of one job, a part at a time.
struct record_stream {
    explicit record_stream(std::uint64_t job) { next.job = job; }

    [[nodiscard]] bool empty() const noexcept { return at == part.size(); }

    record_query next;
    std::vector<kept_record> part;
    std::size_t at = 0;
};

}  // namespace

/// Before anything is asked for: a name that is wrong is better known at once.
asio::awaitable<bool> job::impl::find_previous()
{
    if (options.previous.empty()) co_return true;
    auto call = ask_store<job_row>(
        calls, [s = data, name = options.previous](auto done) { s->known(name, done); });
    const auto reply = co_await std::move(call);
    previous = reply->value.id;
    diagnostics story = reply->why;
    if (!story.code && previous == 0) {
        story.code = errc::invalid_state;
        story.connector = contract->name;
        story.what = "the store has no job '" + options.previous + "' to compare with";
        story.mend = "correct job_options::previous, or leave it empty";
    }
    if (story.code) fail(story);
    co_return !story.code;
}

/// What only the other one has is told, and that is all that is done about it.
asio::awaitable<void> job::impl::compare_with_previous()
{
    if (previous == 0 || !readable || contract->key.empty()) co_return;
    run_difference difference;
    record_stream before(previous), now(id);
    using stream = run_difference::stream;
    for (stream side = difference.wants(); side != stream::none; side = difference.wants()) {
        record_stream& of = side == stream::before ? before : now;
        if (of.empty()) {
            auto call = ask_store<std::vector<kept_record>>(
                calls, [s = data, q = of.next](auto done) { s->read(q, done); });
            const auto reply = co_await std::move(call);
            if (reply->why.code) fail(reply->why);
            if (stopping) co_return;
            of.part = std::move(reply->value);
            of.at = 0;
            if (!of.part.empty()) of.next.after = of.part.back().key;
        }
        if (of.empty()) {
            difference.end(side);
            continue;
        }
        const kept_record& record = of.part[of.at++];
        difference.feed(side, record.key, identity_of(record.body));
    }
    facts.previous = difference.facts();
    facts.most_shrinking = options.audit.most_shrinking;
}

}  // namespace catena
