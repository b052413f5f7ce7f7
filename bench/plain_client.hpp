#pragma once

#include "measured.hpp"

namespace catena::bench {

/** The least that a client on Asio can do: asks, finds the end of each answer, throws it away.

    Chains share 64 connections, as the engine's do by default. It knows each next token without
    looking.
*/
[[nodiscard]] measured run_plain_client(unsigned short port, const setup& s);

}  // namespace catena::bench
