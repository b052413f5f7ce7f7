#pragma once

#include <string_view>

namespace catena::codec {

/// Whether `host` is "localhost", or an address written in full that is not one of the public
/// internet. Names that a resolver would have to be asked for are not.
[[nodiscard]] bool names_local_address(std::string_view host);

}  // namespace catena::codec
