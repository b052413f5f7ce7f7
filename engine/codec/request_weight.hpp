#pragma once

#include <catena/connector.hpp>
#include <catena/core/http.hpp>
#include <catena/core/page_facts.hpp>
#include <catena/core/position.hpp>

namespace catena::codec {

/** Say of a refusal for the request's size (413, 414, 431) how large the request was and which
    member of the connector made it so. Other answers stay as they are.

    @param sent The request for the page at `at`.
*/
void blame_size(page_facts& facts, const http_request& sent, const connector& c,
                const position& at);

}  // namespace catena::codec
