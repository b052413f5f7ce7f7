#include "core/connector_checks.hpp"

#include <cstddef>
#include <set>
#include <string>

namespace catena::core {

void connector_check::signals()
{
    constexpr std::size_t most = 16;  // quotas that one answer may speak of
    const std::vector<quota_rule>& all = c_.limits.signals.quotas;
    if (all.size() > most)
        flaw("/limits/signals/quotas", "these are more quotas than an answer can speak of",
             "name " + std::to_string(most) + " at most");
    std::set<std::string> names;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const quota_rule& q = all[i];
        const std::string where = item("/limits/signals/quotas", i);
        plain_text(q.name, where + "/name");
        if (!names.insert(q.name).second)
            flaw(where + "/name", "two quotas have this name, and would be taken for one",
                 "give each a name of its own");
        if (!q.remaining && !q.used)
            flaw(where, "nothing says how many requests are left",
                 "name the place of \"remaining\", or that of \"used\"");
        signal(q.limit, where + "/limit");
        signal(q.remaining, where + "/remaining");
        signal(q.used, where + "/used");
        signal(q.reset, where + "/reset");
        signal(q.window, where + "/window");
        const bool moment = q.window_as == time_form::epoch_seconds ||
                            q.window_as == time_form::epoch_milliseconds ||
                            q.window_as == time_form::date;
        if (moment)
            flaw(where + "/window_as", "a window has a length and is no moment",
                 "use seconds, milliseconds, text or by_size");
    }
}

void connector_check::signal(const std::optional<signal_place>& p, const std::string& pointer)
{
    if (!p) return;
    if (p->from == signal_place::place::header) return header_name(p->at, pointer + "/header");
    member_pointer(p->at, pointer + "/body");
    if (c_.format == page_format::xml) xml_value(p->at, pointer + "/body", false);
}

}  // namespace catena::core
