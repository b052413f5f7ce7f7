// layer: core
#pragma once

#include <string>

namespace catena {

/// Something worth telling that is no failure.
struct notice {
    enum class kind {
        retry,                 ///< A failure; the same page will be asked for again.
        recovered,             ///< The token died; a new query follows the last key.
        token_shape,           ///< Tokens look different from now on.
        page_size_capped,      ///< The server sends fewer records a page than asked.
        page_size_changed,     ///< Smaller pages are asked for from now on, or larger ones again.
        duplicates_dropped,    ///< Records that had been delivered came again.
        identical_page,        ///< A page equals the one before under a new token.
        credentials_refused,   ///< The API refused the credentials; they are renewed once.
        credentials_renewed,   ///< There are new ones.
        total_differs,         ///< The chain ended with another count than the declared total.
        redirected,            ///< The server says that the page is elsewhere; it is asked there.
        short_of_sockets,      ///< No more files or ports: requests wait for free connections.
        record_shape,          ///< A field of the records has another type from now on.
        limit_not_understood,  ///< The server tells of a limit in a unit that catena cannot keep.
    };
    kind what;
    std::string text;  ///< One sentence; holds no secret and no cursor.
};

}  // namespace catena
