#pragma once

#include "run/alarm.hpp"
#include "run/gate.hpp"
#include <catena/codec/token_exchange.hpp>
#include <catena/core/auth_rule.hpp>
#include <catena/core/credential.hpp>
#include <catena/core/credential_life.hpp>
#include <catena/credentials.hpp>
#include <catena/net/transport.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catena {

struct engine_options;

/** Has one credential ready for all chains that use it, and renews it for all at once.

    A fetch that was begun is ended by its answer, its time limit or the engine's end, not by the
    chains that wait for it: a token server may have given its last refresh token away.
*/
class credential_source final : public std::enable_shared_from_this<credential_source>,
                                gate::waiter,
                                alarm::sleeper,
                                response_receiver {
public:
    /// Derive from it and be told. Must withdraw before it is destroyed.
    class waiter {
    public:
        /// There is one now; ask again.
        virtual void proven() = 0;
        virtual void not_proven(error_code ec, const std::string& why) = 0;

    protected:
        ~waiter() = default;

    private:
        friend class credential_source;
        std::optional<std::list<waiter*>::iterator> place_;
    };

    /// What it works with. All outlive stop().
    struct services {
        boost::asio::any_io_executor executor;
        transport* wire;
        timekeeper* clock;
        std::shared_ptr<alarm> wakes;
        const engine_options* options;
        std::shared_ptr<gate> queue;  // of the token server; null where there is none
    };

    credential_source(const auth_rule& rule, std::string connector,
                      std::optional<token_exchange> tokens, services s);

    /// Whether there is a good credential. If not, `w` is told later, never inside this call.
    [[nodiscard]] bool ask(waiter& w);
    void withdraw(waiter& w) noexcept;

    /// What generation() proved was refused by the API.
    void refused(std::uint64_t generation) noexcept;

    [[nodiscard]] bool good() const noexcept;
    [[nodiscard]] std::uint64_t generation() const noexcept { return life_.generation(); }
    [[nodiscard]] const credential& current() const noexcept { return current_; }

    /// What happened since the last call, in one sentence; mostly nothing.
    [[nodiscard]] std::string take_news() { return std::exchange(news_, {}); }

    /// Fetch nothing any more, and tell nobody.
    void stop() noexcept;

private:
    void begin();
    void look_up();
    void ask_provider();
    void granted(const budget::permit& p) override;
    void send();
    void heed_retry_after();
    void held(time_point) override {}
    void wake() override;
    error_code on_head(const response_head& head) override;
    error_code on_body(std::string_view octets) override;
    void on_answer(std::uint64_t round, error_code ec, const exchange_report& report);
    void on_given(std::uint64_t round, error_code ec, credential given);
    void later(error_code ec, credential given);
    void take(credential given, const std::string& trouble = {});
    void fail(error_code ec, std::string why);
    void tell_failed();
    template <class Tell>
    void tell(Tell to);
    [[nodiscard]] std::string keep(const secret& refresh_token);
    void end_fetch() noexcept;

    auth_rule rule_;
    std::string connector_;
    std::string who_;  // in messages
    std::optional<token_exchange> tokens_;
    services world_;
    budget::share share_{};

    credential_life life_;
    credential current_;
    error_code failed_as_;
    std::string failed_why_;
    std::string news_;
    std::list<waiter*> waiting_;

    /// Where a provider's answer arrives, on any thread.
    struct mailbox {
        std::mutex mutex;
        bool closed = false;  // the executor's context may be gone
    };
    std::shared_ptr<mailbox> mail_ = std::make_shared<mailbox>();

    // Of the fetch under way
    std::shared_ptr<credential_source> self_;  // it stands in a queue, and at a clock
    std::uint64_t round_ = 0;
    boost::asio::cancellation_signal abort_;
    budget::permit permit_{};
    http_request request_;
    std::string body_;
    std::vector<header_field> times_;  // Retry-After and Date of the answer
    int status_ = 0;
    bool refused_ = false;  // the current one, by the API
    bool queued_ = false;
    bool stopped_ = false;
};

}  // namespace catena
