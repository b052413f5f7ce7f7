#include "codec/set_cookie.hpp"

#if CATENA_HAS_PSL
#include <libpsl.h>
#endif

namespace catena::codec {

bool is_public_suffix(const std::string& domain)
{
    if (domain.find('.') == domain.npos) return true;
#if CATENA_HAS_PSL
    // The list that libpsl was built with: no file is read. Some builds of it have none.
    if (const psl_ctx_t* const list = psl_builtin())
        return psl_is_public_suffix(list, domain.c_str()) != 0;
#endif
    return false;
}

}  // namespace catena::codec
