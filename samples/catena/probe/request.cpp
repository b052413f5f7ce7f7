#include "request.hpp"

#include <catena/codec/request_builder.hpp>

#include <memory>

namespace probe {

boost::system::result<catena::http_request> to_request(const ask& a,
                                                       const catena::secret_lookup& look_up,
                                                       catena::diagnostics& why)
{
    auto c = std::make_shared<catena::connector>("probe", a.request.url);
    c->request = a.request;
    // As a run sends it: to a URL that a page gave, or as the request says.
    c->next.from.emplace_back(catena::token_source::place::body, "/next");
    c->next.to.emplace_back(catena::token_target::place::url, "");
    catena::position at;
    if (!a.at.empty()) at.tokens.push_back({catena::json_kind::string, a.at});
    const auto builder = catena::request_builder::make(c, look_up, why);
    if (!builder) return builder.error();
    return builder->build(at, why);
}

}  // namespace probe
