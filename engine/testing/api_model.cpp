#include "testing/discovery_filter.hpp"
#include "testing/http_date.hpp"
#include "testing/meter.hpp"
#include "testing/page_writer.hpp"
#include "testing/request_reader.hpp"
#include "testing/sessions.hpp"
#include "testing/shelf.hpp"
#include "testing/stamp.hpp"
#include <catena/testing/api_model.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace catena::testing {

using end_kind = end_rule::kind;

namespace {

// What a redirect puts before a path, once for each.
constexpr std::string_view elsewhere = "/elsewhere";

http_request without_detour(http_request ask)
{
    while (ask.target.starts_with(elsewhere))
        ask.target.erase(0, elsewhere.size());
    return ask;
}

}  // namespace

struct api_model::impl {
    impl(connector c, std::vector<row> r, behaviour b)
        : contract(std::move(c)), manner(std::move(b)), rows(contract, std::move(r))
    {
        for (const fault& f : manner.faults)
            faults.push_back({f, 0});
        const auto& policies = manner.policies.empty() ? contract.limits.policies : manner.policies;
        for (const rate_policy& p : policies)
            meters.emplace_back(p, manner.windows);
    }

    struct armed {
        fault what;
        std::uint64_t hits;
    };

    connector contract;
    behaviour manner;
    shelf rows;
    stamp_codec codec{manner.awkward};
    request_reader reader{contract, manner, rows, codec};
    page_writer writer{contract, manner, rows, codec};
    session_book sessions{manner};
    std::vector<armed> faults;
    std::vector<meter> meters;
    std::vector<served> log;
    std::uint64_t chains = 0, generation = 0, nonces = 0, violations = 0;
    std::unordered_map<std::uint64_t, time_point> begun, last_use;  // by chain
    std::map<std::uint64_t, std::vector<stamp>> received;           // by chain
    std::set<std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>> used;

    scripted_answer answer(const http_request& ask, const arrival& how);
    scripted_answer serve(const http_request& ask, const arrival& how, served& line);
    std::optional<scripted_answer> throttle(time_point now);
    void say_retry(scripted_answer& a, duration after, bool as_date, time_point now) const;
    std::vector<const fault*> active(const served& line);
    scripted_answer broken(const fault& f, time_point now) const;
    bool dead(const stamp& s, time_point now);
    scripted_answer expired(stamp fresh, time_point now, const served& line);
    scripted_answer page(const asked& a, const http_request& ask, time_point now,
                         const std::vector<const fault*>& wrong, served& line);
    void keep_window(const asked& a, page_plan& p) const;
    void choose_next(const asked& a, time_point now, const std::vector<const fault*>& wrong,
                     const served& line, page_plan& p);
};

namespace {

const fault* find(const std::vector<const fault*>& wrong, fault::kind k)
{
    for (const fault* f : wrong)
        if (f->what == k) return f;
    return nullptr;
}

bool only_past_the_end(const end_rule& e)
{
    return e.what == end_kind::empty_page || e.what == end_kind::same_token ||
           (e.what == end_kind::sign && e.when.status.value_or(200) != 200);
}

}  // namespace

scripted_answer api_model::impl::answer(const http_request& ask, const arrival& how)
{
    served line;
    line.number = log.size();
    line.at = how.at;
    line.connection = how.connection;
    line.method = ask.method;
    line.target = ask.target;
    scripted_answer out;
    try {
        if (auto refusal = throttle(how.at)) {
            line.why = "above the rate limit";
            out = std::move(*refusal);
        } else {
            out = serve(ask, how, line);
        }
    } catch (const refused_request& e) {
        line.why = e.what();
        out = error_answer(e.status, e.what());
    }
    for (header_field& h : told_limits(meters, manner.tells, how.at))
        out.headers.push_back(std::move(h));
    line.status = out.status;
    log.push_back(std::move(line));
    return out;
}

std::optional<scripted_answer> api_model::impl::throttle(time_point now)
{
    time_point open = now;
    for (meter& m : meters)
        open = std::max(open, m.open_at(now));
    if (manner.enforce_limits && open > now) {
        ++violations;
        scripted_answer refusal = error_answer(429, "too many requests");
        say_retry(refusal, open - now, manner.limits_as_date, now);
        return refusal;
    }
    if (open <= now)
        for (meter& m : meters)
            m.count(now);
    return std::nullopt;
}

void api_model::impl::say_retry(scripted_answer& a, duration after, bool as_date,
                                time_point now) const
{
    const wall_time calendar = manner.calendar + now.time_since_epoch();
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(after);
    const auto until = std::chrono::ceil<std::chrono::seconds>(calendar + after);
    a.headers.push_back({"Date", http_date(std::chrono::floor<std::chrono::seconds>(calendar))});
    a.headers.push_back(
        {"Retry-After", as_date ? http_date(until) : std::to_string(seconds.count())});
}

std::vector<const fault*> api_model::impl::active(const served& line)
{
    std::vector<const fault*> now;
    for (armed& a : faults) {
        const fault& f = a.what;
        const bool here = f.by == fault::counted::requests
                              ? line.number >= f.at && line.number - f.at < f.times
                              : line.page == f.at && a.hits < f.times;
        if (!here) continue;
        ++a.hits;
        now.push_back(&f);
    }
    return now;
}

scripted_answer api_model::impl::broken(const fault& f, time_point now) const
{
    scripted_answer out = error_answer(f.status, "a fault of the script");
    if (f.what == fault::kind::error_in_page)
        out = scripted_answer(200, R"({"ok":false,"error":{"message":"backend timeout"}})");
    if (f.what == fault::kind::html_page)
        out = scripted_answer(200, "<!DOCTYPE html>\n<html><body>Bad gateway</body></html>");
    const bool html = f.what == fault::kind::html_page;
    out.headers = {{"Content-Type", html ? "text/html" : "application/json"}};
    if (!f.text.empty()) out.body = f.text;
    if (f.retry_after) say_retry(out, *f.retry_after, f.as_date, now);
    return out;
}

bool api_model::impl::dead(const stamp& s, time_point now)
{
    if (s.generation < generation) return true;
    if (contract.next.single_use && !used.emplace(s.chain, s.page, s.birth, s.nonce).second)
        return true;
    if (manner.token_life == duration::zero()) return false;
    time_point born{duration(static_cast<duration::rep>(s.birth))};
    if (contract.expiry.counts == expiry_rule::clock::chain) born = begun[s.chain];
    if (contract.expiry.counts == expiry_rule::clock::idle) born = last_use[s.chain];
    return now - born > manner.token_life;
}

scripted_answer api_model::impl::expired(stamp fresh, time_point now, const served& line)
{
    fresh.birth = static_cast<std::uint64_t>(now.time_since_epoch().count());
    fresh.generation = generation;
    fresh.session = line.session;
    fresh.nonce = ++nonces;
    return writer.expired(fresh);
}

scripted_answer api_model::impl::serve(const http_request& ask, const arrival& how, served& line)
{
    const time_point now = how.at;
    const auto whole = request_for_records(contract, without_detour(ask));
    const http_request plain = whole ? *whole : without_detour(ask);
    line.tokens_alone = whole.has_value();
    const asked a = reader.read(plain);
    line.chain = a.token ? a.token->chain : a.first_page ? ++chains : 0;
    line.page = a.page;
    const auto wrong = active(line);

    if (a.size > manner.heavy_page) throw refused_request(manner.heavy_status, "page too heavy");

    using kind = fault::kind;
    if (find(wrong, kind::session_lost) != nullptr) sessions.forget();
    line.session = sessions.of(ask, how);
    for (const kind k : {kind::status, kind::error_in_page, kind::html_page}) {
        const fault* f = find(wrong, k);
        if (f == nullptr) continue;
        line.why = "fault";
        return broken(*f, now);
    }
    if (const fault* f = find(wrong, kind::redirect)) {
        line.why = "redirected";
        scripted_answer out(f->status, "elsewhere");
        out.headers = {{"Location", std::string(elsewhere) + ask.target}};
        return out;
    }
    if (a.first_page) begun[line.chain] = now;
    const bool foreign = a.token && a.token->session != line.session;
    const bool gone =
        foreign || (a.token && (dead(*a.token, now) || find(wrong, kind::dead_token) != nullptr));
    if (foreign && contract.expiry.signs.empty())
        throw refused_request(400, "token of another session");
    if (gone)
        line.why = foreign ? "token of another session" : "expired token";
    else if (!wrong.empty())
        line.why = "fault";

    // What is given belongs to a session, also a fresh token in place of a dead one.
    const bool gives = !gone || contract.expiry.recover.by == recovery_rule::method::token_from;
    using session_kind = behaviour::session_kind;
    const bool begins = manner.session != session_kind::none && line.session == 0 && gives;
    if (begins) line.session = sessions.begin(how);
    if (!gone) last_use[line.chain] = now;
    if (!gone && a.token) received[line.chain].push_back(*a.token);
    scripted_answer out = gone ? expired(*a.token, now, line) : page(a, plain, now, wrong, line);
    if (begins && manner.session == session_kind::cookie)
        out.headers.push_back(sessions.cookie(line.session));
    return out;
}

scripted_answer api_model::impl::page(const asked& a, const http_request& ask, time_point now,
                                      const std::vector<const fault*>& wrong, served& line)
{
    using kind = fault::kind;
    page_plan p;
    p.page = a.page;
    p.size = std::min(a.size, manner.largest_page);
    if (const fault* cap = find(wrong, kind::silent_cap)) p.size = std::min(p.size, cap->size);
    p.begin = find(wrong, kind::cursor_ignored) != nullptr ? a.query_begin : a.begin;
    p.end = a.filter.after(p.begin, p.size);
    if (find(wrong, kind::empty_page) != nullptr) p.end = p.begin;
    p.rows = a.filter.among(p.begin, p.end);
    p.more = a.filter.count(p.end, rows.size()) > 0;
    p.total = a.filter.count(a.query_begin, rows.size());
    keep_window(a, p);
    if (const fault* f = find(wrong, kind::total_lies)) p.total += f->size;

    if (p.rows.empty() && !p.more)
        for (const end_rule& e : contract.end)
            if (e.what == end_kind::sign && only_past_the_end(e))
                return writer.with_sign(e.when, 404);

    p.last = !p.more;
    p.swapped = find(wrong, kind::records_swapped) != nullptr;
    const bool light = line.tokens_alone && !manner.ignores_discovery;
    p.without_records = light || find(wrong, kind::records_missing) != nullptr;
    p.renamed = find(wrong, kind::renamed_token) != nullptr;
    p.twice = find(wrong, kind::duplicate_token) != nullptr;
    p.lying = find(wrong, kind::flag_lies) != nullptr;
    choose_next(a, now, wrong, line, p);

    line.first_row = p.begin;
    line.records = light ? 0 : p.rows.size();
    scripted_answer out = writer.page(p, ask);
    if (find(wrong, kind::cut_json) != nullptr) out.body.resize(out.body.size() / 2);
    return out;
}

void api_model::impl::keep_window(const asked& a, page_plan& p) const
{
    const std::uint64_t most = manner.result_window;
    if (most == 0) return;
    const std::uint64_t before = a.filter.count(std::min(a.query_begin, p.begin), p.begin);
    if (manner.past_window == behaviour::window_end::refuses) {
        if (before + p.size > most) throw refused_request(400, "past the result window");
    } else if (before + p.rows.size() >= most) {
        p.end = a.filter.after(p.begin, most - std::min(before, most));
        p.rows = a.filter.among(p.begin, p.end);
        p.more = false;
    }
    if (manner.window_caps_total) p.total = std::min(p.total, most);
}

void api_model::impl::choose_next(const asked& a, time_point now,
                                  const std::vector<const fault*>& wrong, const served& line,
                                  page_plan& p)
{
    using kind = fault::kind;
    const end_rule& end = contract.end.at(manner.end_by);
    const bool told_apart = end.what != end_kind::missing && end.what != end_kind::null &&
                            end.what != end_kind::empty_string;
    p.give_token = p.more || only_past_the_end(end) || (told_apart && manner.token_after_end);

    p.next.chain = line.chain;
    p.next.page = a.page + 1;
    p.next.first = a.token ? a.token->first : rows.serial_before(a.query_begin);
    p.next.size = a.size;
    p.next.generation = generation;
    p.next.session = line.session;
    p.next.birth = static_cast<std::uint64_t>(now.time_since_epoch().count());
    p.next.after = rows.serial_before(p.end);
    if (manner.steady_tokens) p.next.chain = p.next.birth = 0;
    if (find(wrong, kind::empty_page) != nullptr) p.next.nonce = ++nonces;
    if (find(wrong, kind::page_again) != nullptr) {
        p.next.after = rows.serial_before(p.begin);
        p.next.nonce = ++nonces;
        p.give_token = true;
    }
    const std::vector<stamp>& before = received[line.chain];
    const fault* cycle = find(wrong, kind::token_cycle);
    const bool same = find(wrong, kind::same_token) != nullptr ||
                      (end.what == end_kind::same_token && p.rows.empty() && !p.more);
    const std::uint64_t back = same ? 1 : cycle != nullptr ? cycle->size : 0;
    if (back == 0 || before.size() < back) return;
    p.next = before[before.size() - back];
    p.give_token = true;
}

api_model::api_model(connector c, std::vector<row> rows, behaviour b)
    : impl_(std::make_unique<impl>(std::move(c), std::move(rows), std::move(b)))
{
}

api_model::~api_model() = default;
api_model::api_model(api_model&&) noexcept = default;
api_model& api_model::operator=(api_model&&) noexcept = default;

scripted_answer api_model::answer(const http_request& ask, const arrival& how)
{
    return impl_->answer(ask, how);
}

void api_model::kill_tokens() { ++impl_->generation; }
void api_model::add(const fault& f) { impl_->faults.push_back({f, 0}); }
void api_model::insert(row r) { impl_->rows.insert(std::move(r)); }
bool api_model::erase(const std::string& json) { return impl_->rows.erase(json); }

std::vector<std::string> api_model::records() const
{
    std::vector<std::string> all;
    for (std::size_t i = 0; i < impl_->rows.size(); ++i)
        all.push_back(impl_->rows.at(i).json);
    return all;
}

const std::vector<served>& api_model::log() const noexcept { return impl_->log; }
std::uint64_t api_model::violations() const noexcept { return impl_->violations; }
const connector& api_model::contract() const noexcept { return impl_->contract; }

}  // namespace catena::testing
