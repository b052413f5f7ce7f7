// layer: run
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>

#include <utility>

namespace catena::detail {

/* Starts an operation whose body is compiled elsewhere.

   The handler is erased first, and everything downstream asks the erased handler for its executor
   and its cancellation slot. Erasing replaces whatever was installed in the slot before it, so
   the other order loses cancellations.
*/
template <class Signature, class Token, class Start>
auto initiate(Token&& token, Start start)
{
    return boost::asio::async_initiate<Token, Signature>(
        [](auto handler, Start body) {
            body(boost::asio::any_completion_handler<Signature>(std::move(handler)));
        },
        token, std::move(start));
}

}  // namespace catena::detail
