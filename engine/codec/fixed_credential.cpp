#include "codec/request_builder_draft.hpp"
#include "codec/secret_text.hpp"
#include "core/base64.hpp"
#include <catena/codec/fixed_credential.hpp>

#include <cassert>
#include <string>
#include <utility>

namespace catena {

boost::system::result<credential> fixed_credential(const auth_rule& a, const secret_lookup& look_up,
                                                   diagnostics& why)
{
    assert(a.by == auth_rule::method::basic || a.by == auth_rule::method::bearer);
    credential out;
    if (a.by == auth_rule::method::bearer) {
        std::string token;
        if (const error_code ec = codec::read_setting(a.token, look_up, "/auth/bearer", token, why))
            return ec;
        if (!codec::fits_header(token)) {
            return codec::refuse_secret(
                why, "/auth/bearer",
                "the token holds a control character or a blank at an end, which no "
                "header can carry",
                "check the token's end for a line break");
        }
        out.value = secret("Bearer " + token);
        return out;
    }
    std::string user, password;
    if (const error_code ec = codec::read_setting(a.user, look_up, "/auth/basic/user", user, why))
        return ec;
    if (const error_code ec =
            codec::read_setting(a.password, look_up, "/auth/basic/password", password, why))
        return ec;
    if (user.find(':') != std::string::npos) {
        return codec::refuse_secret(why, "/auth/basic/user",
                                    "a user's name cannot hold a colon (RFC 7617)",
                                    "correct the name");
    }
    out.value = secret("Basic " + core::to_base64(user + ':' + password));
    out.parts.emplace_back(std::move(password));
    return out;
}

}  // namespace catena
