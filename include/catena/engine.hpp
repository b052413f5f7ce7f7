// layer: run
#pragma once

#include <catena/codec/page_limits.hpp>
#include <catena/core/secret_lookup.hpp>
#include <catena/core/time.hpp>
#include <catena/net/http_transport.hpp>
#include <catena/net/proxy_rules.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace catena {

class credential_provider;
class observer;
class shared_budgets;
class timekeeper;
class transport;

/// What one engine is made of. Goes to constructors only.
struct engine_options {
    time_limits times;
    trust tls;
    pool_limits pool;
    intake_limits intake;
    proxy_rules proxies;
    page_limits pages;
    /// Where servers may lead. A connector's own origin is exempt if it is "localhost" or the very
    /// address, and so are `trusted_hosts`. Not for a transport of the caller's.
    address_rule addresses = address_rule::any;
    std::vector<std::string> trusted_hosts;
    std::uint64_t seed = 0;     ///< For jitter; 0: drawn from the system.
    observer* watch = nullptr;  ///< Must outlive the engine.
    secret_lookup secrets;      ///< Empty: environment and files of this process.
    std::string user_agent;     ///< Empty: "catena/VERSION".

    /// Asked by connectors whose `auth` names a provider.
    std::shared_ptr<credential_provider> credentials;
    duration credential_wait = std::chrono::minutes(1);  ///< For one fetch of a credential.
    /// Told each new refresh token of a connector before its access token is used. Without it a
    /// rotated one is lost with the run. Called on the engine's executor.
    std::function<void(const std::string& connector, const secret& token)> keep_refresh_token;
    /// Budgets that other engines keep too, on whatever thread; empty: this engine has its own.
    std::shared_ptr<shared_budgets> budgets;
};

/** What chains share on one executor: connections, budgets, the clock. Budgets can be shared with
    other engines too, see @ref shared_budgets.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe. All work is done on the given executor. Where
    an io_context is run by several threads, give a strand of it.

    @par Lifetime
    Chains may outlive it; their calls then end with `operation_aborted` or errc::invalid_state.
    The executor's context may be destroyed first: outstanding calls are then dropped unfinished.
*/
class engine {
public:
    explicit engine(boost::asio::any_io_executor ex, engine_options options = {});

    /** With a transport and a clock of the caller's: tests, simulations, other HTTP stacks.

        `wire` and `clock` must outlive the engine.
    */
    engine(boost::asio::any_io_executor ex, transport& wire, timekeeper& clock,
           engine_options options = {});

    engine(engine&&) noexcept;
    engine& operator=(engine&&) noexcept;
    ~engine();

    [[nodiscard]] boost::asio::any_io_executor get_executor() const noexcept;

    /// How many exceptions the observer threw.
    [[nodiscard]] std::uint64_t observer_failures() const noexcept;

    struct impl;

private:
    friend class chain;
    friend class job;
    std::shared_ptr<impl> impl_;
};

}  // namespace catena
