// layer: core
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace catena {

/// A test on an answer: every part that is set must hold.
struct sign {
    sign() {}

    std::optional<int> status;
    std::optional<std::string> header;  ///< This header is there (and matches, if a text is set).
    std::optional<std::string> body;    ///< This JSON Pointer is there (and matches).
    std::optional<std::string> equals;  ///< The place's text is this. Without a place: the body's.
    std::optional<std::string> contains;  ///< The place's text contains this, any case.

    friend bool operator==(const sign&, const sign&) = default;
};

/// What an error answer is.
enum class error_class {
    retry,    ///< Passing: try again with backoff.
    expired,  ///< The token is dead.
    auth,     ///< The credentials are not accepted.
    caller,   ///< The request is wrong and will stay wrong.
    fatal,    ///< Stop.
};

/// Gives an answer its class, above what its status says. The first rule that holds counts.
struct error_rule {
    error_rule() {}
    error_rule(sign s, error_class c) : when(std::move(s)), is(c) {}

    sign when;
    error_class is = error_class::fatal;

    friend bool operator==(const error_rule&, const error_rule&) = default;
};

}  // namespace catena
