// layer: codec
#pragma once

#include <catena/core/auth_rule.hpp>
#include <catena/core/credential.hpp>
#include <catena/core/secret_lookup.hpp>
#include <catena/diagnostics.hpp>

#include <boost/system/result.hpp>

namespace catena {

/** The credential of a rule that says all by itself: basic or bearer, looked up anew in each call.

    @pre `a.by` is one of the two.
    @return errc::bad_secret with the reference's name, never its text, in `why`.
*/
[[nodiscard]] boost::system::result<credential> fixed_credential(const auth_rule& a,
                                                                 const secret_lookup& look_up,
                                                                 diagnostics& why);

}  // namespace catena
