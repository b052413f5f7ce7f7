// RateLimit and RateLimit-Policy of draft-ietf-httpapi-ratelimit-headers, all its versions.
#include "codec/rate_limit_fields_facts.hpp"
#include <catena/codec/rate_limit_fields.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace catena::codec {
namespace {

std::optional<std::int64_t> integer(const sf_bare_item* value)
{
    const auto* const n = value != nullptr ? std::get_if<std::int64_t>(value) : nullptr;
    return n != nullptr ? std::optional(*n) : std::nullopt;
}

std::optional<std::uint64_t> count(const sf_bare_item* value)
{
    const std::optional<std::int64_t> n = integer(value);
    if (!n) return std::nullopt;
    return static_cast<std::uint64_t>(std::max<std::int64_t>(*n, 0));
}

std::optional<duration> time(const sf_bare_item* value)
{
    const std::optional<std::int64_t> n = integer(value);
    return n ? sane_seconds(*n) : std::nullopt;
}

// A window of no length is nonsense.
std::optional<duration> window(const sf_bare_item* value)
{
    const std::optional<duration> t = time(value);
    return t && *t > duration::zero() ? t : std::nullopt;
}

const std::string* text(const sf_bare_item* value)
{
    if (value == nullptr) return nullptr;
    if (const auto* const token = std::get_if<sf_token>(value)) return &token->text;
    return std::get_if<std::string>(value);
}

// Older versions said "request".
bool counts_requests(const sf_parameters& parameters)
{
    const sf_bare_item* const unit = find_parameter(parameters, "qu");
    if (unit == nullptr) return true;
    const std::string* const name = text(unit);
    return name != nullptr && (*name == "requests" || *name == "request");
}

/// An item of either field: what it is called, and whose share it is.
struct named_item {
    const std::string* name = nullptr;
    const std::string* partition = nullptr;
    const sf_parameters* parameters = nullptr;

    [[nodiscard]] const sf_bare_item* get(std::string_view key) const
    {
        return find_parameter(*parameters, key);
    }
};

std::vector<named_item> named_items(const std::optional<sf_list>& list)
{
    std::vector<named_item> out;
    if (!list) return out;
    for (const sf_member& m : *list) {
        const auto* const item = std::get_if<sf_item>(&m);
        const std::string* const name = item != nullptr ? text(&item->value) : nullptr;
        if (name == nullptr) continue;
        const auto* const key = find_parameter(item->parameters, "pk");
        const auto* const octets = key != nullptr ? std::get_if<sf_binary>(key) : nullptr;
        out.push_back({name, octets != nullptr ? &octets->octets : nullptr, &item->parameters});
        if (out.size() == most_quota_signals) break;
    }
    return out;
}

/* One name may stand for many shares. A partition key may say who we are, so that only its hash
   (FNV-1a) becomes part of the name. */
std::string full_name(const named_item& item)
{
    std::string name = *item.name;
    if (item.partition == nullptr) return name;
    std::uint32_t hash = 2166136261U;
    for (const char c : *item.partition)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    name += ";pk=";
    for (int shift = 28; shift >= 0; shift -= 4)
        name += "0123456789abcdef"[hash >> shift & 15];
    return name;
}

bool same_share(const named_item& state, const named_item& policy)
{
    if (*state.name != *policy.name) return false;
    return state.partition == nullptr || policy.partition == nullptr ||
           *state.partition == *policy.partition;
}

void read_named(const std::vector<named_item>& states, const std::vector<named_item>& policies,
                signal_list& to)
{
    std::array<bool, most_quota_signals> spoken_of{};
    for (const named_item& state : states) {
        quota_signal s;
        s.name = full_name(state);
        s.remaining = count(state.get("r"));
        s.reset_in = time(state.get("t"));
        bool good = counts_requests(*state.parameters);
        for (std::size_t i = 0; i < policies.size(); ++i) {
            if (!same_share(state, policies[i])) continue;
            spoken_of[i] = true;
            good = good && counts_requests(*policies[i].parameters);
            s.limit = count(policies[i].get("q"));
            s.window = window(policies[i].get("w"));
            if (s.limit == std::uint64_t(0)) s.limit.reset();  // what remains still counts
        }
        if (good) to.add(std::move(s));
    }
    for (std::size_t i = 0; i < policies.size(); ++i) {
        if (spoken_of[i] || !counts_requests(*policies[i].parameters)) continue;
        quota_signal s;
        s.name = full_name(policies[i]);
        s.limit = count(policies[i].get("q"));
        s.window = window(policies[i].get("w"));
        to.add(std::move(s));
    }
}

// Version 7: "limit=100, remaining=50, reset=30".
std::optional<quota_signal> read_dictionary(std::span<const std::string_view> lines)
{
    const std::optional<sf_dictionary> all = read_sf_dictionary(lines);
    if (!all) return std::nullopt;
    quota_signal s;
    for (const auto& [key, member] : *all) {
        const auto* const item = std::get_if<sf_item>(&member);
        if (item == nullptr) continue;
        if (key == "limit") s.limit = count(&item->value);
        if (key == "remaining") s.remaining = count(&item->value);
        if (key == "reset") s.reset_in = time(&item->value);
    }
    return s;
}

}  // namespace

quota_limits read_limits(const sf_list& list)
{
    quota_limits to;
    for (const sf_member& m : list) {
        const auto* const item = std::get_if<sf_item>(&m);
        if (item == nullptr || !counts_requests(item->parameters)) continue;
        std::optional<std::int64_t> n = integer(&item->value);
        if (const auto* const fine = std::get_if<sf_decimal>(&item->value))
            n = fine->thousandths / 1000;
        if (!n) continue;
        // Some write -1 for no limit; as zero it makes the whole quota nonsense.
        const auto limit = static_cast<std::uint64_t>(std::max<std::int64_t>(*n, 0));
        const sf_bare_item* w = find_parameter(item->parameters, "w");
        if (w == nullptr) w = find_parameter(item->parameters, "window");
        if (w != nullptr) {
            if (to.policies.size() < most_quota_signals) to.policies.push_back({limit, window(w)});
            continue;
        }
        to.clash = to.clash || (to.current && *to.current != limit);
        to.current = limit;
    }
    if (to.clash) to.current.reset();
    return to;
}

bool read_draft_fields(std::span<const std::string_view> states,
                       std::span<const std::string_view> policies, signal_list& to,
                       std::vector<quota_policy>& unnamed)
{
    const std::optional<sf_list> policy_list = read_sf_list(policies);
    const std::optional<sf_list> state_list = read_sf_list(states);
    if (policy_list) unnamed = read_limits(*policy_list).policies;
    read_named(named_items(state_list), named_items(policy_list), to);
    if (state_list) return false;
    std::optional<quota_signal> s = read_dictionary(states);
    if (s) to.add(std::move(*s), unnamed);
    return s.has_value();
}

std::vector<other_limit> read_other_limits(std::span<const std::string_view> policies)
{
    std::vector<other_limit> out;
    const std::optional<sf_list> list = read_sf_list(policies);
    for (const named_item& policy : named_items(list)) {
        if (counts_requests(*policy.parameters)) continue;
        const std::string* const unit = text(policy.get("qu"));
        if (unit != nullptr) out.push_back({full_name(policy), *unit, count(policy.get("q"))});
    }
    return out;
}

}  // namespace catena::codec
