#pragma once

#include "support/catch.hpp"
#include <catena/core/chain_machine.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace catena::testing {

constexpr time_point t0{std::chrono::hours(1000)};

/// Facts of one page with the texts that they look into.
class page_of {
public:
    explicit page_of(std::size_t width = 0) : width_(width) { facts.tokens.emplace_back(); }

    page_of& token(std::string text, json_kind k = json_kind::string)
    {
        facts.tokens[0].is = presence::given;
        facts.tokens[0].token = value{k, std::move(text)};
        return *this;
    }
    page_of& record(const std::vector<std::string>& key, json_kind k = json_kind::number)
    {
        std::string octets;
        for (const std::string& part : key) {
            texts_.push_back(part);
            key_view v;
            v.kind = k;
            v.present = true;
            v.text = texts_.back();
            views_.push_back(v);
            octets += part + ",";
        }
        const identity id = identity_of(octets);
        if (facts.records++ == 0) facts.print.first = id;
        facts.print.last = id;
        facts.print.records = facts.records;
        facts.print.octets += octets.size();
        facts.keys = views_;
        return *this;
    }
    /// Records without keys; `print` tells their contents apart.
    page_of& records(std::uint64_t n, std::uint64_t print)
    {
        facts.records = n;
        facts.print = {n, n, {print, 0}, {print, 1}};
        return *this;
    }
    std::size_t width() const { return width_; }

    page_facts facts;

private:
    std::size_t width_;
    std::deque<std::string> texts_;
    std::vector<key_view> views_;
};

/// A failed answer of that status.
inline page_facts failed(int status, errc code, error_class as)
{
    page_facts f;
    f.is = page_facts::answer::failed;
    f.status = status;
    f.code = code;
    f.failed_as = as;
    return f;
}

inline page_facts died() { return failed(410, errc::cursor_expired, error_class::expired); }

/// One body token into one query parameter, ended by its absence.
inline connector plain()
{
    connector c("plain", "https://host/items");
    c.next.from.emplace_back(token_source::place::body, "/next");
    c.next.to.emplace_back(token_target::place::query, "cursor");
    c.end.emplace_back(end_rule::kind::missing);
    return c;
}

inline std::shared_ptr<const connector> shared(connector c)
{
    return std::make_shared<const connector>(std::move(c));
}

/// A machine whose fetch of a second page is in flight.
inline chain_machine on_page_two(const connector& c)
{
    chain_machine m(shared(c));
    (void)m.poll(t0);
    (void)m.on_answer(page_of(1).record({"1"}).token("secret-cursor").facts, t0);
    (void)m.poll(t0);
    return m;
}

inline const finish* finished(const chain_action& a) { return std::get_if<finish>(&a); }

/// A sorted table behind a server that answers a machine's positions.
class table {
public:
    struct row {
        int group, id;
        friend auto operator<=>(const row&, const row&) = default;
    };

    table(connector c, std::vector<row> rows, std::size_t page)
        : c_(std::move(c)), rows_(std::move(rows)), page_(page)
    {
    }

    /// The page at `p`, as the server would answer. Ties come in another order in each query.
    page_of answer(const position& p)
    {
        std::vector<value> bound = p.bound;
        std::size_t begin = 0;
        unsigned query = 0;
        if (p.tokens.empty()) {
            query = ++queries_;
        } else {
            const std::string& t = p.tokens[0].text;
            query = static_cast<unsigned>(std::stoul(t));
            begin = std::stoul(t.substr(t.find(':') + 1));
        }
        const std::vector<row> all = result(bound, query);
        page_of out(c_.key.size());
        const std::size_t end = std::min(all.size(), begin + page_);
        for (std::size_t i = begin; i < end; ++i) {
            std::vector<std::string> key{std::to_string(all[i].group)};
            if (c_.key.size() > 1) key.push_back(std::to_string(all[i].id));
            out.record(key);
            sent_.push_back(all[i]);
        }
        if (c_.next.inclusive && end < all.size() && end > begin + 1)
            out.token(std::to_string(query) + ":" + std::to_string(end - 1));
        else if (end < all.size())
            out.token(std::to_string(query) + ":" + std::to_string(end));
        first_of_page_ = sent_.size() - (end - begin);
        return out;
    }

    /// The i-th record of the last answer.
    const row& sent(std::size_t i) const { return sent_[first_of_page_ + i]; }

private:
    std::vector<row> result(const std::vector<value>& bound, unsigned query) const
    {
        std::vector<row> all = rows_;
        std::mt19937 chance(query);
        std::shuffle(all.begin(), all.end(), chance);
        const bool down = c_.sorted == order::descending;
        const bool by_id = !c_.ties;
        if (c_.sorted != order::none) {
            std::stable_sort(all.begin(), all.end(), [&](const row& a, const row& b) {
                const row x = by_id ? a : row{a.group, 0};
                const row y = by_id ? b : row{b.group, 0};
                return down ? y < x : x < y;
            });
        }
        if (bound.empty()) return all;
        const bool takes = c_.expiry.recover.includes == recovery_rule::bound::inclusive;
        const row limit{std::stoi(bound[0].text), bound.size() > 1 ? std::stoi(bound[1].text) : 0};
        std::erase_if(all, [&](const row& r) {
            const row k = bound.size() > 1 ? r : row{r.group, 0};
            if (k == limit) return !takes;
            return down ? limit < k : k < limit;
        });
        return all;
    }

    connector c_;
    std::vector<row> rows_;
    std::size_t page_;
    unsigned queries_ = 0;
    std::size_t first_of_page_ = 0;
    std::vector<row> sent_;
};

struct walked {
    std::vector<table::row> rows;
    error_code ec;
    int requests = 0;
    std::vector<std::pair<checkpoint, std::size_t>> marks;  ///< After so many rows.
};

/// Walk to the end. `dies(n)` says whether the n-th request finds its token dead.
inline walked walk(chain_machine m, table& server, const std::function<bool(int)>& dies)
{
    walked w;
    for (time_point now = t0; w.requests < 20'000; now += std::chrono::seconds(1)) {
        const chain_action todo = m.poll(now);
        if (const finish* f = finished(todo)) {
            w.ec = f->ec;
            return w;
        }
        if (const wait* p = std::get_if<wait>(&todo)) {
            now = p->until;
            continue;
        }
        const int n = w.requests++;
        if (std::get<fetch>(todo).good_until <= now) {
            (void)m.on_outlived(now);
            continue;
        }
        if (!m.where().first_page() && dies(n)) {
            (void)m.on_answer(died(), now);
            continue;
        }
        const page_of page = server.answer(m.where());
        const page_verdict v = m.on_answer(page.facts, now);
        if (!v.deliver) continue;
        for (std::uint64_t i = 0; i < page.facts.records; ++i)
            if (!std::binary_search(v.dropped.begin(), v.dropped.end(), i))
                w.rows.push_back(server.sent(i));
        w.marks.emplace_back(m.after(), w.rows.size());
    }
    w.ec = errc::no_progress;
    return w;
}

inline std::vector<table::row> sorted(std::vector<table::row> rows)
{
    std::sort(rows.begin(), rows.end());
    return rows;
}

// A machine that was given `before`, answered with `now`.
struct outcome {
    page_verdict verdict;
    error_code ec;
    bool done = false;
    std::string what;
    checkpoint after;
};

inline outcome answer(const connector& c, const std::vector<page_of>& pages)
{
    chain_machine m(shared(c));
    outcome o;
    for (const page_of& p : pages) {
        REQUIRE(finished(m.poll(t0)) == nullptr);
        o.verdict = m.on_answer(p.facts, t0);
    }
    o.after = m.after();
    const chain_action next = m.poll(t0);
    o.done = finished(next) != nullptr;
    if (o.done) o.ec = finished(next)->ec;
    o.what = m.why().what;
    return o;
}

inline bool told(const page_verdict& v, notice::kind k)
{
    return std::any_of(v.notices.begin(), v.notices.end(),
                       [k](const notice& n) { return n.what == k; });
}

}  // namespace catena::testing
