#include "lint/layers.hpp"

#include "support/catch.hpp"

#include <string>

namespace catena::lint {

namespace {

tree small_house()
{
    return {
        {"include/catena/core/time.hpp", "// layer: core\n#include <chrono>\n"},
        {"include/catena/codec/scan.hpp", "// layer: codec\n#include <catena/core/time.hpp>\n"},
        {"include/catena/net/transport.hpp", "// layer: net\n#include <boost/asio/post.hpp>\n"},
        {"include/catena/net/tls.hpp", "// layer: net\n"},
        {"include/catena/store/store.hpp", "// layer: store\n"},
        {"include/catena/store/sqlite_store.hpp",
         "// layer: store\n#include <catena/store/store.hpp>\n"},
        {"engine/store/database.hpp", "#include <sqlite3.h>\n"},
        {"engine/testing/fake_store.cpp", "#include <catena/store/store.hpp>\n"},
        {"include/catena/chain.hpp", "// layer: run\n#include <catena/net/transport.hpp>\n"},
        {"engine/net/pool.hpp", "#include <catena/net/transport.hpp>\n#include <openssl/ssl.h>\n"},
        {"engine/codec/scan.cpp", "#include <boost/url/parse.hpp>\n"},
    };
}

}  // namespace

TEST_CASE("a small house in order has no findings", "[lint]")
{
    CHECK(to_text(check_layers(small_house())) == "");
}

TEST_CASE("a planted include that breaks the layers is found", "[lint]")
{
    struct row {
        const char* what;
        const char* path;
        const char* text;
        const char* found;
    };
    const row rows[] = {
        {"upward", "engine/net/a.cpp", "#include <catena/chain.hpp>\n",
         "net may not include catena/chain.hpp of run"},
        {"sideways", "engine/codec/a.cpp", "\n#include <catena/net/transport.hpp>\n",
         "codec may not include catena/net/transport.hpp of net"},
        {"sideways, private", "engine/codec/a.cpp", "#include \"net/pool.hpp\"\n",
         "codec may not include net/pool.hpp of net"},
        {"core and Asio", "engine/core/a.cpp", "#include <boost/asio/post.hpp>\n",
         "core may not include boost/asio/post.hpp"},
        {"core and threads", "engine/core/a.cpp", "#include <thread>\n",
         "core asks the world for nothing"},
        {"codec and files", "engine/codec/a.cpp", "#include <fstream>\n",
         "codec asks the world for nothing"},
        {"codec and sockets", "engine/codec/a.cpp", "#include <sys/socket.h>\n",
         "codec may not include sys/socket.h"},
        {"net and JSON", "engine/net/a.cpp", "#include <boost/json/value.hpp>\n",
         "net may not include boost/json/value.hpp"},
        {"run and OpenSSL", "engine/run/a.cpp", "#include <openssl/ssl.h>\n",
         "run may not include openssl/ssl.h"},
        {"OpenSSL in public", "include/catena/net/a.hpp",
         "// layer: net\n#include <openssl/ssl.h>\n",
         "a public header of net may not include openssl/ssl.h"},
        {"JSON in public", "include/catena/codec/a.hpp",
         "// layer: codec\n#include <boost/json/value.hpp>\n",
         "a public header of codec may not include boost/json/value.hpp"},
        {"private in public", "include/catena/net/a.hpp",
         "// layer: net\n#include \"net/pool.hpp\"\n", "includes the private net/pool.hpp"},
        {"private in a sample", "samples/1.cpp", "#include \"net/pool.hpp\"\n",
         "includes the private net/pool.hpp"},
        {"a double and the real wire", "engine/testing/a.cpp", "#include <catena/net/tls.hpp>\n",
         "testing may include interfaces only"},
        {"a double and a real store", "engine/testing/a.cpp",
         "#include <catena/store/sqlite_store.hpp>\n", "testing may include interfaces only"},
        {"SQLite in public", "include/catena/store/a.hpp",
         "// layer: store\n#include <sqlite3.h>\n",
         "a public header of store may not include sqlite3.h"},
        {"store and codec", "engine/store/a.cpp", "#include <catena/codec/scan.hpp>\n",
         "store may not include catena/codec/scan.hpp of codec"},
        {"a double and the codec", "engine/testing/a.cpp", "#include <catena/codec/scan.hpp>\n",
         "testing may not include catena/codec/scan.hpp of codec"},
        {"no layer line", "include/catena/core/a.hpp", "#pragma once\n", "no known layer: 'none'"},
        {"another folder's layer", "include/catena/core/a.hpp", "// layer: net\n",
         "says layer net and stands in folder core"},
        {"an unknown folder", "engine/misc/a.cpp", "\n", "no known layer: 'misc'"},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        tree house = small_house();
        house[r.path] = r.text;

        const auto found = check_layers(house);

        REQUIRE(found.size() == 1);
        CHECK(found[0].path == r.path);
        CHECK_THAT(found[0].what, Catch::Contains(r.found));
    }
}

TEST_CASE("headers that include each other in a circle are found", "[lint]")
{
    tree house = small_house();
    house["include/catena/core/a.hpp"] = "// layer: core\n#include <catena/core/b.hpp>\n";
    house["include/catena/core/b.hpp"] = "// layer: core\n#include <catena/core/a.hpp>\n";

    const auto found = check_layers(house);

    REQUIRE(found.size() == 1);
    CHECK(found[0].what == "includes itself in a circle");
}

TEST_CASE("every file of the house keeps to its layer", "[lint][house]")
{
    const tree house = read_tree(CATENA_SOURCE_DIR);
    REQUIRE(house.size() > 50);
    CHECK(to_text(check_layers(house)) == "");
}

}  // namespace catena::lint
