#include "support/catch.hpp"
#include "unit/codec/decode_support.hpp"
#include <catena/codec/decode.hpp>

#include <string>
#include <string_view>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

using enum content_coding;

constexpr std::size_t mebi = std::size_t{1024} * 1024;

content_codings read(std::vector<std::string_view> lines, std::size_t most = 2)
{
    return read_content_codings(lines, most);
}

}  // namespace

TEST_CASE("Content-Encoding says what to undo, the last first", "[decode][C4]")
{
    struct row {
        std::vector<std::string_view> lines;
        codings undo;
    };
    const row rows[] = {
        {{}, {}},
        {{""}, {}},
        {{"identity"}, {}},
        {{" Identity , ,"}, {}},
        {{"gzip"}, {gzip}},
        {{"GZip"}, {gzip}},
        {{"x-gzip"}, {gzip}},
        {{"X-GZIP"}, {gzip}},
        {{" \tdeflate\t "}, {deflate}},
        {{",gzip,,"}, {gzip}},
        {{"deflate, gzip"}, {gzip, deflate}},
        {{"deflate", "gzip"}, {gzip, deflate}},
        {{"deflate,identity", "identity", "", "gzip"}, {gzip, deflate}},
        {{"gzip,gzip"}, {gzip, gzip}},
    };
    for (const row& r : rows) {
        CAPTURE(r.lines);
        const content_codings got = read(r.lines);
        CHECK(got.trouble == error_code());
        CHECK((got.undo == r.undo));
        CHECK(got.flaw == "");
    }
}

TEST_CASE("a coding that cannot be undone is refused by name", "[decode][C4]")
{
    struct row {
        std::vector<std::string_view> lines;
        std::string flaw;
    };
    const row rows[] = {
        {{"compress"}, "unknown content coding 'compress'"},
        {{"utf-8"}, "unknown content coding 'utf-8'"},
        {{"gzip;q=1"}, "unknown content coding 'gzip;q=1'"},
        {{"\"gzip\""}, "unknown content coding '\"gzip\"'"},
        {{"gzip deflate"}, "unknown content coding 'gzip deflate'"},
        {{"gzip", "blurp, gzip, gzip"}, "unknown content coding 'blurp'"},
        {{"\x1b[31m\xff"}, "unknown content coding ' [31m?'"},
        {{"gzip, gzip, gzip"}, "3 content codings on top of one another; the limit is 2"},
    };
    for (const row& r : rows) {
        CAPTURE(r.lines);
        const content_codings got = read(r.lines);
        CHECK(got.trouble == errc::wrong_encoding);
        CHECK(got.trouble == condition::mend_connector);
        CHECK(got.flaw == r.flaw);
        CHECK(got.undo.empty());
    }
    CHECK(read({"gzip"}, 0).trouble == errc::wrong_encoding);
    CHECK(read({"identity"}, 0).trouble == error_code());
    CHECK(read({"gzip,gzip,gzip"}, 3).undo.size() == 3);

    const std::string many(200'000, ',');
    CHECK(read({many}).undo.empty());
    const std::string long_name(60'000, 'x');
    CHECK(read({long_name}).flaw.size() < 100);
}

TEST_CASE("what is asked for can be undone, and what is not names its package", "[decode][C4]")
{
    CHECK(accept_encoding().starts_with("gzip, deflate"));
    CHECK(read({accept_encoding()}, 4).trouble == error_code());
    for (const auto& [name, package] : {std::pair("br", "brotli"), std::pair("zstd", "zstd")}) {
        const content_codings got = read({name});
        const bool asked = accept_encoding().find(name) != std::string_view::npos;
        CHECK(!got.trouble == asked);
        if (asked) continue;
        CHECK(got.flaw == std::string(name) + ": this build lacks the package " + package);
    }
}

TEST_CASE("a body may be as large as the limit, and no larger", "[decode][C4]")
{
    for (const std::size_t size : {10'000u, 16'384u, 16'385u, 40'000u}) {
        const std::string text(size, 'x');
        for (const form& f : forms()) {
            CAPTURE(f.name, size);
            const std::string coded = f.of(text);
            for (const std::size_t piece : {0u, 1u, 3u}) {
                const decoded fits = undo({f.coding}, coded, size, piece);
                CHECK(fits.ec == error_code());
                CHECK(fits.body == text);
                const decoded over = undo({f.coding}, coded, size - 1, piece);
                CHECK(over.ec == errc::limit_exceeded);
                CHECK(over.body == text.substr(1));
                CHECK(over.flaw.find("undone: more than " + std::to_string(size - 1) + " octets") !=
                      std::string::npos);
            }
        }
    }
    CHECK(undo({gzip}, gzip_of("x"), 0).ec == errc::limit_exceeded);
    CHECK(undo({gzip}, gzip_of("x"), std::string::npos).body == "x");
}

TEST_CASE("every body has the whole limit", "[decode][C4]")
{
    decoder d;
    for (const form& f : forms()) {
        for (int i = 0; i < 3; ++i) {
            CAPTURE(f.name, i);
            const decoded got = undo_with(d, {f.coding}, f.of(std::string(90, 'x')), 1, 50, 100);
            CHECK(got.ec == error_code());
            CHECK(got.body.size() == 90);
        }
    }
}

TEST_CASE("a bomb stops at the limit, in its own layer", "[decode][C4]")
{
    const std::string blanks(42 * mebi, ' ');
    for (const form& f : forms()) {
        CAPTURE(f.name);
        const std::string bomb = f.of(blanks);
        CHECK(bomb.size() < 45'000);
        CHECK(undo({f.coding}, bomb).body == blanks);

        const decoded stopped = undo({f.coding}, bomb, mebi);
        CHECK(stopped.ec == errc::limit_exceeded);
        CHECK(stopped.body.size() == mebi);
        CHECK(stopped.body.capacity() <= 2 * mebi);

        // A few hundred octets: the ratio is no measure.
        const std::string nested = f.of(bomb);
        const decoded inner = undo({f.coding, f.coding}, nested, mebi);
        CHECK(inner.ec == errc::limit_exceeded);
        CHECK(inner.body.size() == mebi);
    }
}

TEST_CASE("what no layer passes on counts all the same", "[decode][C4]")
{
    // A file name of 3 MB in a gzip header.
    std::string named = gzip_of("[]");
    named[3] = 8;
    named.insert(10, std::string(3 * mebi, 'n') + '\0');
    CHECK(undo({gzip}, named).body == "[]");

    const decoded inside = undo({gzip, gzip}, gzip_of(named), mebi);
    CHECK(inside.ec == errc::limit_exceeded);
    CHECK(inside.body.empty());
    const decoded received = undo({gzip}, named, mebi);
    CHECK(received.ec == errc::limit_exceeded);
    CHECK(received.flaw == "as received: more than 1048576 octets");

    // Members without end and without content.
    std::string empty;
    while (empty.size() < 2 * mebi)
        empty += gzip_of("");
    CHECK(undo({gzip}, empty).ec == error_code());
    CHECK(undo({gzip}, empty, mebi).ec == errc::limit_exceeded);
}

TEST_CASE("the window of zstd is 8 MB at most, and older formats are not read", "[decode][C4]")
{
    if (!built_in(zstd)) return;
    const std::string text = page_text(100'000);
    CHECK(undo({zstd}, zstd_of(text, 23)).body == text);
    const decoded large = undo({zstd}, zstd_of(text, 24));
    CHECK(large.ec == errc::limit_exceeded);
    CHECK(large.body.empty());
    CHECK(large.flaw == "zstd: its window is larger than 8 MB");

    // Past the middle of their headers these look like other frames: libzstd is not led astray.
    for (const std::string_view disguised :
         {std::string_view("\x28\xb5\x2f\xfd\x54\x2a\x4d\x18\0\0\0\0", 12),
          std::string_view("\x28\xb5\x2f\xfd\x20\x28\xb5\x2f\xfd\x20\x05\x29\0\0hello", 19)})
        for (const std::size_t piece : {0u, 1u, 2u, 3u, 4u, 5u, 6u, 8u, 9u})
            CHECK(undo({zstd}, disguised, page_octets, piece).ec == errc::damaged_coding);

    for (const char old : {'\x22', '\x23', '\x24', '\x25', '\x26', '\x27'}) {
        std::string frame = zstd_of(text);
        frame[0] = old;
        CHECK(undo({zstd}, frame).ec == errc::wrong_encoding);
    }
}

TEST_CASE("brotli's large window is not taken", "[decode][C4]")
{
    if (!built_in(br)) return;
    const std::string text = page_text(100'000);
    CHECK(undo({br}, br_with_large_window_of(text)).ec == errc::damaged_coding);
}
