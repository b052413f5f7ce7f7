// layer: core
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace catena {

/// Where an answer shows one number of a quota.
struct signal_place {
    enum class place {
        header,  ///< The header field `at`.
        body,    ///< JSON Pointer `at` in the page.
    };

    signal_place() {}
    signal_place(place where, std::string name) : from(where), at(std::move(name)) {}

    place from = place::header;
    std::string at;

    friend bool operator==(const signal_place&, const signal_place&) = default;
};

/// How a moment or a length of time is written.
enum class time_form {
    by_size,             ///< Any of the others, told apart by its size; unsure ones count as none.
    seconds,             ///< From now, or long. A fraction is allowed here and below.
    milliseconds,        ///< From now, or long.
    epoch_seconds,       ///< Since 1970.
    epoch_milliseconds,  ///< Since 1970.
    date,                ///< An HTTP date, or ISO 8601 with its offset from UTC.
    text,                ///< With units: "1m30s", "120ms".
};

/// One quota that an answer shows in places of its own.
struct quota_rule {
    quota_rule() {}

    std::string name;  ///< Of the signal that is made; each quota of a connector has another.
    std::optional<signal_place> limit;      ///< Requests in one window.
    std::optional<signal_place> remaining;  ///< Requests left in the current one.
    std::optional<signal_place> used;    ///< With a limit: says what remains. May be "used/limit".
    std::optional<signal_place> reset;   ///< When the window begins anew.
    std::optional<signal_place> window;  ///< How long it is.
    time_form reset_as = time_form::by_size;
    time_form window_as = time_form::seconds;  ///< Seconds, milliseconds, text or by_size.

    friend bool operator==(const quota_rule&, const quota_rule&) = default;
};

/// How the answers of an API show its quotas.
struct signals_rule {
    signals_rule() {}

    std::vector<quota_rule> quotas;
    /// Read RateLimit, X-RateLimit-* and their kin too, but for fields named in `quotas`.
    bool known_fields = true;

    friend bool operator==(const signals_rule&, const signals_rule&) = default;
};

}  // namespace catena
