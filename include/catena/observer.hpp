// layer: core
#pragma once

#include <catena/core/notice.hpp>
#include <catena/core/time.hpp>
#include <catena/diagnostics.hpp>

#include <cstdint>
#include <string_view>

namespace catena {

/// Which chain of an engine an event speaks of; unique in one engine, from 1.
enum class chain_id : std::uint64_t {};

/** Told what happens, as it happens. For logs, metrics and progress.

    Derive and override what you need. Calls come on the engine's executor, one at a time, and
    should be short. They may start and cancel calls and destroy chains, but not the engine. An
   exception that leaves one is swallowed and counted (engine::observer_failures()): watching must
   not change the run. No text given here holds a secret or a cursor.

    @par Lifetime
    Must outlive the engine. Views are valid during the call.
*/
class observer {
public:
    virtual ~observer() = default;

    struct request_sent {
        chain_id chain;
        std::uint64_t page;
        std::uint32_t attempt;
        std::string_view method, origin, target;  ///< Target with secrets and cursors struck out.
    };
    virtual void on_request(const request_sent&) {}

    struct answer_received {
        chain_id chain;
        std::uint64_t page;
        int status;  ///< 0: no answer came; see `ec`.
        error_code ec;
        std::uint64_t octets;  ///< As received.
        duration took;         ///< From the grant of the budget to the end of the body.
        bool reused_connection;
    };
    virtual void on_answer(const answer_received&) {}

    struct page_delivered {
        chain_id chain;
        std::uint64_t page, records, dropped;
        bool last;
    };
    virtual void on_page(const page_delivered&) {}

    /// A retry, a recovery, a change of the server's habits; see notice::kind.
    virtual void on_notice(chain_id, std::uint64_t /*page*/, const notice&) {}

    struct budget_held {
        std::string_view origin;
        duration span;  ///< From now.
    };
    virtual void on_hold(const budget_held&) {}

    struct chain_ended {
        chain_id chain;
        std::uint64_t pages, records, rebuilds;
    };
    virtual void on_end(const chain_ended&) {}

    virtual void on_failure(chain_id, const diagnostics&) {}
};

}  // namespace catena
