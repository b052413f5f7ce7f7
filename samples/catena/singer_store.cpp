#include "singer_store.hpp"

#include <catena/core/json_text.hpp>
#include <catena/diagnostics.hpp>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace command {

using catena::chain_row;
using catena::commit_outcome;
using catena::diagnostics;
using catena::job_row;
using catena::quote;
using state = chain_row::state;

namespace {

diagnostics story(catena::errc code, std::string what, std::string mend)
{
    diagnostics d;
    d.code = code;
    d.what = std::move(what);
    d.mend = std::move(mend);
    d.next = catena::advice::resume;
    return d;
}

diagnostics misused(const char* what)
{
    return story(catena::errc::invalid_state, what, "open the job first, and walk its own chains");
}

// Key properties are members of a record: a field that lies deeper is none.
std::string schema_of(const catena::connector& c)
{
    const bool members = std::all_of(c.key.begin(), c.key.end(), [](const catena::key_field& k) {
        return k.at.size() > 1 && k.at.find_first_of("/~", 1) == k.at.npos;
    });
    std::string names, properties;
    for (const catena::key_field& field : members ? c.key : std::vector<catena::key_field>()) {
        const std::string name = quote(field.at.substr(1));
        names += (names.empty() ? "" : ",") + name;
        properties += (properties.empty() ? "" : ",") + name + ":{}";
    }
    return R"({"type":"SCHEMA","stream":)" + quote(c.name) +
           R"(,"schema":{"type":"object","properties":{)" + properties +
           R"(},"additionalProperties":true},"key_properties":[)" + names + "]}\n";
}

}  // namespace

singer_store::singer_store(int descriptor, const catena::connector& c, singer_state from)
    : descriptor_(descriptor),
      stream_(quote(c.name)),
      schema_(schema_of(c)),
      state_(std::move(from)),
      writer_([this] { work(); })
{
}

singer_store::~singer_store()
{
    try {
        close();
    } catch (const catena::failure&) {
        // The records since the last STATE come again.
    }
}

void singer_store::close()
{
    if (!writer_.joinable()) return;
    {
        const std::lock_guard hold(mutex_);
        closing_ = true;
    }
    wake_.notify_all();
    writer_.join();
    if (over_ || told_ || !state_.job.planned) return;
    try {
        write_state();
    } catch (const diagnostics& why) {
        throw catena::failure(why);
    }
}

void singer_store::work()
{
    for (;;) {
        std::function<void()> next;
        {
            std::unique_lock hold(mutex_);
            wake_.wait(hold, [&] { return closing_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            next = std::move(waiting_.front());
            waiting_.pop_front();
        }
        next();
    }
}

/// @param work Gives what the handler is told; it throws a story.
template <class T, class Work>
void singer_store::accept(handler<T> done, Work work)
{
    auto call = [this, done = std::move(done), work = std::move(work)] {
        diagnostics why;
        T value{};
        try {
            if (over_) throw *over_;
            value = work();
        } catch (const diagnostics& told) {
            why = told;
        }
        done(why, std::move(value));
    };
    {
        const std::lock_guard hold(mutex_);
        waiting_.emplace_back(std::move(call));
    }
    wake_.notify_all();
}

void singer_store::open(const std::string& name, const std::string& description,
                        handler<job_row> done)
{
    accept<job_row>(std::move(done), [=, this] {
        job_row& j = state_.job;
        if (j.id != 0 && j.name != name) throw misused("the stream has another job");
        if (j.id == 0) j.description = description;
        j.id = 1;
        j.name = name;
        for (auto& [id, c] : state_.chains) {
            if (c.is == state::ended) continue;
            c.is = state::ready;
            c.trouble.clear();
        }
        return counted();
    });
}

void singer_store::known(const std::string& name, handler<job_row> done)
{
    accept<job_row>(std::move(done),
                    [=, this] { return state_.job.name == name ? counted() : job_row(); });
}

void singer_store::plan(std::uint64_t job, catena::first_chains what, handler<job_row> done)
{
    accept<job_row>(std::move(done), [job, w = std::move(what), this] {
        require(job);
        if (state_.job.planned) throw misused("the job has its chains already");
        state_.job.planned = true;
        for (const std::string& range : w.ranges)
            add_chain(range);
        for (const auto& [name, text] : w.notes)
            state_.job.notes.insert_or_assign(name, text);
        told_ = false;
        return counted();
    });
}

void singer_store::claim(std::uint64_t job, std::size_t most, handler<std::vector<chain_row>> done)
{
    accept<std::vector<chain_row>>(std::move(done), [=, this] {
        require(job);
        std::vector<chain_row> taken;
        for (auto& [id, c] : state_.chains) {
            if (taken.size() == most) break;
            if (c.is != state::ready) continue;
            c.is = state::running;
            ++c.epoch;
            taken.push_back(c);
        }
        return taken;
    });
}

void singer_store::commit(catena::page_commit page, handler<commit_outcome> done)
{
    accept<commit_outcome>(std::move(done), [p = std::move(page), this] { return committed(p); });
}

void singer_store::split(catena::chain_split what, handler<chain_row> done)
{
    accept<chain_row>(std::move(done), [w = std::move(what), this] {
        require(w.job);
        chain_row& c = chain(w.chain);
        if (c.epoch != w.epoch || c.pages != w.page) return chain_row();
        ++c.epoch;
        c.range = w.keeps;
        add_chain(w.gives);
        return c;
    });
}

void singer_store::release(std::uint64_t id, std::uint64_t epoch, state is, std::string trouble,
                           handler<commit_outcome> done)
{
    accept<commit_outcome>(std::move(done), [=, why = std::move(trouble), this] {
        chain_row& c = chain(id);
        if (c.epoch != epoch) return commit_outcome::fenced;
        told_ = told_ && is != state::ended;
        c.is = is;
        c.trouble = is == state::stopped ? why : std::string();
        return commit_outcome::committed;
    });
}

void singer_store::note(std::uint64_t job, std::string name, std::string text,
                        handler<commit_outcome> done)
{
    accept<commit_outcome>(std::move(done), [job, n = std::move(name), t = std::move(text), this] {
        require(job);
        state_.job.notes.insert_or_assign(n, t);
        told_ = false;
        return commit_outcome::committed;
    });
}

void singer_store::chains(std::uint64_t job, std::uint64_t from, std::size_t most,
                          handler<std::vector<chain_row>> done)
{
    accept<std::vector<chain_row>>(std::move(done), [=, this] {
        require(job);
        std::vector<chain_row> out;
        const auto& all = state_.chains;
        for (auto at = all.lower_bound(from); at != all.end() && out.size() < most; ++at)
            out.push_back(at->second);
        return out;
    });
}

void singer_store::extend(std::uint64_t job, std::uint64_t chains, std::vector<std::string> ranges,
                          handler<commit_outcome> done)
{
    accept<commit_outcome>(std::move(done), [=, all = std::move(ranges), this] {
        require(job);
        if (!state_.job.planned || state_.chains.size() != chains) return commit_outcome::fenced;
        for (const std::string& range : all)
            add_chain(range);
        return commit_outcome::committed;
    });
}

void singer_store::read(catena::record_query, handler<std::vector<catena::kept_record>> done)
{
    accept<std::vector<catena::kept_record>>(
        std::move(done), []() -> std::vector<catena::kept_record> {
            throw misused("what is on a stream cannot be read again");
        });
}

void singer_store::find(std::uint64_t, std::vector<std::string>, handler<std::vector<bool>> done)
{
    accept<std::vector<bool>>(std::move(done), []() -> std::vector<bool> {
        throw misused("what is on a stream cannot be read again");
    });
}

job_row singer_store::counted() const
{
    job_row j = state_.job;
    j.chains = state_.chains.size();
    for (const auto& [id, c] : state_.chains) {
        if (c.is == state::ended) ++j.ended;
        j.pages += c.pages;
        j.records += c.records;
    }
    return j;
}

chain_row& singer_store::chain(std::uint64_t id)
{
    const auto found = state_.chains.find(id);
    if (found == state_.chains.end()) throw misused("the stream has no such chain");
    return found->second;
}

void singer_store::require(std::uint64_t job) const
{
    if (state_.job.id == 0 || state_.job.id != job) throw misused("the stream has no such job");
}

void singer_store::add_chain(std::string range, std::string checkpoint)
{
    chain_row c;
    c.id = state_.chains.empty() ? 1 : state_.chains.rbegin()->first + 1;
    c.range = std::move(range);
    c.checkpoint = std::move(checkpoint);
    state_.chains.emplace(c.id, std::move(c));
    told_ = false;
}

commit_outcome singer_store::committed(const catena::page_commit& page)
{
    require(page.job);
    chain_row& c = chain(page.chain);
    if (c.epoch != page.epoch || c.pages != page.page) return commit_outcome::fenced;
    write_records(page);
    ++c.pages;
    c.records += page.records.size();
    c.checkpoint = page.checkpoint;
    c.last_key = page.last_key;
    if (!page.range.empty()) c.range = page.range;
    if (page.ended) c.is = state::ended;
    for (const catena::chain_seed& seed : page.adds)
        add_chain(seed.range, seed.checkpoint);
    told_ = false;
    if (since_ >= enough_) write_state();
    return commit_outcome::committed;
}

void singer_store::write_records(const catena::page_commit& page)
{
    std::string text;
    for (const catena::stored_record& r : page.records) {
        const std::size_t first = r.body.find_first_not_of(" \t\r\n");
        if (first == r.body.npos || r.body[first] != '{') {
            over_ =
                story(catena::errc::sink_failed, "a record is no JSON object, as Singer's must be",
                      "write .jsonl, or name the records that are");
            throw *over_;
        }
        text += R"({"type":"RECORD","stream":)" + stream_ + R"(,"record":)";
        for (const char c : r.body)
            text += c == '\n' || c == '\r' ? ' ' : c;
        text += "}\n";
    }
    since_ += text.size();
    put(std::move(text));
}

void singer_store::write_state()
{
    std::string text = R"({"type":"STATE","value":)" + state_.value() + "}\n";
    enough_ = text.size();
    since_ = 0;
    put(std::move(text));
    told_ = true;
}

void singer_store::put(std::string text)
{
    if (text.empty()) return;
    if (!std::exchange(begun_, true)) text.insert(0, schema_);
    for (std::string_view rest = text; !rest.empty();) {
        const ssize_t n = ::write(descriptor_, rest.data(), rest.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            const int why = errno;
            closed_ = why == EPIPE;
            over_ = story(catena::errc::sink_failed,
                          "cannot write the output: " + std::generic_category().message(why),
                          "look after what reads it, and go on from its last STATE");
            throw *over_;
        }
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace command
