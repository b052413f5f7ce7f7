// layer: core
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace catena {

/// One answer's word that the page is elsewhere (RFC 9110, section 15.4).
struct redirect {
    int status = 0;    ///< 301, 302, 303, 307 or 308.
    std::string from;  ///< The absolute URL that was asked.
    std::string to;    ///< Absolute, and allowed by the origin policy.

    /// It holds for later requests too.
    [[nodiscard]] bool permanent() const noexcept { return status == 301 || status == 308; }
};

/** The redirects on the way to one page: whether one more is followed.

    @par Guarantee
    At most `most` requests follow the first one, each for a URL not asked before on this trail,
    and all with the method and body of the first.
*/
class redirect_trail {
public:
    enum class verdict {
        follow,
        other_query,  ///< 301, 302 and 303 turn other methods than GET and HEAD into a GET.
        loop,         ///< It leads to a URL that was asked on this trail.
        too_many,
    };

    /// An answer to a request with `method` redirects. After `follow`, to() is what it leads to.
    [[nodiscard]] verdict decide(std::string_view method, const redirect& r, std::uint32_t most);

    /// Some step of it holds for this one request only: what answers there is not the page's place.
    [[nodiscard]] bool passing() const noexcept { return passing_; }

    /// Where the page is to be asked for; empty: where it was from the beginning.
    [[nodiscard]] const std::string& to() const noexcept;

private:
    std::vector<std::string> asked_;  // the last one is where it leads now
    bool passing_ = false;
};

/** Permanent redirects of one run: what was moved is asked for at its new place at once.

    Remembers origins and paths, and only where the new URL has the old one's query: else the query
    belongs to that page alone. Holds at most 64 of them; later ones are not remembered.

    @par Thread safety
    Distinct objects: safe. Shared objects: unsafe.
*/
class redirect_memory {
public:
    /// `r` was followed. Without effect unless it is permanent.
    void note(const redirect& r);

    /// Where `url` has moved to; empty: it has not.
    [[nodiscard]] std::string moved(std::string_view url) const;

    [[nodiscard]] std::size_t size() const noexcept { return places_.size(); }

private:
    std::map<std::string, std::string, std::less<>> places_;
};

}  // namespace catena
