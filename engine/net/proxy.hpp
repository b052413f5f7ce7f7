#pragma once

#include "net/no_proxy.hpp"
#include <catena/core/http.hpp>
#include <catena/net/proxy_rules.hpp>
#include <catena/secret.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace catena::net {

/// One proxy, as its URL names it.
struct proxy {
    enum class protocol {
        http,
        socks5,   ///< Names are resolved here.
        socks5h,  ///< The proxy resolves them.
    };

    protocol speaks = protocol::http;
    origin at;  ///< Where it is; never with TLS.
    bool has_credentials = false;
    secret user, password;

    /// "the proxy host:port", without its credentials.
    [[nodiscard]] std::string named() const;

    /// What Proxy-Authorization says (RFC 7617). @pre has_credentials.
    [[nodiscard]] secret basic() const;
};

/** Read a proxy's URL.

    @param flaw Gets what is wrong with it; never a part of it, for that may be its password.
*/
[[nodiscard]] std::optional<proxy> parse_proxy(std::string_view url, std::string& flaw);

/** Which proxy leads to which origin, settled once.

    One origin has one answer for as long as this object lives. So connections that are kept by
    origin are kept by proxy, too.

    @par Thread safety
    Distinct objects: safe. Shared objects: safe, as nothing changes.
*/
class proxy_choice {
public:
    /// An environment variable, empty where there is none.
    using variables = std::function<std::string(const char* name)>;

    /// @throws std::invalid_argument `rules` cannot be read.
    proxy_choice(const proxy_rules& rules, const variables& ask);

    struct way {
        const proxy* through = nullptr;  ///< Null: go directly.
        std::string fault;  ///< Not empty: do not go; a variable cannot be read, and which.
    };
    [[nodiscard]] way to(const origin& o) const;

private:
    struct rule {
        std::optional<proxy> by;
        std::string fault;
    };

    void read_environment(const variables& ask);

    rule plain_, secure_;  // for http and https origins
    bypass_list direct_;
    bool loopback_too_ = false;
};

}  // namespace catena::net
