#pragma once

#include <catena/codec/cookie_jar.hpp>
#include <catena/core/http.hpp>

#include <cstdint>
#include <set>

namespace catena {

/// The session of one chain: cookies and connection, which are lost and made anew together.
struct chain_session {
    explicit chain_session(std::uint64_t n) : number(n) {}

    cookie_jar jar;
    std::uint64_t number;   ///< http_request::session; unique in one engine.
    std::set<origin> used;  ///< Where a connection of this session's own has answered.
};

}  // namespace catena
