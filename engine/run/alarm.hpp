#pragma once

#include <catena/core/time.hpp>
#include <catena/net/timekeeper.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <map>
#include <memory>
#include <optional>

namespace catena {

/** Wakes any number of sleepers with one wait of the timekeeper.

    A chain that waits costs a map node here and no timer.
*/
class alarm : public std::enable_shared_from_this<alarm> {
public:
    /// Derive from it and be woken. Must be cancelled before it is destroyed.
    class sleeper {
    public:
        virtual void wake() = 0;

    protected:
        ~sleeper() = default;

    private:
        friend class alarm;
        std::optional<std::multimap<time_point, sleeper*>::iterator> place_;
    };

    explicit alarm(timekeeper& clock) : clock_(clock) {}

    /// Wake `s` at `t` or soon after, from the executor. Replaces its earlier moment.
    void set(sleeper& s, time_point t);
    void cancel(sleeper& s) noexcept;

    /// Wake nobody any more, and end the wait.
    void stop();

private:
    void arm();
    void disarm() noexcept;
    void on_time(std::uint64_t round, error_code ec);

    timekeeper& clock_;
    std::multimap<time_point, sleeper*> sleepers_;
    std::optional<time_point> armed_;
    boost::asio::cancellation_signal disarm_;
    std::uint64_t round_ = 0;  // of the wait that counts
    bool stopped_ = false;
};

}  // namespace catena
