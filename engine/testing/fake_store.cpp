#include "core/key_digest.hpp"
#include <catena/testing/fake_store.hpp>

#include <boost/asio/bind_executor.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <utility>

namespace catena::testing {

namespace asio = boost::asio;
using state = chain_row::state;

namespace {

struct entry {
    job_row job;
    std::map<std::uint64_t, chain_row> chains;
    std::map<std::string, std::string> records;
};

// A call on its way: it takes effect, and then tells.
struct call {
    time_point due;
    std::function<std::function<void()>()> work;
};

diagnostics story(errc code, std::string what)
{
    diagnostics d;
    d.code = code;
    d.what = std::move(what);
    d.next = advice::resume;
    return d;
}

}  // namespace

struct fake_store::impl : std::enable_shared_from_this<impl> {
    impl(asio::any_io_executor e, timekeeper& t, const fake_store_options& o)
        : ex(std::move(e)), time(t), options(o)
    {
    }

    // `work` writes what the handler is told; it throws a story.
    template <class T, class Work>
    void accept(handler<T> done, Work work)
    {
        waiting.push_back({saturating_add(time.now(), options.delay),
                           [this, done = std::move(done), work = std::move(work)]() mutable {
                               diagnostics why;
                               T value{};
                               try {
                                   if (over) throw *over;
                                   value = work(*this);
                               } catch (const diagnostics& told) {
                                   why = told;
                               }
                               return [done, why, value]() mutable { done(why, std::move(value)); };
                           }});
        pump();
    }

    void pump()
    {
        if (stalled || running || waiting.empty()) return;
        running = true;
        auto then = [weak = weak_from_this()](error_code) {
            const auto self = weak.lock();
            if (!self) return;
            self->running = false;
            if (!self->stalled && !self->waiting.empty()) self->next();
            self->pump();
        };
        time.async_wait_until(waiting.front().due, asio::bind_executor(ex, std::move(then)));
    }

    void next()
    {
        if (waiting.front().due > time.now()) return;  // a wait from before a crash
        const call first = std::move(waiting.front());
        waiting.pop_front();
        first.work()();
    }

    entry& at(std::uint64_t job)
    {
        const auto found = jobs.find(job);
        if (found == jobs.end()) throw story(errc::invalid_state, "no such job");
        return found->second;
    }
    entry& readable_at(std::uint64_t job, bool keys_alone)
    {
        entry& e = at(job);
        if (!options.readable && !(keys_alone && e.job.knows_keys))
            throw story(errc::invalid_state, "a sink has the records");
        return e;
    }
    chain_row& at(std::uint64_t job, std::uint64_t chain)
    {
        entry& e = at(job);
        const auto found = e.chains.find(chain);
        if (found == e.chains.end()) throw story(errc::invalid_state, "no such chain");
        return found->second;
    }

    [[nodiscard]] job_row counted(const entry& e) const
    {
        job_row j = e.job;
        j.chains = e.chains.size();
        j.readable = options.readable;
        j.knows_keys = j.knows_keys || options.readable;
        for (const auto& [id, c] : e.chains) {
            if (c.is == state::ended) ++j.ended;
            j.pages += c.pages;
            j.records += c.records;
        }
        return j;
    }

    job_row opened(const std::string& name, const std::string& description)
    {
        for (auto& [id, e] : jobs) {
            if (e.job.name != name) continue;
            for (auto& [number, c] : e.chains) {
                if (c.is == state::ended) continue;
                c.is = state::ready;
                c.trouble.clear();
            }
            return counted(e);
        }
        entry fresh;
        fresh.job.id = jobs.size() + 1;
        fresh.job.name = name;
        fresh.job.description = description;
        jobs[fresh.job.id] = fresh;
        return counted(fresh);
    }

    void add_chain(entry& e, const std::string& range, const std::string& checkpoint = {})
    {
        chain_row c;
        c.id = ++last_chain;
        c.range = range;
        c.checkpoint = checkpoint;
        e.chains[c.id] = c;
    }

    commit_outcome committed(const page_commit& p)
    {
        const std::size_t number = commits++;
        chain_row& c = at(p.job, p.chain);
        if (fences.contains(number)) {
            ++c.epoch;
            c.is = state::running;
        }
        if (const auto lever = failures.find(number); lever != failures.end()) {
            const diagnostics why = story(lever->second, "a lever of the test");
            if (lever->second == errc::store_failed) over = why;
            throw why;
        }
        if (c.epoch != p.epoch || c.pages != p.page) return commit_outcome::fenced;
        ++c.pages;
        c.records += p.records.size();
        c.checkpoint = p.checkpoint;
        c.last_key = p.last_key;
        if (!p.range.empty()) c.range = p.range;
        if (p.ended) c.is = state::ended;
        for (const stored_record& r : p.records)
            at(p.job).records.insert_or_assign(std::string(r.key), std::string(r.body));
        for (const chain_seed& seed : p.adds)
            add_chain(at(p.job), seed.range, seed.checkpoint);
        return commit_outcome::committed;
    }

    asio::any_io_executor ex;
    timekeeper& time;
    fake_store_options options;
    std::map<std::uint64_t, entry> jobs;
    std::uint64_t last_chain = 0;
    std::deque<call> waiting;
    bool running = false, stalled = false;
    std::size_t commits = 0;
    std::map<std::size_t, errc> failures;
    std::set<std::size_t> fences;
    std::optional<diagnostics> over;
};

fake_store::fake_store(asio::any_io_executor ex, timekeeper& time, const fake_store_options& o)
    : impl_(std::make_shared<impl>(std::move(ex), time, o))
{
}

fake_store::~fake_store() = default;

void fake_store::open(const std::string& name, const std::string& description,
                      handler<job_row> done)
{
    impl_->accept<job_row>(std::move(done), [=](impl& on) { return on.opened(name, description); });
}

void fake_store::known(const std::string& name, handler<job_row> done)
{
    impl_->accept<job_row>(std::move(done), [=](impl& on) {
        for (const auto& [id, e] : on.jobs)
            if (e.job.name == name) return on.counted(e);
        return job_row();
    });
}

void fake_store::plan(std::uint64_t job, first_chains what, handler<job_row> done)
{
    impl_->accept<job_row>(std::move(done), [job, w = std::move(what)](impl& on) {
        entry& e = on.at(job);
        if (e.job.planned) throw story(errc::invalid_state, "the job has its chains already");
        e.job.planned = true;
        e.job.knows_keys = w.keys && on.options.keeps_keys;
        for (const auto& [name, text] : w.notes)
            e.job.notes.insert_or_assign(name, text);
        for (const std::string& range : w.ranges)
            on.add_chain(e, range);
        return on.counted(e);
    });
}

void fake_store::claim(std::uint64_t job, std::size_t most, handler<std::vector<chain_row>> done)
{
    impl_->accept<std::vector<chain_row>>(std::move(done), [=](impl& on) {
        std::vector<chain_row> taken;
        for (auto& [id, c] : on.at(job).chains) {
            if (taken.size() == most) break;
            if (c.is != state::ready) continue;
            c.is = state::running;
            ++c.epoch;
            taken.push_back(c);
        }
        return taken;
    });
}

void fake_store::commit(page_commit page, handler<commit_outcome> done)
{
    impl_->accept<commit_outcome>(std::move(done),
                                  [p = std::move(page)](impl& on) { return on.committed(p); });
}

void fake_store::split(chain_split what, handler<chain_row> done)
{
    impl_->accept<chain_row>(std::move(done), [w = std::move(what)](impl& on) {
        chain_row& c = on.at(w.job, w.chain);
        if (c.epoch != w.epoch || c.pages != w.page) return chain_row();
        ++c.epoch;
        c.range = w.keeps;
        on.add_chain(on.at(w.job), w.gives);
        return c;
    });
}

void fake_store::release(std::uint64_t chain, std::uint64_t epoch, state is, std::string trouble,
                         handler<commit_outcome> done)
{
    impl_->accept<commit_outcome>(std::move(done), [=, why = std::move(trouble)](impl& on) {
        for (auto& [id, e] : on.jobs) {
            const auto found = e.chains.find(chain);
            if (found == e.chains.end()) continue;
            chain_row& c = found->second;
            if (c.epoch != epoch) return commit_outcome::fenced;
            c.is = is;
            c.trouble = is == state::stopped ? why : "";
            return commit_outcome::committed;
        }
        throw story(errc::invalid_state, "no such chain");
    });
}

void fake_store::note(std::uint64_t job, std::string name, std::string text,
                      handler<commit_outcome> done)
{
    impl_->accept<commit_outcome>(std::move(done),
                                  [job, n = std::move(name), t = std::move(text)](impl& on) {
                                      on.at(job).job.notes.insert_or_assign(n, t);
                                      return commit_outcome::committed;
                                  });
}

void fake_store::chains(std::uint64_t job, std::uint64_t from, std::size_t most,
                        handler<std::vector<chain_row>> done)
{
    impl_->accept<std::vector<chain_row>>(std::move(done), [=](impl& on) {
        std::vector<chain_row> found;
        const entry& e = on.at(job);
        for (auto c = e.chains.lower_bound(from); c != e.chains.end() && found.size() < most; ++c)
            found.push_back(c->second);
        return found;
    });
}

void fake_store::extend(std::uint64_t job, std::uint64_t chains, std::vector<std::string> ranges,
                        handler<commit_outcome> done)
{
    impl_->accept<commit_outcome>(std::move(done), [=, all = std::move(ranges)](impl& on) {
        entry& e = on.at(job);
        if (!e.job.planned || e.chains.size() != chains) return commit_outcome::fenced;
        for (const std::string& range : all)
            on.add_chain(e, range);
        return commit_outcome::committed;
    });
}

void fake_store::read(record_query what, handler<std::vector<kept_record>> done)
{
    impl_->accept<std::vector<kept_record>>(std::move(done), [w = std::move(what)](impl& on) {
        const auto& records = on.readable_at(w.job, !w.bodies).records;
        std::map<std::string, std::string> digests;
        for (const auto& [key, body] : records)
            if (!on.options.readable) digests.emplace(core::key_digest(key), "");
        const auto& all = on.options.readable ? records : digests;
        std::vector<kept_record> out;
        std::size_t octets = 0;
        for (auto r = all.upper_bound(w.after); r != all.end() && out.size() < w.most; ++r) {
            octets += r->first.size() + (w.bodies ? r->second.size() : 0);
            if (!out.empty() && octets > w.octets) break;
            out.push_back({r->first, w.bodies ? r->second : std::string()});
        }
        return out;
    });
}

void fake_store::find(std::uint64_t job, std::vector<std::string> keys,
                      handler<std::vector<bool>> done)
{
    impl_->accept<std::vector<bool>>(std::move(done), [job, all = std::move(keys)](impl& on) {
        const entry& e = on.readable_at(job, true);
        std::vector<bool> out;
        for (const std::string& key : all)
            out.push_back(e.records.contains(key));
        return out;
    });
}

void fake_store::fail(std::size_t number, errc code) { impl_->failures[number] = code; }
void fake_store::fence(std::size_t number) { impl_->fences.insert(number); }
void fake_store::stall() { impl_->stalled = true; }

void fake_store::go_on()
{
    impl_->stalled = false;
    impl_->pump();
}

void fake_store::crash(fate of_pending)
{
    std::deque<call> pending;
    pending.swap(impl_->waiting);
    if (of_pending == fate::lost) return;
    for (call& c : pending)
        c.work();
}

std::size_t fake_store::pending() const noexcept { return impl_->waiting.size(); }
std::size_t fake_store::commits() const noexcept { return impl_->commits; }

job_row fake_store::job(const std::string& name) const
{
    for (const auto& [id, e] : impl_->jobs)
        if (e.job.name == name) return impl_->counted(e);
    return {};
}

std::vector<chain_row> fake_store::rows(std::uint64_t job) const
{
    std::vector<chain_row> all;
    for (const auto& [id, c] : impl_->at(job).chains)
        all.push_back(c);
    return all;
}

const std::map<std::string, std::string>& fake_store::records(std::uint64_t job) const
{
    return impl_->at(job).records;
}

}  // namespace catena::testing
