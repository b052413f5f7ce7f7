#pragma once

#include "ui/gauges.hpp"
#include "ui/server.hpp"
#include "words.hpp"
#include <catena/core/time.hpp>
#include <catena/job.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <optional>
#include <string>

namespace command {

[[nodiscard]] catena::time_point moment();

/// What a run shows of itself while it goes on and afterwards: `--ui` and `--ui-report`.
class live_view {
public:
    /// @throws std::invalid_argument where the words name no port or no file that could be written.
    live_view(const run_words& words, std::string name);

    /// Null where nobody wants to see anything.
    [[nodiscard]] ui::gauges* gauges() { return gauges_ ? &*gauges_ : nullptr; }

    /** Begin to serve, if that is wanted. @return What to tell of it; else empty.

        @param of Must outlive stop().
        @throws std::invalid_argument where the port cannot be had.
    */
    [[nodiscard]] std::string serve(boost::asio::any_io_executor ex, const catena::job& of);
    [[nodiscard]] bool serves() const noexcept { return server_.has_value(); }

    /// To be called a few times a second.
    void look(const catena::job& of);

    /// The run is over.
    void end(const catena::job& of, std::string outcome);
    /// Write the page as a file, if that is wanted. @pre end() was called. @throws disk_failure
    void report() const;
    /// Let open pages have the end. @pre serves(). @param done As of ui::server::finish().
    void finish(std::function<void()> done);
    void stop();

private:
    std::uint16_t port_ = 0;
    bool wants_page_ = false;
    std::string report_;
    std::optional<ui::gauges> gauges_;
    std::optional<ui::server> server_;
};

}  // namespace command
