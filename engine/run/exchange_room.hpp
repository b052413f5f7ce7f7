#pragma once

#include "run/body_pool.hpp"
#include <catena/codec/cookie_jar.hpp>
#include <catena/codec/page_reader.hpp>
#include <catena/core/http.hpp>
#include <catena/net/timekeeper.hpp>
#include <catena/net/transport.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catena {

/** What one exchange in flight needs. Lent to a chain for that time, so that a waiting chain holds
    no buffers.
*/
class exchange_room final : public response_receiver {
public:
    exchange_room(std::shared_ptr<const page_contract> contract, std::shared_ptr<body_pool> pool)
        : contract_(contract), pool_(std::move(pool)), reader(std::move(contract))
    {
    }

    /// Get ready for the answer to `ask`, whose cookies go into `jar`, if there is one.
    void prepare(http_request r, const timekeeper& clock, cookie_jar* jar);

    [[nodiscard]] error_code on_head(const response_head& head) override;
    [[nodiscard]] error_code on_body(std::string_view octets) override;

    /// `text` without what the request must not show: the wire's words may quote the server.
    [[nodiscard]] std::string without_secrets(std::string_view text) const;

    /// The reader refused what came: its facts say why. Else failures are the wire's.
    [[nodiscard]] bool reader_refused() const noexcept { return bool(refused_); }
    [[nodiscard]] bool serves(const page_contract* c) const noexcept
    {
        return contract_.get() == c;
    }

private:
    std::shared_ptr<const page_contract> contract_;
    std::shared_ptr<body_pool> pool_;

public:
    page_reader reader;
    http_request ask;
    std::string url;
    std::vector<header_field> headers;
    int status = 0;

private:
    void take_cookies(const response_head& head);

    const timekeeper* clock_ = nullptr;
    cookie_jar* jar_ = nullptr;
    error_code refused_;
};

}  // namespace catena
