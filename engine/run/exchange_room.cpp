#include "run/exchange_room.hpp"

#include "codec/hidden_texts.hpp"
#include <catena/codec/request_builder.hpp>

namespace catena {

void exchange_room::prepare(http_request r, const timekeeper& clock, cookie_jar* jar)
{
    ask = std::move(r);
    url = request_builder::url_of(ask);
    headers.clear();
    status = 0;
    clock_ = &clock;
    jar_ = jar;
    refused_ = {};
}

std::string exchange_room::without_secrets(std::string_view text) const
{
    return codec::without_hidden(text, url, ask.hidden);
}

// Even if the rest of the answer is lost: the server has renewed its session already.
void exchange_room::take_cookies(const response_head& head)
{
    for (const header_view& h : head.headers)
        if (equal_ignoring_case(h.name, "set-cookie"))
            (void)jar_->take(ask.to, ask.target, h.value, clock_->wall_now());
    for (const std::string& value : jar_->values())
        codec::hide(ask.hidden, value);
}

error_code exchange_room::on_head(const response_head& head)
{
    status = head.status;
    headers.reserve(head.headers.size());
    for (const header_view& h : head.headers)
        headers.push_back({std::string(h.name), std::string(h.value)});
    if (jar_ != nullptr) take_cookies(head);
    reader.lend(pool_->take());
    return refused_ = reader.begin(url, head, clock_->wall_now(), ask.hidden);
}

error_code exchange_room::on_body(std::string_view octets)
{
    return refused_ = reader.on_body(octets);
}

}  // namespace catena
