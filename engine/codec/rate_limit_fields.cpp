#include "codec/rate_limit_fields_facts.hpp"
#include "codec/rate_limit_fields_name.hpp"
#include "codec/rate_limit_fields_text.hpp"
#include <catena/codec/rate_limit_fields.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace catena {
namespace codec {
namespace {

constexpr std::size_t most_families = 2 * most_quota_signals;
constexpr std::size_t longest_label = 64;
constexpr std::string_view standard_family = "/";  // RateLimit-Limit and its kin

std::string in_seconds(duration window)
{
    return "w=" + std::to_string(std::chrono::ceil<std::chrono::seconds>(window).count());
}

/// One field's text, which must be the same wherever it is repeated.
class single_text {
public:
    void note(std::string_view text)
    {
        text = without_blanks(text);
        clash_ = clash_ || (given_ && text != text_);
        given_ = true;
        text_ = text;
    }

    [[nodiscard]] std::optional<std::string_view> get() const
    {
        return given_ && !clash_ ? std::optional(text_) : std::nullopt;
    }

private:
    std::string_view text_;
    bool given_ = false;
    bool clash_ = false;
};

/// The fields of an answer that speak of one quota, by their names.
struct quota_family {
    quota_field title;  // of the first
    std::vector<std::string_view> limits;
    std::array<single_text, static_cast<std::size_t>(quota_part::pair) + 1> texts;
    time_form window_form = time_form::by_size;

    [[nodiscard]] std::optional<std::string_view> get(quota_part p) const
    {
        return texts[static_cast<std::size_t>(p)].get();
    }
};

void note(std::vector<quota_family>& all, quota_field field, std::string_view value)
{
    auto f = std::find_if(all.begin(), all.end(), [&](const quota_family& one) {
        return one.title.family == field.family;
    });
    if (f == all.end()) {
        if (all.size() == most_families) return;
        f = all.emplace(all.end());
    }
    if (field.part == quota_part::limit) f->limits.push_back(without_blanks(value));
    if (field.part == quota_part::window) f->window_form = field.form;
    f->texts[static_cast<std::size_t>(field.part)].note(value);
    if (f->title.family.empty()) f->title = std::move(field);
}

bool is_label(std::string_view text)
{
    return text.size() <= longest_label &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

quota_limits limits_of(const quota_family& f, quota_signal& s)
{
    if (f.limits.empty()) return {};
    if (const std::optional<sf_list> list = read_sf_list(f.limits)) return read_limits(*list);
    // "15m": some say here how long the window is.
    if (!s.window) s.window = read_window(f.limits.front(), time_form::text);
    return {};
}

void read_family(const quota_family& f, const reset_reader& clock,
                 const std::vector<quota_policy>& unnamed, signal_list& to)
{
    quota_signal s;
    s.name = f.title.name;
    if (const auto text = f.get(quota_part::pair)) {
        if (read_pair(*text, s)) to.add(std::move(s));
        return;
    }
    if (const auto label = f.get(quota_part::label); label && is_label(*label))
        s.name.append(s.name.empty() ? "" : ";").append(*label);

    s.window = f.title.period;
    if (const auto text = f.get(quota_part::window); text && !s.window)
        s.window = read_window(*text, f.window_form);
    quota_limits limits = limits_of(f, s);
    const bool standard = f.title.family == standard_family;
    if (standard && limits.policies.empty()) limits.policies = unnamed;
    s.limit = limits.current;
    if (!s.limit && !limits.clash && limits.policies.size() == 1)
        s.limit = limits.policies.front().limit;

    if (const auto text = f.get(quota_part::remaining)) s.remaining = read_count(*text);
    if (const auto text = f.get(quota_part::used); text && s.limit && !s.remaining)
        if (const auto used = read_count(*text)) s.remaining = *s.limit - std::min(*s.limit, *used);

    // The standard's own field is in seconds, but some write the time of day into it.
    std::optional<duration> scale = standard ? duration(longest_quota_time) : s.window;
    for (const quota_policy& p : limits.policies)
        if (!scale && s.limit == p.limit) scale = p.window;
    if (const auto text = f.get(quota_part::reset_after))
        s.reset_in = clock.read(*text, time_form::seconds, scale);
    for (const quota_part p : {quota_part::reset, quota_part::reset_again})
        if (const auto text = f.get(p); text && !s.reset_in)
            s.reset_in = clock.read(*text, time_form::by_size, scale);
    to.add(std::move(s), limits.policies);
}

/// Finds the texts that stand in the places of a rule.
class place_reader {
public:
    place_reader(const response_head& head, std::span<const signal_text> body)
        : headers_(head.headers), body_(body)
    {
    }

    [[nodiscard]] std::optional<std::string_view> get(
        const std::optional<signal_place>& place) const
    {
        single_text text;
        if (place && place->from == signal_place::place::header) {
            for (const header_view& h : headers_)
                if (equal_ignoring_case(h.name, place->at)) text.note(h.value);
        } else if (place) {
            for (const signal_text& t : body_)
                if (t.at == place->at) text.note(t.text);
        }
        return text.get();
    }

private:
    std::span<const header_view> headers_;
    std::span<const signal_text> body_;
};

void read_by_rule(const quota_rule& rule, const place_reader& places, const reset_reader& clock,
                  signal_list& to)
{
    quota_signal s;
    s.name = rule.name;
    if (const auto text = places.get(rule.limit)) s.limit = read_count(*text);
    if (const auto text = places.get(rule.remaining)) s.remaining = read_count(*text);
    if (const auto text = places.get(rule.used); text && !s.remaining && !read_pair(*text, s))
        if (const auto used = read_count(*text); used && s.limit)
            s.remaining = *s.limit - std::min(*s.limit, *used);
    if (const auto text = places.get(rule.window)) s.window = read_window(*text, rule.window_as);
    if (const auto text = places.get(rule.reset))
        s.reset_in = clock.read(*text, rule.reset_as, s.window);
    to.add(std::move(s));
}

bool is_named(const signals_rule& rule, std::string_view header)
{
    const auto names = [&](const std::optional<signal_place>& p) {
        return p && p->from == signal_place::place::header && equal_ignoring_case(p->at, header);
    };
    return std::any_of(rule.quotas.begin(), rule.quotas.end(), [&](const quota_rule& q) {
        return names(q.limit) || names(q.remaining) || names(q.used) || names(q.reset) ||
               names(q.window);
    });
}

void read_known_fields(const response_head& head, const signals_rule& rule,
                       const reset_reader& clock, signal_list& to)
{
    std::vector<std::string_view> states;
    std::vector<std::string_view> policies;
    std::vector<quota_family> families;
    for (const header_view& h : head.headers) {
        if (h.name.empty() || is_named(rule, h.name)) continue;
        if (equal_ignoring_case(h.name, "RateLimit")) {
            states.push_back(without_blanks(h.value));
        } else if (equal_ignoring_case(h.name, "RateLimit-Policy")) {
            policies.push_back(without_blanks(h.value));
        } else if (quota_field f = read_quota_field(h.name); f.part != quota_part::none) {
            note(families, std::move(f), h.value);
        }
    }
    std::vector<quota_policy> unnamed;
    bool told = false;  // whose policies the unnamed ones are
    if (!states.empty() || !policies.empty())
        told = read_draft_fields(states, policies, to, unnamed);
    for (const quota_family& f : families) {
        read_family(f, clock, unnamed, to);
        told = told || f.title.family == standard_family;
    }
    if (!told) to.add({}, unnamed);
}

}  // namespace

void signal_list::add(quota_signal s)
{
    if (s.limit == std::uint64_t(0)) return;  // barred, or without limit: nobody knows
    if (s.limit && s.remaining && *s.remaining > *s.limit) s.remaining.reset();
    if (!s.limit && !s.remaining && !s.reset_in) return;
    s.name.resize(std::min(s.name.size(), longest_label));
    if (found_.size() == most_quota_signals) return;

    // Two families may speak of quotas without a name; the second one gets a name from its place.
    const std::string name = s.name;
    for (int again = 2;; ++again) {
        const auto same = std::find_if(found_.begin(), found_.end(),
                                       [&](const quota_signal& f) { return f.name == s.name; });
        if (same == found_.end()) break;
        if (*same == s) return;
        s.name = name + '#' + std::to_string(again);
    }
    found_.push_back(std::move(s));
}

void signal_list::add(quota_signal s, std::span<const quota_policy> policies)
{
    const auto is_its_own = [&](const quota_policy& p) { return s.limit == p.limit; };
    const auto own = std::find_if(policies.begin(), policies.end(), is_its_own);
    // The same limit over two windows: which of them this is, nobody knows.
    const bool sure = std::count_if(policies.begin(), policies.end(), is_its_own) == 1;
    const std::string prefix = s.name.empty() ? "" : s.name + ';';
    if (sure && !s.window && own->window) {
        s.window = own->window;
        if (s.name.empty()) s.name = in_seconds(*s.window);
    }
    add(std::move(s));
    for (auto p = policies.begin(); p != policies.end(); ++p) {
        if ((sure && p == own) || !p->window) continue;
        quota_signal other;
        other.name = prefix + in_seconds(*p->window);
        other.limit = p->limit;
        other.window = p->window;
        add(std::move(other));
    }
}

bool read_pair(std::string_view text, quota_signal& to)
{
    constexpr std::string_view salesforce = "api-usage=";
    if (text.starts_with(salesforce)) {
        text.remove_prefix(salesforce.size());
        text = text.substr(0, text.find_first_of(" ;,("));
    }
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return false;
    const std::optional<std::uint64_t> used = read_count(text.substr(0, slash));
    const std::optional<std::uint64_t> limit = read_count(text.substr(slash + 1));
    if (!used || !limit) return false;
    to.limit = limit;
    to.remaining = *limit - std::min(*limit, *used);
    return true;
}

}  // namespace codec

std::vector<quota_signal> read_rate_limit_fields(const response_head& head, wall_time received,
                                                 const signals_rule& rule,
                                                 std::span<const signal_text> body)
{
    // What a cache kept says nothing of the quota as it is now.
    const header_view* const age = find_header(head.headers, "age");
    if (age != nullptr && codec::read_count(age->value).value_or(0) > 0) return {};

    codec::signal_list found;
    const codec::reset_reader clock(head, received);
    const codec::place_reader places(head, body);
    for (const quota_rule& quota : rule.quotas)
        codec::read_by_rule(quota, places, clock, found);
    if (rule.known_fields) codec::read_known_fields(head, rule, clock, found);
    return std::move(found).take();
}

std::vector<other_limit> read_other_limits(const response_head& head)
{
    std::vector<std::string_view> policies;
    for (const header_view& h : head.headers)
        if (equal_ignoring_case(h.name, "RateLimit-Policy"))
            policies.push_back(codec::without_blanks(h.value));
    if (policies.empty()) return {};
    return codec::read_other_limits(policies);
}

}  // namespace catena
