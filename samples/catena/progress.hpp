#pragma once

#include <catena/core/limits_rule.hpp>
#include <catena/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace command {

/// Records a second, smoothed over about ten seconds, so that it can be read.
class pace {
public:
    /// @param records So far, of whatever runs; only what is added counts.
    void on_count(std::uint64_t records, catena::time_point now);
    /// Nothing until a second has been seen.
    [[nodiscard]] std::optional<double> a_second() const noexcept;

private:
    std::optional<catena::time_point> since_;
    std::uint64_t last_ = 0;
    catena::duration seen_{};
    double rate_ = 0;
};

/// How a budget that a connector declares is used.
struct budget_use {
    std::uint64_t in_flight = 0;             ///< Requests that have no answer yet.
    std::uint64_t most_in_flight = 0;        ///< 0: not declared.
    std::optional<double> a_second;          ///< Requests.
    std::optional<double> allowed_a_second;  ///< By the strictest policy; nothing: none declared.
};

/// The requests a second that all of a connector's policies allow in the long run.
[[nodiscard]] std::optional<double> allowed_a_second(const catena::limits_rule& limits);

/// What a progress line tells.
struct progress {
    bool begun = true;                   ///< Else nobody knows yet how many records are there.
    std::uint64_t records = 0;           ///< Safe, of all runs.
    std::optional<std::uint64_t> total;  ///< Only where the server has declared one.
    std::optional<double> a_second;
    std::uint64_t chains = 0, ended = 0;
    budget_use budget;
    std::uint64_t recoveries = 0, retries = 0;
    std::optional<catena::duration> hold;  ///< The server has asked for a pause: what is left.
};

/// One line without a control character: at most `width` columns, the most telling parts first.
[[nodiscard]] std::string to_line(const progress& p, std::size_t width);

/// "1,234,567".
[[nodiscard]] std::string in_groups(std::uint64_t n);

/// "1 record", "1,234 records".
[[nodiscard]] std::string counted(std::uint64_t n, const char* one, const char* many);

/// "4 s", "3 min 20 s", "2 h 5 min": two units at most, rounded up.
[[nodiscard]] std::string in_words(catena::duration d);

}  // namespace command
