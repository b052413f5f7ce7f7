#include "support/catch.hpp"
#include <catena/diagnostics.hpp>
#include <catena/store/sqlite_store.hpp>

namespace catena {

TEST_CASE("a build without SQLite says so", "[store]")
{
    try {
        const sqlite_store s("s.db");
        FAIL("opened");
    } catch (const failure& f) {
        CHECK(f.code() == errc::store_refused);
        CHECK_THAT(f.why().mend, Catch::Contains("libsqlite3-dev"));
    }
}

}  // namespace catena
