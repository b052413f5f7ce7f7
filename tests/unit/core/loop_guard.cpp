#include "support/catch.hpp"
#include <catena/core/loop_guard.hpp>

#include <algorithm>

using namespace catena;

namespace {

identity token(std::uint64_t n) { return identity_of("t" + std::to_string(n)); }

}  // namespace

TEST_CASE("every circle is found at the page that closes it, or soon", "[P3]")
{
    for (const std::uint64_t start : {0u, 1u, 5u, 1000u, 1023u, 1024u, 1025u, 3000u}) {
        for (const std::uint64_t length : {1u, 2u, 7u, 1023u, 1024u, 1025u, 2000u, 5000u}) {
            CAPTURE(start, length);
            loop_guard guard;
            std::uint64_t page = 0;
            std::optional<std::uint64_t> before;
            for (;; ++page) {
                REQUIRE(page <= 3 * std::max(start, length) + 1);
                before = guard.closes(token(page < start ? page : start + (page - start) % length));
                if (before) break;
            }
            CHECK(page >= start + length);
            if (length <= loop_guard::remembered) CHECK(page == start + length);
            CHECK((page - *before) % length == 0);
            CHECK(*before >= start);
        }
    }
}

TEST_CASE("a walk without a circle is never reported", "[P3]")
{
    loop_guard guard;
    for (std::uint64_t i = 0; i < 20'000; ++i)
        REQUIRE_FALSE(guard.closes(token(i)));
    CHECK(guard.seen() == 20'000);
}
