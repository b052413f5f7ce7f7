#include "run/job_sieve.hpp"

#include <catena/core/json_text.hpp>
#include <catena/core/key.hpp>
#include <catena/core/range_math.hpp>

#include <algorithm>

namespace catena {
namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

std::string as_json(const value& v) { return v.kind == json_kind::string ? quote(v.text) : v.text; }

}  // namespace

std::string key_text(const std::vector<value>& key)
{
    if (key.size() == 1) return as_json(key.front());
    std::string out = "[";
    for (const value& v : key)
        (out += out.size() == 1 ? "" : ",") += as_json(v);
    return out += ']';
}

job_sieve::job_sieve(const connector& c, const range_rule* divided, bool descending)
    : contract_(&c), divided_(divided), descending_(descending)
{
    for (const range_rule& r : c.range) {
        const auto at = std::find_if(c.key.begin(), c.key.end(),
                                     [&](const key_field& k) { return k.at == r.by; });
        field_.push_back(at == c.key.end() ? nowhere
                                           : static_cast<std::size_t>(at - c.key.begin()));
    }
}

sifted job_sieve::sift(const page& p, const range& over, const range& asked,
                       const std::string& name) const
{
    sifted out;
    const std::size_t count = p.records().size();
    out.kept.reserve(count);
    out.keys.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::vector<value> key = p.key(i);
        bool inside = true;
        bool stray = false;
        for (std::size_t r = 0; r < over.over.size(); ++r) {
            if (field_[r] == nowhere) continue;
            const range_rule& rule = contract_->range[r];
            const value& v = key[field_[r]];
            const side where = where_in(rule, over.over[r], v);
            if (where == side::unreadable) {
                out.unreadable = as_json(v);
                return out;
            }
            if (&rule == divided_) {
                out.last = v.text;
                out.beyond = out.beyond || where == (descending_ ? side::before : side::after);
            }
            inside = inside && where == side::inside;
            stray = stray || (!inside && !may_answer(rule, asked.over[r], v));
        }
        if (stray) ++out.strays;
        if (!inside) continue;
        out.kept.push_back(i);
        out.keys.push_back(key.empty() ? name + ':' + std::to_string(i) : key_text(key));
    }
    return out;
}

}  // namespace catena
