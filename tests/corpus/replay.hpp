#pragma once

#include "net/response_reader.hpp"
#include <catena/net/transport.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace catena::testing {

/// What a response_reader made of a text.
struct reading final : response_receiver {
    error_code on_head(const response_head& head) override
    {
        ++heads;
        status = head.status;
        return {};
    }

    error_code on_body(std::string_view octets) override
    {
        body += octets;
        return {};
    }

    friend bool operator==(const reading& a, const reading& b)
    {
        return a.ec == b.ec && a.done == b.done && a.reuse == b.reuse && a.heads == b.heads &&
               a.status == b.status && a.body == b.body && a.taken == b.taken;
    }

    error_code ec;
    bool done = false;
    bool reuse = false;  ///< The reader allows it and no octet was left over.
    int heads = 0;
    int status = 0;
    std::string body;
    std::size_t taken = 0;
};

enum class after { open, ended };

/// Feed `first` octets, then pieces of `step`.
inline reading replay(std::string_view text, std::size_t first, std::size_t step, after end)
{
    net::response_reader reader;
    reading r;
    reader.expect(net::response_reader::body_rule::as_framed);
    for (std::size_t at = 0; at < text.size() && !reader.done() && !reader.failed();) {
        const std::size_t n = at == 0 ? first : step;
        r.taken += reader.feed(text.substr(at, n), r);
        at += std::min(n, text.size() - at);
    }
    if (end == after::ended) reader.on_end();
    r.done = reader.done();
    r.ec = reader.failed() ? reader.error() : error_code();
    // Of a failure only the kind is promised, not how far into the octets it was noticed.
    if (reader.failed()) r.taken = 0;
    r.reuse = r.done && reader.keep_alive() && r.taken == text.size();
    return r;
}

/// Whether every way of cutting the text in two, and octet by octet, reads the same. Long texts
/// are cut at a sample of places.
inline bool splits_agree(std::string_view text, after end)
{
    const reading whole = replay(text, text.size(), text.size(), end);
    const std::size_t stride = text.size() / 4096 + 1;
    for (std::size_t cut = 1; cut < text.size(); cut += stride)
        if (!(replay(text, cut, text.size(), end) == whole)) return false;
    for (const std::size_t step : {1u, 2u, 3u, 7u, 4093u})
        if (!(replay(text, step, step, end) == whole)) return false;
    return true;
}

}  // namespace catena::testing
