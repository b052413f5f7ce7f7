// layer: testing
#pragma once

#include <catena/connector.hpp>
#include <catena/core/http.hpp>
#include <catena/core/time.hpp>
#include <catena/testing/behaviour.hpp>
#include <catena/testing/dataset.hpp>
#include <catena/testing/scripted_answer.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace catena::testing {

/// One line of a server's log.
struct served {
    std::uint64_t number = 0;  ///< From 0.
    time_point at{};
    std::string method, target;
    int status = 0;
    std::uint64_t connection = 0;            ///< As the arrival said.
    std::uint64_t session = 0;               ///< From 1; 0: none.
    std::uint64_t chain = 0;                 ///< 0: the contract's tokens do not say.
    std::uint64_t page = 0;                  ///< From 0.
    std::optional<std::uint64_t> first_row;  ///< Where the page begins in the dataset.
    std::uint64_t records = 0;
    bool tokens_alone = false;  ///< Asked for as the connector's `discovery` says.
    std::string why;            ///< For a refusal or a fault: what it was.
};

/** A server under any connector's contract, without a socket or a clock.

    Reads tokens where `next.to` says and writes them where `next.from` says; shows ends, totals and
    expired tokens as declared; serves the page size, the bounds of rebuilt queries, the filters of
    `range` (which every request of a walk must carry) and the rate policies; answers requests that
    carry the query and headers of `discovery` without records. What breaks the
   contract is answered 400 with the reason: a token that is not octet for octet the one given, a
   parameter that should have stayed away or is lost, another method or path.

    A token of another session, or of one that is forgotten, is answered as an expired one, or 400
    where the connector declares no sign of expiry. A request without a token and without a session
    begins one; so does one with a dead token if the answer carries a fresh token. A session's
    cookie is set by the first answer in it.

    Tokens carry their meaning under a checksum, so the model needs no memory of them.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class api_model {
public:
    /// @param rows In the order in which the server lists them.
    api_model(connector c, std::vector<row> rows, behaviour b = {});
    ~api_model();
    api_model(api_model&&) noexcept;
    api_model& operator=(api_model&&) noexcept;

    /// @throws std::invalid_argument if sessions are connections and `how` tells none.
    [[nodiscard]] scripted_answer answer(const http_request& ask, const arrival& how);

    /// Every token given so far is dead.
    void kill_tokens();
    /// One more fault. Its requests are counted from the first of all.
    void add(const fault& f);
    /// A record appears where the order puts it, or at the end where there is no order.
    void insert(row r);
    /// The record with that text disappears. @return Whether there was one.
    bool erase(const std::string& json);

    /// What a complete walk delivers, in order.
    [[nodiscard]] std::vector<std::string> records() const;
    [[nodiscard]] const std::vector<served>& log() const noexcept;
    /// Requests that broke the rate policies.
    [[nodiscard]] std::uint64_t violations() const noexcept;
    [[nodiscard]] const connector& contract() const noexcept;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace catena::testing
