#pragma once

#include "net/proxy.hpp"
#include <catena/core/http.hpp>

#include <string>

namespace catena::net {

/** What is wrong with a request, or an empty text where it may go on the wire.

    Names the part, never its value: that may hold a secret or a cursor.
*/
[[nodiscard]] std::string fault_of(const http_request& ask);

/** Replace `out` by the octets of the request.

    @param forwarder Null, or the HTTP proxy that reads this request and passes it on: then the
    target is absolute (RFC 9112, section 3.2.2) and the proxy's credentials go along.
    @pre fault_of(ask) is empty.
*/
void write_request(const http_request& ask, std::string& out, const proxy* forwarder = nullptr);

}  // namespace catena::net
