// layer: testing
#pragma once

#include <catena/connector.hpp>
#include <catena/core/position.hpp>
#include <catena/core/time.hpp>
#include <catena/testing/calendar.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace catena::testing {

/// Something that an api_model does wrong, and when.
struct fault {
    enum class kind {
        status,           ///< Answers `status` with `text` for a body.
        error_in_page,    ///< 200, and an error object in place of the page.
        html_page,        ///< 200, and a gateway's HTML.
        cut_json,         ///< The page's first half, as if it were all.
        records_missing,  ///< The page without its records.
        silent_cap,       ///< At most `size` records, whatever was asked for.
        empty_page,       ///< No records, and a token for the same place.
        records_swapped,  ///< The page's records in reverse order.
        renamed_token,    ///< The token under a name that nobody declared.
        duplicate_token,  ///< The token's member twice, with two values.
        same_token,       ///< The token that was just sent.
        token_cycle,      ///< Tokens come round after `size` pages.
        page_again,       ///< The page before, under a new token.
        cursor_ignored,   ///< The first page, whatever token was sent.
        dead_token,       ///< The token is answered as an expired one.
        flag_lies,        ///< Every declared flag says the opposite.
        total_lies,       ///< The declared total is `size` too high.
        session_lost,     ///< Every session begun so far is forgotten before the request is read.
        redirect,         ///< Answers `status` and a Location that serves the same page.
    };
    enum class counted {
        requests,  ///< From request `at` on, `times` requests.
        pages,     ///< The first `times` requests for page `at`.
    };
    static constexpr std::uint64_t always = std::numeric_limits<std::uint64_t>::max();

    fault(kind k, std::uint64_t number, std::uint64_t n = 1, counted c = counted::requests)
        : what(k), at(number), times(n), by(c)
    {
    }
    /// An answer with that status to request `number`.
    static fault answer(int status, std::uint64_t number, std::uint64_t n = 1)
    {
        fault f(kind::status, number, n);
        f.status = status;
        return f;
    }
    /// Request `number` and the `n - 1` that follow are redirected with that status.
    static fault redirected(int status, std::uint64_t number, std::uint64_t n = 1)
    {
        fault f(kind::redirect, number, n);
        f.status = status;
        return f;
    }

    kind what;
    std::uint64_t at;  ///< Counted from 0.
    std::uint64_t times;
    counted by;
    int status = 503;
    std::uint64_t size = 2;
    std::string text;                     ///< The body; empty: one that fits.
    std::optional<duration> retry_after;  ///< Beside `status`.
    bool as_date = false;                 ///< `retry_after` is said as an HTTP-date.
};

/// How a server that keeps a connector's contract behaves where the contract leaves room.
struct behaviour {
    enum class url_form { absolute, path, query };  ///< "http://h/p?q", "/p?q", "?q".
    /// With what a token is good. Counters and records' keys are good with anything.
    enum class session_kind {
        none,        ///< With anything.
        cookie,      ///< With the cookie of the session in which it was given.
        connection,  ///< On the connection on which it was given.
    };

    /// How rate policies are counted.
    enum class window_kind {
        bucket,   ///< As a bucket of `burst` that refills evenly.
        sliding,  ///< In any span of `per`.
        fixed,    ///< In spans of `per` that begin at its multiples on the timeline.
    };
    /// The header fields in which every answer tells of the policies.
    enum class limit_words {
        none,
        draft,        ///< RateLimit and RateLimit-Policy, each policy by name.
        x_ratelimit,  ///< X-RateLimit-*, in seconds to go, of the policy with the least left.
    };

    /// What a server does with the filters of the connector's `range`.
    enum class filter_kind {
        as_declared,
        both_inclusive,
        both_exclusive,
        upper_ignored,
        ignored,
    };

    /// What a server does where a query reaches past its result window.
    enum class window_end {
        refuses,  ///< 400 to a request that could show a record behind it.
        stops,    ///< Shows the declared end, as if there were no more.
    };

    behaviour() {}

    std::uint64_t page_size = 100;      ///< Where the request asks for none.
    std::uint64_t largest_page = 1000;  ///< More is cut to this without a word.
    /// A request for more records than this is answered `heavy_status`, and nothing else.
    std::uint64_t heavy_page = std::numeric_limits<std::uint64_t>::max();
    int heavy_status = 504;
    json_kind token = json_kind::string;   ///< Or number (of 221 digits), or object.
    std::string awkward = "+/=%&?#";       ///< Begins and ends tokens of text.
    std::string url_parameter = "cursor";  ///< Carries the token in a next URL.
    url_form urls = url_form::absolute;
    bool tokens_first = false;       ///< Token, flags and totals stand before the records.
    bool steady_tokens = false;      ///< A page always gives the same token; `token_life` is 0.
    bool ignores_discovery = false;  ///< Requests for tokens alone are answered with records too.
    std::size_t end_by = 0;          ///< Which of the connector's ends shows in the last token.
    bool token_after_end = false;    ///< A last page that is told by a flag or a total has one too.

    session_kind session = session_kind::none;
    std::string session_cookie = "session";  ///< What its cookie is called.

    filter_kind filters = filter_kind::as_declared;

    std::uint64_t result_window = 0;  ///< Records that one query shows; 0: all.
    window_end past_window = window_end::refuses;
    bool window_caps_total = false;  ///< The total counts no further than the window.

    duration token_life{};              ///< 0: for ever. Counted as the connector's expiry says.
    bool enforce_limits = false;        ///< 429 above the policies.
    std::vector<rate_policy> policies;  ///< Empty: the connector's.
    window_kind windows = window_kind::bucket;
    limit_words tells = limit_words::none;
    bool limits_as_date = false;          ///< Retry-After as an HTTP-date.
    wall_time calendar = calendar_start;  ///< When the timeline stands at zero.

    std::vector<fault> faults;
};

}  // namespace catena::testing
