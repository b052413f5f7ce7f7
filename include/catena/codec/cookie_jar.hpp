// layer: codec
#pragma once

#include <catena/core/http.hpp>
#include <catena/core/time.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/// What a cookie_jar holds at most. What is beyond is ignored and counted.
struct cookie_limits {
    cookie_limits() {}

    std::size_t cookies = 50;
    std::size_t octets = 4096;  ///< Of one cookie's name and value.
};

/** The cookies of one session, as a user agent keeps them (RFC 6265bis, section 5).

    A cookie for another domain, for a public suffix or with a control character is ignored, and so
    is one that breaks the rule of its prefix (`__Host-`, `__Secure-`), or that came without TLS and
    is Secure or would hide one that is. Addresses have cookies for themselves only. Without libpsl
    at build, a suffix is public if it is one label.

    @par Guarantee
    No more than cookie_limits allow is kept, whatever servers send. What header() gives holds no
    octet that could split a request.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class cookie_jar {
public:
    explicit cookie_jar(const cookie_limits& l = cookie_limits()) : limits_(l) {}

    /** An answer came with this Set-Cookie field.

        @param from   Origin that was asked.
        @param target Path and query that were asked.
        @return Whether it was taken: kept, or used to remove a cookie.
    */
    bool take(const origin& from, std::string_view target, std::string_view field, wall_time now);

    /// The value of the Cookie field of a request; empty: it has none.
    [[nodiscard]] std::string header(const origin& to, std::string_view target,
                                     wall_time now) const;

    /// Forget all cookies.
    void clear() noexcept { kept_.clear(); }

    /// All values. None of them may stand in a message.
    [[nodiscard]] std::vector<std::string> values() const;

    [[nodiscard]] std::size_t size() const noexcept { return kept_.size(); }
    /// How many cookies were ignored, for whatever reason.
    [[nodiscard]] std::uint64_t ignored() const noexcept { return ignored_; }

private:
    struct cookie {
        std::string name, value, domain, path;
        wall_time until;
        std::uint64_t number;  // in the order of creation
        bool host_only, secure;
    };

    [[nodiscard]] bool keep(cookie c, wall_time now, bool tls);
    [[nodiscard]] bool hides_secure(const cookie& c) const;

    cookie_limits limits_;
    std::vector<cookie> kept_;
    std::uint64_t created_ = 0, ignored_ = 0;
};

}  // namespace catena
