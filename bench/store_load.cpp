#include "store_load.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <sys/resource.h>

namespace catena::bench {

double cpu_seconds()
{
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto of = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return of(used.ru_utime) + of(used.ru_stime);
}

double since(steady::time_point begun)
{
    return std::chrono::duration<double>(steady::now() - begun).count();
}

no_store::no_store(steady::duration round) : round_(round), thread_([this] { run(); }) {}

no_store::~no_store()
{
    {
        const std::lock_guard hold(mutex_);
        over_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void no_store::commit(page_commit page, handler done)
{
    {
        const std::lock_guard hold(mutex_);
        waiting_.emplace_back(std::move(page), std::move(done));
    }
    wake_.notify_one();
}

void no_store::run()
{
    std::unique_lock hold(mutex_);
    for (;;) {
        wake_.wait(hold, [&] { return over_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        std::vector<std::pair<page_commit, handler>> all;
        all.swap(waiting_);
        hold.unlock();
        if (round_ != steady::duration::zero()) std::this_thread::sleep_for(round_);
        for (auto& [page, done] : all)
            done({}, commit_outcome::committed);
        hold.lock();
    }
}

page_commit page_of(std::uint64_t job, const chain_row& c)
{
    static const std::string body = "{\"text\":\"" + std::string(record_octets - 11, 'x') + "\"}";
    struct kept {
        char keys[load_records][24];
    };
    const auto octets = std::make_shared<kept>();
    page_commit p;
    p.job = job;
    p.chain = c.id;
    p.epoch = c.epoch;
    p.page = c.pages;
    p.checkpoint =
        "{\"page\":" + std::to_string(c.pages) + ",\"cursor\":\"" + std::string(60, 'c') + "\"}";
    for (std::size_t i = 0; i < load_records; ++i) {
        const int n = std::snprintf(octets->keys[i], sizeof octets->keys[i], "%04llu/%012llu",
                                    static_cast<unsigned long long>(c.id),
                                    static_cast<unsigned long long>(c.pages * load_records + i));
        p.records.push_back({{octets->keys[i], static_cast<std::size_t>(n)}, body});
    }
    p.last_key = p.records.back().key;
    p.owner = octets;
    return p;
}

cost crowd::run(double seconds)
{
    const auto begun = steady::now();
    const double cpu = cpu_seconds();
    open_ = all_.size();
    end_ = begun +
           std::chrono::duration_cast<steady::duration>(std::chrono::duration<double>(seconds));
    for (std::size_t i = 0; i < all_.size(); ++i)
        send(i);
    std::unique_lock hold(mutex_);
    over_.wait(hold, [&] { return open_ == 0; });
    const auto pages = static_cast<double>(pages_.load());
    return {pages / since(begun), 1e6 * (cpu_seconds() - cpu) / pages};
}

void crowd::send(std::size_t i)
{
    commit_(page_of(job_, all_[i]), [this, i](const diagnostics& why, commit_outcome o) {
        if (why.code || o != commit_outcome::committed) {
            std::fprintf(stderr, "%s\n", why.text().c_str());
            std::abort();
        }
        ++pages_;
        ++all_[i].pages;
        if (steady::now() < end_) return send(i);
        const std::lock_guard hold(mutex_);
        if (--open_ == 0) over_.notify_one();
    });
}

}  // namespace catena::bench
