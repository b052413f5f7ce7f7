#pragma once

#include "codec/record_shape.hpp"
#include "net/context_watch.hpp"
#include "run/alarm.hpp"
#include "run/body_pool.hpp"
#include "run/credential_source.hpp"
#include "run/exchange_room.hpp"
#include "run/gate.hpp"
#include <catena/chain.hpp>
#include <catena/codec/page_reader.hpp>
#include <catena/codec/request_builder.hpp>
#include <catena/core/redirect.hpp>
#include <catena/engine.hpp>
#include <catena/net/timekeeper.hpp>
#include <catena/net/transport.hpp>
#include <catena/observer.hpp>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace catena {

/// A connector made ready: what all chains that walk it share.
struct prepared {
    std::shared_ptr<const connector> contract;
    std::shared_ptr<const checkpoint> beginning;  // of its fingerprint and nothing else
    std::shared_ptr<const page_contract> reading;
    request_builder building;
    std::shared_ptr<gate> queue;
    budget::share share;                       // in the queue's budget
    std::shared_ptr<credential_source> proof;  // null: fixed headers say all
    std::string origin;                        // for messages
    std::shared_ptr<redirect_memory> moved = std::make_shared<redirect_memory>();
    std::unique_ptr<codec::record_shape> shape = std::make_unique<codec::record_shape>();
};

struct engine::impl final : std::enable_shared_from_this<engine::impl>, net::context_bound {
    impl(boost::asio::any_io_executor ex, engine_options o);
    impl(boost::asio::any_io_executor ex, transport& w, timekeeper& c, engine_options o);

    /// Ends every outstanding call with operation_aborted and refuses new ones.
    void close();

    /// Drops every call and all that hangs on the context.
    void on_context_gone() override;

    [[nodiscard]] std::shared_ptr<const prepared> prepare(std::shared_ptr<const connector> c);
    [[nodiscard]] std::shared_ptr<gate> gate_of(const std::string& key);
    /// Ends the chains at `g` whose patience with a server that is down is over.
    void look_for_outage(const gate& g);
    /// A time from zero up to `most`.
    [[nodiscard]] duration chance(duration most) noexcept;
    [[nodiscard]] std::unique_ptr<exchange_room> lend_room(const prepared& p);
    void take_back(std::unique_ptr<exchange_room> room);

    template <class Call>
    void tell(Call&& call) noexcept
    {
        if (options.watch == nullptr) return;
        try {
            std::forward<Call>(call)(*options.watch);
        } catch (...) {
            ++observer_failures;
        }
    }

    [[nodiscard]] std::shared_ptr<credential_source> source_for(const connector& c,
                                                                const request_builder& building);
    [[nodiscard]] std::vector<std::weak_ptr<chain::impl>> outstanding() const;
    void release_world();

    boost::asio::any_io_executor executor;
    engine_options options;
    std::unique_ptr<transport> own_wire;
    std::unique_ptr<timekeeper> own_clock;
    transport* wire = nullptr;
    timekeeper* clock = nullptr;
    std::shared_ptr<alarm> wakes;

    std::map<std::string, std::shared_ptr<gate>> gates;  // by request_builder::budget_key
    std::map<std::string, std::weak_ptr<credential_source>> sources;  // equal ones are shared
    std::map<const connector*, std::weak_ptr<const prepared>> ready;
    std::vector<std::unique_ptr<exchange_room>> rooms;
    std::shared_ptr<body_pool> bodies = std::make_shared<body_pool>();
    std::unordered_set<chain::impl*> busy;  // chains with an outstanding call
    std::uint64_t last_chain = 0;
    std::uint64_t last_session = 0;
    duration shortest_outage = duration::max();  // that any chain ends for
    std::uint64_t seed = 0;
    std::uint64_t luck = 0;
    std::uint64_t observer_failures = 0;
    std::atomic<bool> closed = false;  // chains on other threads look at it
};

/// @throws std::invalid_argument that names each flaw.
void require_valid(const connector& c);

}  // namespace catena
