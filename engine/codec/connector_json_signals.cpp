// limits.signals: where answers show quotas.
#include "codec/connector_json_reading.hpp"

#include <optional>
#include <string>

namespace catena::codec {
namespace {

void read(reading& in, const node& n, std::optional<signal_place>& out)
{
    if (!n || !in.object(n, signal_places)) return;
    const node at = in.one_of(n, signal_places);
    if (!at) return;
    out.emplace();
    out->from =
        at.is == n.is->find("body") ? signal_place::place::body : signal_place::place::header;
    in.text(at, out->at);
}

void read(reading& in, const node& n, quota_rule& out)
{
    if (!in.object(n, quota_members)) return;
    in.text(reading::member(n, "name"), out.name);
    read(in, reading::member(n, "limit"), out.limit);
    read(in, reading::member(n, "remaining"), out.remaining);
    read(in, reading::member(n, "used"), out.used);
    read(in, reading::member(n, "reset"), out.reset);
    in.one_word(reading::member(n, "reset_as"), time_form_words, out.reset_as);
    read(in, reading::member(n, "window"), out.window);
    in.one_word(reading::member(n, "window_as"), time_form_words, out.window_as);
}

}  // namespace

void read(reading& in, const node& n, signals_rule& out)
{
    if (!n || !in.object(n, signals_members)) return;
    in.each(reading::member(n, "quotas"),
            [&](const node& item) { read(in, item, out.quotas.emplace_back()); });
    in.boolean(reading::member(n, "known_fields"), out.known_fields);
}

}  // namespace catena::codec
