#include "run/exchange_room.hpp"

#include "codec/hidden_texts.hpp"
#include <catena/codec/request_builder.hpp>

namespace catena {

void exchange_room::prepare(http_request r, const timekeeper& clock)
{
    ask = std::move(r);
    url = request_builder::url_of(ask);
    headers.clear();
    status = 0;
    clock_ = &clock;
    refused_ = {};
}

std::string exchange_room::without_secrets(std::string_view text) const
{
    return codec::without_hidden(text, url, ask.hidden);
}

error_code exchange_room::on_head(const response_head& head)
{
    status = head.status;
    headers.reserve(head.headers.size());
    for (const header_view& h : head.headers)
        headers.push_back({std::string(h.name), std::string(h.value)});
    reader.lend(pool_->take());
    return refused_ = reader.begin(url, head, clock_->wall_now(), ask.hidden);
}

error_code exchange_room::on_body(std::string_view octets)
{
    return refused_ = reader.on_body(octets);
}

}  // namespace catena
