// layer: core
#pragma once

#include <catena/connector.hpp>
#include <catena/core/page_print.hpp>
#include <catena/core/position.hpp>
#include <catena/core/quota_signal.hpp>
#include <catena/core/redirect.hpp>
#include <catena/core/time.hpp>
#include <catena/error.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/// What stands where a token is expected.
enum class presence : unsigned char {
    missing,
    null,
    empty,  ///< An empty string.
    given,
    unusable,  ///< Of a kind that cannot be a token there: `true`, or an array for a URL.
};

/// What was found where `next.from[i]` points. For a counter nothing is found; leave the default.
struct token_fact {
    presence is = presence::missing;
    value token;  ///< Meaningful when `given`. A next URL is already resolved and absolute.
    bool same_request = false;  ///< It leads to the very request that was just answered.
};

/// What the declared boolean flag says about more pages.
enum class flag_fact : unsigned char {
    undeclared,  ///< The connector names no flag.
    more,
    end,
    unreadable,  ///< Declared and there, but no boolean: no other sign of an end may overrule it.
    missing,     ///< Declared, but absent or null.
};

/// One field of one record's key, as views into the page's body.
struct key_view {
    json_kind kind = json_kind::null;
    bool present = false;
    bool escaped = false;   ///< `text` still holds JSON escapes.
    std::string_view text;  ///< A string without its quotes; else the value's octets.
};

/** What one answer says, in the core's words. The codec makes it, chain_machine reads it.

    Views are into the body and must outlive the call that takes these facts.
*/
struct page_facts {
    enum class answer {
        page,    ///< A page that could be read.
        end,     ///< An answer that the connector declares to be the end (`status`).
        moved,   ///< The page is elsewhere; `redirected` says where.
        failed,  ///< Anything else; `failed_as` and `code` say what.
    };

    answer is = answer::page;
    int status = 200;
    std::optional<duration> retry_after;    ///< From now. Also on good pages.
    std::vector<quota_signal> quotas;       ///< What the answer tells of the server's limits.
    std::vector<other_limit> other_limits;  ///< And of those that are not of requests.

    redirect redirected;  ///< Of a `moved` answer.

    // A failed answer
    error_class failed_as = error_class::fatal;
    error_code code;      ///< What to report if this is final.
    std::string said;     ///< The server's words, shortened and made printable.
    std::string pointer;  ///< JSON Pointer or header concerned.
    std::string mend;     ///< What to change, where that is known; else the machine knows.
    std::optional<std::size_t> octet;  ///< Position in the body, for a body that cannot be read.
    std::optional<value> fresh_token;  ///< For recovery_rule::method::token_from.

    // A page
    std::vector<token_fact> tokens;  ///< One for each of the connector's next.from.
    flag_fact flag = flag_fact::undeclared;
    std::string flag_at;
    bool end_sign = false;               ///< A declared end of kind `sign` holds.
    std::optional<std::uint64_t> total;  ///< Readable and not negative.
    std::uint64_t records = 0;
    std::span<const key_view> keys;  ///< records * connector.key.size() fields, record by record.
    page_print print;
    /// Members near the tokens' place that look like a token and are not declared: JSON Pointers.
    /// Looked for only when a token is absent.
    std::vector<std::string> lookalikes;
};

}  // namespace catena
