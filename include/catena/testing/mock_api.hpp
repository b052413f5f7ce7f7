// layer: testing
#pragma once

#include <catena/connector.hpp>
#include <catena/core/time.hpp>
#include <catena/testing/api_model.hpp>
#include <catena/testing/behaviour.hpp>
#include <catena/testing/dataset.hpp>
#include <catena/testing/scripted_answer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace catena::testing {

/// What a mock_api does to its wire.
struct mock_api_options {
    mock_api_options() {}

    std::uint16_t port = 0;         ///< 0: one that is free.
    duration delay{};               ///< Before every answer.
    duration idle_close{};          ///< A connection quiet for so long is closed; 0: never.
    std::uint64_t close_after = 0;  ///< Requests a connection serves; 0: any number.
    bool announce_close = true;     ///< The last answer before that says "Connection: close".
    bool chunked = false;           ///< Bodies in chunks, without a length.
};

/** A real HTTP/1.1 server on 127.0.0.1, on a thread of its own.

    Serves an @ref api_model with the real clock, or any function. Starts in the constructor and
    stops in the destructor.

    @par Thread safety
    Distinct objects: safe. Shared objects: safe, but for @ref stop and destruction.
*/
class mock_api {
public:
    /// @param c Its request.url keeps path and query; scheme and host become this server's.
    mock_api(const connector& c, std::vector<row> rows, behaviour b = {},
             const mock_api_options& o = {});
    /// @param s Called on the server's thread.
    explicit mock_api(server s, const mock_api_options& o = {});
    ~mock_api();
    mock_api(const mock_api&) = delete;
    mock_api& operator=(const mock_api&) = delete;

    /// Close everything and join the thread. A second call does nothing.
    void stop();

    [[nodiscard]] std::uint16_t port() const noexcept;
    [[nodiscard]] std::string url() const;  ///< "http://127.0.0.1:PORT"
    /// `c` with this server's scheme, host and port in its request.url.
    [[nodiscard]] connector described(connector c) const;

    /// The answer to request `number`, from 0, breaks with a reset after so many octets of its
    /// body.
    void reset_in_body(std::uint64_t number, std::size_t octets);
    /// See api_model. @pre Constructed with a connector; as with the others below.
    void add(const fault& f);
    void kill_tokens();

    [[nodiscard]] std::uint64_t requests() const noexcept;
    [[nodiscard]] std::uint64_t connections() const noexcept;
    [[nodiscard]] std::vector<served> log() const;
    [[nodiscard]] std::vector<std::string> records() const;
    [[nodiscard]] std::uint64_t violations() const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace catena::testing
