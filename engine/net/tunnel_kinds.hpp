#pragma once

#include "net/tunnel.hpp"

#include <memory>

namespace catena::net {

[[nodiscard]] std::unique_ptr<tunnel> make_http_tunnel(const proxy& by, const origin& to,
                                                       const intake_limits& limits);
[[nodiscard]] std::unique_ptr<tunnel> make_socks_tunnel(const proxy& by, const origin& to);

}  // namespace catena::net
