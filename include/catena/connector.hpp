// layer: core
#pragma once

#include <catena/core/answer_rule.hpp>
#include <catena/core/auth_rule.hpp>
#include <catena/core/discovery_rule.hpp>
#include <catena/core/limits_rule.hpp>
#include <catena/core/page_size_rule.hpp>
#include <catena/core/range_rule.hpp>
#include <catena/core/request_rule.hpp>
#include <catena/core/session_rule.hpp>
#include <catena/core/time.hpp>
#include <catena/secret.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace catena {

/* A connector describes one paginated endpoint, as data. docs/connectors.md explains each member
   with its JSON spelling; load_connector() reads that JSON.

   Every type here has constructors of its own. That is deliberate: g++ 12 destroys a braced
   aggregate twice when it is written inside a co_await expression, and a class with a declared
   constructor is safe there.
*/

/// How pages are written. Requests' bodies and failed answers are JSON, or XML with `xml`.
enum class page_format {
    json,
    /// XML: "/a/b" is the element b in the root element a, "/a/b/@c" its attribute c; namespaces
    /// do not count. Records are all elements at their place; all values are texts.
    xml,
    /// Each line is a JSON value and a record; nothing stands beside them. Tokens come from
    /// headers, links, the last record or a counter.
    json_lines,
};

/// Where the records stand.
struct records_rule {
    enum class shape { array, map };      ///< In a map every member's value is a record.
    enum class absence { error, empty };  ///< What a missing or null place means.

    records_rule() {}
    explicit records_rule(std::string pointer) : at(std::move(pointer)) {}

    std::string at;  ///< JSON Pointer; "" is the document itself.
    shape as = shape::array;
    absence when_absent = absence::error;

    friend bool operator==(const records_rule&, const records_rule&) = default;
};

enum class key_type {
    automatic,  ///< Numbers by value, strings by octets; the first record decides which.
    number,     ///< By decimal value, also when written as a string ("99" before "100").
    text,       ///< By octets, numbers by their digits as written.
};

/// One field of the key by which records are identified and, if ordered, sorted.
struct key_field {
    key_field() {}
    key_field(std::string pointer,
              key_type t = key_type::automatic)  // NOLINT: a pointer is a field
        : at(std::move(pointer)), type(t)
    {
    }

    std::string at;  ///< JSON Pointer, relative to the record.
    key_type type = key_type::automatic;

    friend bool operator==(const key_field&, const key_field&) = default;
};

enum class order { none, ascending, descending };

/// How a chain is known to be complete. Nothing else ever ends one.
struct end_rule {
    enum class kind {
        missing,       ///< The token's place is not there.
        null,          ///< The token is JSON null.
        empty_string,  ///< The token is "".
        empty_page,    ///< The page has no records.
        short_page,    ///< The page has fewer records than pages of this chain hold.
        same_token,    ///< The token is the one that was just sent.
        total,         ///< As many records (or pages) as the declared total have come.
        flag_false,    ///< The boolean at `at` is false. It must be there on every page.
        flag_true,     ///< The boolean at `at` is true. It must be there on every page.
        sign,          ///< `when` holds.
    };

    end_rule() {}
    end_rule(kind k) : what(k) {}  // NOLINT: most ends are just their name
    end_rule(kind k, std::string pointer) : what(k), at(std::move(pointer)) {}

    kind what = kind::missing;
    std::string at;
    sign when;

    friend bool operator==(const end_rule&, const end_rule&) = default;
};

/// How the next page is asked for.
struct next_rule {
    next_rule() {}

    std::vector<token_source> from;  ///< One or more tokens.
    std::vector<token_target> to;    ///< As many, in the same order.
    std::vector<std::string> drop;   ///< Query parameters of the first request only.
    bool exclusive = false;  ///< A page with a token carries no query parameter but the token ...
    std::vector<std::string> keep;  ///< ... and these.
    bool inclusive = false;   ///< The next page begins with the last record again; it is dropped.
    bool single_use = false;  ///< A token works once: after a failure the query is rebuilt.
    bool may_repeat = false;  ///< One token serves the whole walk (scrolls): pages are counted.
    std::vector<std::string> ignore;  ///< Members that look like a token and are none.

    friend bool operator==(const next_rule&, const next_rule&) = default;
};

/// The number of records (or pages) that the server claims.
struct total_rule {
    enum class place { body, header };
    enum class unit { records, pages };

    total_rule() {}

    place from = place::body;
    std::string at;
    unit counts = unit::records;

    friend bool operator==(const total_rule&, const total_rule&) = default;
};

/// A result window: the server refuses to go further than this in one query.
struct window_rule {
    enum class action {
        rebuild,  ///< A new query asks for what follows the last key.
        split,    ///< A job divides the range until no query reaches the window.
        stop,  ///< The walk ends there with errc::window_reached: of `split`, what within() makes.
    };

    window_rule() {}

    std::uint64_t records = 0;  ///< 0: none known.
    action past = action::rebuild;

    friend bool operator==(const window_rule&, const window_rule&) = default;
};

/// What to do when a token has died.
struct recovery_rule {
    enum class method {
        fail,        ///< Stop with a resumable error.
        rebuild,     ///< Ask anew for what follows the last key.
        rescan,      ///< Start over and skip what was delivered. Needs a key.
        token_from,  ///< The error's body carries a fresh token at `at`.
    };
    enum class bound { inclusive, exclusive };

    recovery_rule() {}

    method by = method::fail;
    std::vector<token_target> to;  ///< Rebuild: one for each leading key field.
    bound includes = bound::exclusive;
    std::string at;  ///< token_from: JSON Pointer in the error's body.

    friend bool operator==(const recovery_rule&, const recovery_rule&) = default;
};

/// When a token dies and how to go on.
struct expiry_rule {
    enum class clock {
        token,  ///< Counts from the page that gave the token.
        chain,  ///< Counts from the first page of the query.
        idle,   ///< Counts from the last request.
    };

    expiry_rule() {}

    /// Answers that mean "this token is dead". Without any, 410 is taken as one.
    std::vector<sign> signs;
    duration ttl{};  ///< 0: unknown.
    clock counts = clock::token;
    recovery_rule recover;

    friend bool operator==(const expiry_rule&, const expiry_rule&) = default;
};

/** One paginated endpoint, described as data.

    A default-constructed connector is not usable: it needs at least `request.url`, `next` and
    `end`. @ref validate says what is wrong with one.

    @par Thread safety
    Distinct objects: safe. Shared objects: safe for reading.
*/
struct connector {
    connector() {}
    connector(std::string title, std::string url) : name(std::move(title))
    {
        request.url = std::move(url);
    }

    std::string name;
    request_rule request;
    page_format format = page_format::json;
    records_rule records;
    std::vector<key_field> key;
    order sorted = order::none;
    bool ties = false;  ///< Several records may share the leading key fields.
    page_size_rule page_size;
    next_rule next;
    std::vector<end_rule> end;
    std::optional<token_source> self;  ///< Where each page repeats the URL that it answers.
    std::optional<total_rule> total;
    window_rule window;
    std::vector<range_rule> range;  ///< By which a query can be cut into parts: see within().
    std::optional<discovery_rule> discovery;  ///< How a job finds tokens without records.
    expiry_rule expiry;
    std::vector<error_rule> errors;
    limits_rule limits;
    auth_rule auth;
    session_rule session;
    std::vector<std::string> origins;  ///< Others that a server may lead to, "https://host".

    friend bool operator==(const connector&, const connector&) = default;
};

/// A flaw of a connector: where (JSON Pointer into its JSON form), what, and how to mend it.
struct connector_flaw {
    std::string pointer, what, mend;
};

/// Every contradiction or gap in `c`; empty when it can be walked.
[[nodiscard]] std::vector<connector_flaw> validate(const connector& c);

/** Identity of what a connector asks for and how it is read: 16 hexadecimal digits.

    Changes when a change of the connector could make a checkpoint unsafe. Secrets, limits and the
    name do not count, nor does the session, which no checkpoint holds, nor `range` and
    `discovery`, which no walk uses: a part of the dataset, and a walk of tokens alone, are asked
    for by connectors of their own.
*/
[[nodiscard]] std::string fingerprint(const connector& c);

}  // namespace catena
