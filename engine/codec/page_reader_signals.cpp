// What answers tell of quotas, in places that the connector names.
#include "codec/page_reader_impl.hpp"
#include "codec/signs.hpp"
#include <catena/codec/rate_limit_fields.hpp>

#include <string>
#include <vector>

namespace catena {

void page_reader::impl::read_head_signals(const response_head& head, wall_time received)
{
    quotas = read_rate_limit_fields(head, received, contract->description().limits.signals);
    other_limits = read_other_limits(head);
    kept_head.clear();
    if (api.signals.empty()) return;
    for (const header_view& h : head.headers)
        kept_head.push_back({std::string(h.name), std::string(h.value)});
    received_at = received;
}

/// The body is complete: what it says stands beside what the head said, and may belong to it.
void page_reader::impl::read_signals(const scanned& s)
{
    if (api.signals.empty()) return;
    std::vector<std::string> texts;
    std::vector<signal_text> found_texts;
    texts.reserve(api.signals.size());
    for (const plan::signal& one : api.signals) {
        const found& f = s.slot(one.slot);
        const bool readable = f.kind == json_kind::number || f.kind == json_kind::string;
        if (!f.present || !readable) continue;
        texts.push_back(codec::text_of(f, s.octets(f, body)));
        found_texts.push_back({one.place, texts.back()});
    }
    std::vector<header_view> views;
    views.reserve(kept_head.size());
    for (const header_field& h : kept_head)
        views.push_back({h.name, h.value});
    response_head head;
    head.status = status;
    head.headers = views;
    quotas = read_rate_limit_fields(head, received_at, contract->description().limits.signals,
                                    found_texts);
}

}  // namespace catena
