// layer: core
#pragma once

#include <catena/core/time.hpp>
#include <catena/error.hpp>

#include <boost/system/system_error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace catena {

/// Whether and when it makes sense to go on after a failure.
enum class advice {
    none,          ///< Going on would meet the same failure.
    retry,         ///< Ask again; the same request may succeed.
    resume,        ///< Start again from the checkpoint, as soon as the cause is mended.
    resume_after,  ///< Start again from the checkpoint, not before @ref diagnostics::retry_in.
};

/** The story of a failure, for people: what, where, what is safe, what to do.

    A value of plain fields. Texts that came from a server are shortened, have their control
    characters replaced, and never hold a secret or a cursor (a cursor shows as a short hash).

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
struct diagnostics {
    error_code code;   ///< The stable name of the failure.
    std::string what;  ///< One sentence: what happened.

    std::string connector;             ///< Name of the connector.
    std::uint64_t page = 0;            ///< Number of the page asked for, from 0.
    std::string request;               ///< Method and target, secrets and cursors struck out.
    std::uint32_t attempt = 0;         ///< Which attempt at that page this was, from 1.
    int status = 0;                    ///< HTTP status, 0 when none came.
    std::optional<std::size_t> octet;  ///< Position in the body, from 0.
    std::string pointer;               ///< JSON Pointer or header name concerned.

    std::uint64_t pages_delivered = 0;    ///< Pages handed out before this; they are safe.
    std::uint64_t records_delivered = 0;  ///< Records handed out before this; they are safe.
    std::string last_key;                 ///< Key of the last of them, as text; empty if none.

    advice next = advice::none;
    duration retry_in{};  ///< With @ref advice::resume_after: how long to wait, from the failure.
    std::string mend;     ///< What to change, naming the setting or connector field.

    /// All of it as a few lines of English, without a trailing newline.
    [[nodiscard]] std::string text() const;
};

/** What a failed operation throws when its caller asked for exceptions.

    Its `code()` is the error code and its `what()` is @ref diagnostics::text.
*/
class failure : public boost::system::system_error {
public:
    explicit failure(diagnostics why);

    /// The failure's story. Valid while this exception lives.
    [[nodiscard]] const diagnostics& why() const noexcept { return why_; }
    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

private:
    diagnostics why_;
    std::string text_;
};

}  // namespace catena
