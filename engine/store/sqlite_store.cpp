#include "store/ledger.hpp"
#include "store/opening.hpp"
#include <catena/store/sqlite_store.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace catena {

using storage::broken;
using storage::ledger;
using storage::remedy;

namespace {

// One call on its way: done as often as its group is tried, told once.
class call {
public:
    call(bool page, std::size_t octets) : is_page_(page), octets_(octets) {}
    virtual ~call() = default;
    call(const call&) = delete;
    call& operator=(const call&) = delete;

    virtual void work(ledger& on) = 0;
    virtual void tell() noexcept = 0;

    void fail(const diagnostics& why)
    {
        why_ = why;
        failed_ = true;
    }
    /// Nothing will change its outcome.
    [[nodiscard]] bool failed() const noexcept { return failed_; }
    [[nodiscard]] bool is_page() const noexcept { return is_page_; }
    [[nodiscard]] std::size_t octets() const noexcept { return octets_; }

    void attempt(ledger& on)
    {
        why_ = {};
        try {
            work(on);
        } catch (const broken& b) {
            if (b.by != remedy::call) throw;
            why_ = b.why;
        }
    }

protected:
    diagnostics why_;

private:
    bool is_page_, failed_ = false;
    std::size_t octets_;
};

template <class T, class Work>
class call_of final : public call {
public:
    call_of(Work w, store::handler<T> done, bool page, std::size_t octets)
        : call(page, octets), work_(std::move(w)), done_(std::move(done))
    {
    }

    void work(ledger& on) override { result_ = work_(on); }
    void tell() noexcept override { done_(why_, why_.code ? T() : std::move(result_)); }

private:
    Work work_;
    store::handler<T> done_;
    T result_{};
};

std::size_t octets_of(const page_commit& p)
{
    std::size_t sum = p.checkpoint.size() + p.last_key.size();
    for (const stored_record& r : p.records)
        sum += r.key.size() + r.body.size();
    for (const chain_seed& seed : p.adds)
        sum += seed.range.size() + seed.checkpoint.size();
    return sum;
}

}  // namespace

class sqlite_store::impl {
public:
    impl(const std::string& path, const sqlite_options& o)
        : options_(o),
          begin_(o.read_only ? "BEGIN" : "BEGIN IMMEDIATE"),
          file_(storage::open_file(path, o))
    {
        try {
            ledger_.emplace(*file_.db, o.records);
            file_.db->run(begin_);
            ledger_->begin(o.read_only);
            file_.db->run("COMMIT");
        } catch (const broken& b) {
            file_.db->roll_back();
            throw failure(b.why);
        }
        writer_ = std::thread([this] { write(); });
    }

    ~impl()
    {
        {
            const std::lock_guard hold(mutex_);
            closing_ = true;
        }
        wake_.notify_all();
        writer_.join();
    }

    template <class T, class Work>
    void accept(Work work, handler<T> done, bool page = false, std::size_t octets = 0)
    {
        auto c = std::make_unique<call_of<T, Work>>(std::move(work), std::move(done), page, octets);
        bool idle = false;
        {
            const std::lock_guard hold(mutex_);
            idle = waiting_.empty();
            waiting_.push_back(std::move(c));
        }
        if (idle) wake_.notify_all();
    }

private:
    using group = std::vector<std::unique_ptr<call>>;
    using clock = std::chrono::steady_clock;

    void write()
    {
        for (group g = next(); !g.empty(); g = next()) {
            settle(g);
            for (const auto& c : g)
                c->tell();
            g.clear();  // the octets of pages are their owners' again
            copy_log();
        }
        if (over_ && !options_.read_only) file_.db->leave_alone();
    }

    // Empty: it is time to end.
    group next()
    {
        std::unique_lock hold(mutex_);
        wake_.wait(hold, [&] { return closing_ || !waiting_.empty(); });
        group g;
        std::size_t octets = 0;
        while (!waiting_.empty() && g.size() < options_.group_calls) {
            octets += waiting_.front()->octets();
            if (!g.empty() && octets > options_.group_octets) break;
            g.push_back(std::move(waiting_.front()));
            waiting_.pop_front();
        }
        return g;
    }

    void settle(const group& g)
    {
        std::optional<clock::time_point> since;
        while (!over_) {
            const std::optional<broken> b = attempt(g);
            if (!b) break;
            if (b->by == remedy::pages) {
                fail(g, b->why, true);
            } else if (b->by == remedy::end) {
                over_ = b->why;
            } else if (!goes_on_waiting(*b, g, since)) {
                return fail(g, b->why, false);
            }
        }
        if (over_) fail(g, *over_, false);
        if (since && !over_ && options_.on_trouble) options_.on_trouble({});
    }

    std::optional<broken> attempt(const group& g)
    {
        try {
            file_.db->run(begin_);
            for (const auto& c : g)
                if (!c->failed()) c->attempt(*ledger_);
            ledger_->flush_sink();
            file_.db->run("COMMIT");
            return std::nullopt;
        } catch (const broken& b) {
            undo();
            return b;
        } catch (const std::exception& e) {
            undo();
            return broken{storage::story(errc::store_failed,
                                         "the store's writer met " + std::string(e.what())),
                          remedy::end};
        }
    }

    void undo() noexcept
    {
        file_.db->roll_back();
        ledger_->undone();
    }

    // Waits, or says that it is no use.
    bool goes_on_waiting(const broken& b, const group& g, std::optional<clock::time_point>& since)
    {
        const auto now = clock::now();
        if (!since) {
            since = now;
            diagnostics told = b.why;
            std::size_t octets = 0;
            for (const auto& c : g)
                octets += c->octets();
            told.what += "; " + std::to_string(octets) + " octets wait to be written";
            if (options_.on_trouble) options_.on_trouble(told);
        }
        if (now - *since >= options_.patience) return false;
        const auto pause = std::min<duration>(options_.retry_every, std::chrono::hours(1));
        std::unique_lock hold(mutex_);
        const bool end = wake_.wait_for(hold, pause, [&] { return closing_; });
        return !end || !std::exchange(last_try_, true);
    }

    static void fail(const group& g, const diagnostics& why, bool pages_only)
    {
        for (const auto& c : g)
            if (!c->failed() && (c->is_page() || !pages_only)) c->fail(why);
    }

    void copy_log()
    {
        if (over_) return;
        try {
            file_.db->copy_log(options_.log_octets);
        } catch (const broken& b) {
            over_ = b.why;
        }
    }

    sqlite_options options_;
    const char* begin_;  // of a transaction
    storage::opened file_;
    std::optional<ledger> ledger_;
    std::optional<diagnostics> over_;  // why nothing more is written
    bool last_try_ = false;            // the destructor waits

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::unique_ptr<call>> waiting_;
    bool closing_ = false;
    std::thread writer_;
};

sqlite_store::sqlite_store(const std::string& path, const sqlite_options& o)
    : impl_(std::make_unique<impl>(path, o))
{
}

sqlite_store::~sqlite_store() = default;

void sqlite_store::open(const std::string& name, const std::string& description,
                        handler<job_row> done)
{
    impl_->accept<job_row>([=](ledger& on) { return on.open(name, description); }, std::move(done));
}

void sqlite_store::known(const std::string& name, handler<job_row> done)
{
    impl_->accept<job_row>([=](ledger& on) { return on.known(name); }, std::move(done));
}

void sqlite_store::plan(std::uint64_t job, first_chains what, handler<job_row> done)
{
    impl_->accept<job_row>([job, w = std::move(what)](ledger& on) { return on.plan(job, w); },
                           std::move(done));
}

void sqlite_store::claim(std::uint64_t job, std::size_t most, handler<std::vector<chain_row>> done)
{
    impl_->accept<std::vector<chain_row>>([=](ledger& on) { return on.claim(job, most); },
                                          std::move(done));
}

void sqlite_store::commit(page_commit page, handler<commit_outcome> done)
{
    const std::size_t octets = octets_of(page);
    impl_->accept<commit_outcome>([p = std::move(page)](ledger& on) { return on.commit(p); },
                                  std::move(done), true, octets);
}

void sqlite_store::split(chain_split what, handler<chain_row> done)
{
    impl_->accept<chain_row>([w = std::move(what)](ledger& on) { return on.split(w); },
                             std::move(done));
}

void sqlite_store::release(std::uint64_t chain, std::uint64_t epoch, chain_row::state is,
                           std::string trouble, handler<commit_outcome> done)
{
    impl_->accept<commit_outcome>(
        [=, why = std::move(trouble)](ledger& on) { return on.release(chain, epoch, is, why); },
        std::move(done));
}

void sqlite_store::note(std::uint64_t job, std::string name, std::string text,
                        handler<commit_outcome> done)
{
    impl_->accept<commit_outcome>(
        [job, n = std::move(name), t = std::move(text)](ledger& on) { return on.note(job, n, t); },
        std::move(done));
}

void sqlite_store::chains(std::uint64_t job, std::uint64_t from, std::size_t most,
                          handler<std::vector<chain_row>> done)
{
    impl_->accept<std::vector<chain_row>>([=](ledger& on) { return on.chains(job, from, most); },
                                          std::move(done));
}

void sqlite_store::extend(std::uint64_t job, std::uint64_t chains, std::vector<std::string> ranges,
                          handler<commit_outcome> done)
{
    impl_->accept<commit_outcome>(
        [=, all = std::move(ranges)](ledger& on) { return on.extend(job, chains, all); },
        std::move(done));
}

void sqlite_store::read(record_query what, handler<std::vector<kept_record>> done)
{
    impl_->accept<std::vector<kept_record>>(
        [w = std::move(what)](ledger& on) { return on.read(w); }, std::move(done));
}

void sqlite_store::find(std::uint64_t job, std::vector<std::string> keys,
                        handler<std::vector<bool>> done)
{
    impl_->accept<std::vector<bool>>(
        [job, all = std::move(keys)](ledger& on) { return on.find(job, all); }, std::move(done));
}

}  // namespace catena
