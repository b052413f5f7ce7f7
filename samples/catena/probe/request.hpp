#pragma once

#include "way.hpp"
#include <catena/core/http.hpp>
#include <catena/core/secret_lookup.hpp>
#include <catena/diagnostics.hpp>
#include <catena/error.hpp>

#include <boost/system/result.hpp>

namespace probe {

/// What goes on the wire for `a`, as a run would send it.
[[nodiscard]] boost::system::result<catena::http_request> to_request(
    const ask& a, const catena::secret_lookup& look_up, catena::diagnostics& why);

}  // namespace probe
