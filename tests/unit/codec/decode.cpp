#include "support/catch.hpp"
#include "unit/codec/decode_support.hpp"
#include <catena/codec/decode.hpp>

#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;
using namespace catena::testing;

namespace {

using enum content_coding;

/// A body in two codings: `inner` was applied first.
std::string twice(const form& inner, const form& outer, std::string_view text)
{
    return outer.of(inner.of(text));
}

/// All outcomes of one body by many cuts agree. @return That outcome.
decoded by_all_cuts(const codings& c, const std::string& coded, std::size_t limit = page_octets)
{
    const decoded whole = undo(c, coded, limit);
    const decoded octets = undo(c, coded, limit, 1);
    CHECK(octets.ec == whole.ec);
    decoder again;
    for (std::uint32_t seed = 1; seed <= 8; ++seed) {
        CAPTURE(seed);
        const decoded cut = undo_with(again, c, coded, seed, seed % 2 ? 7 : 5000, limit);
        CHECK(cut.ec == whole.ec);
        if (!whole.ec) CHECK((cut.body == whole.body && octets.body == whole.body));
    }
    return whole;
}

}  // namespace

TEST_CASE("each coding is undone however its body is cut", "[decode][C4]")
{
    for (const form& f : forms()) {
        for (const std::size_t size : {1u, 100u, 30'000u, 300'000u}) {
            CAPTURE(f.name, size);
            const std::string text = page_text(size);
            const decoded got = by_all_cuts({f.coding}, f.of(text));
            CHECK(got.ec == error_code());
            CHECK(got.body == text);
            CHECK(got.flaw == "");
        }
    }
}

TEST_CASE("octets without any coding pass as they are, up to the limit", "[decode][C4]")
{
    CHECK(by_all_cuts({}, "as it is").body == "as it is");
    CHECK(by_all_cuts({}, "12345", 5).ec == error_code());
    const decoded over = by_all_cuts({}, "123456", 5);
    CHECK(over.ec == errc::limit_exceeded);
    CHECK(over.body == "12345");
    CHECK(over.flaw == "as received: more than 5 octets");
}

TEST_CASE("two codings are undone, the last applied first", "[decode][C4]")
{
    const std::string text = page_text(60'000);
    for (const form& inner : forms()) {
        for (const form& outer : forms()) {
            CAPTURE(inner.name, outer.name);
            const decoded got =
                by_all_cuts({outer.coding, inner.coding}, twice(inner, outer, text));
            CHECK(got.ec == error_code());
            CHECK(got.body == text);
        }
    }
}

TEST_CASE("several gzip members, and several zstd frames, are one body", "[decode][C4]")
{
    const std::string half = page_text(20'000), rest = page_text(3'000, 2);
    CHECK(by_all_cuts({gzip}, gzip_of(half) + gzip_of("") + gzip_of(rest)).body == half + rest);
    if (!built_in(zstd)) return;
    const std::string skipped("\x5a\x2a\x4d\x18\x03\0\0\0abc", 11);
    const decoded got =
        by_all_cuts({zstd}, skipped + zstd_of(half) + skipped + zstd_of("") + zstd_of(rest));
    CHECK(got.ec == error_code());
    CHECK(got.body == half + rest);
}

TEST_CASE("a body without any octet is empty, whatever its codings", "[decode][C4]")
{
    for (const form& f : forms()) {
        CAPTURE(f.name);
        CHECK(undo({f.coding}, "").ec == error_code());
        CHECK(undo({f.coding, f.coding}, "").ec == error_code());
        CHECK(undo({f.coding}, f.of("")).ec == error_code());
        CHECK(undo({f.coding}, f.of("")).body.empty());
    }
}

TEST_CASE("a body cut anywhere is damaged", "[decode][C4]")
{
    const std::string text = page_text(700);
    for (const form& f : forms()) {
        const std::string coded = f.of(text);
        for (std::size_t n = 1; n < coded.size(); ++n) {
            CAPTURE(f.name, n);
            const decoded got = undo({f.coding}, std::string_view(coded).substr(0, n));
            REQUIRE(got.ec == errc::damaged_coding);
            REQUIRE(got.ec == condition::try_again);
            REQUIRE(got.flaw.find("the body ends inside it") != std::string::npos);
        }
        const decoded inner =
            undo({f.coding, f.coding}, f.of(std::string_view(coded).substr(0, coded.size() - 1)));
        CHECK(inner.ec == errc::damaged_coding);
    }
    const std::string two = gzip_of(text) + gzip_of(text);
    CHECK(by_all_cuts({gzip}, two.substr(0, two.size() / 2 + 1)).ec == errc::damaged_coding);
}

TEST_CASE("octets after the end of a body are refused", "[decode][C4]")
{
    for (const form& f : forms()) {
        for (const std::string_view more : {std::string_view("x"), std::string_view("\0", 1),
                                            std::string_view("{\"items\":[]}")}) {
            CAPTURE(f.name, more);
            const std::string coded = f.of("[1]") + std::string(more);
            CHECK(by_all_cuts({f.coding}, coded).ec == errc::damaged_coding);
        }
    }
    CHECK(undo({gzip}, gzip_of("[1]") + "[2]").flaw == "gzip: octets after its end");
    CHECK(undo({deflate}, zlib_of("[1]") + zlib_of("[2]")).flaw == "deflate: octets after its end");
}

TEST_CASE("no flipped bit goes unseen where there is a checksum", "[decode][C4]")
{
    const std::string text = page_text(300);
    for (const form& f : forms()) {
        if (!f.checked) continue;
        const std::string good = f.of(text);
        for (std::size_t bit = 0; bit < 8 * good.size(); ++bit) {
            std::string bad = good;
            bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
            CAPTURE(f.name, bit);
            const decoded got = undo({f.coding}, bad);
            // A time in the header, say, may be any.
            REQUIRE((got.ec || got.body == text));
            REQUIRE(got.ec == undo({f.coding}, bad, page_octets, 1).ec);
        }
    }
    std::string wrong = gzip_of(text);
    wrong[wrong.size() - 8] ^= 1;
    CHECK(undo({gzip}, wrong).flaw == "gzip: incorrect data check");
    wrong = gzip_of(text);
    wrong[wrong.size() - 4] ^= 1;
    CHECK(undo({gzip}, wrong).flaw == "gzip: incorrect length check");
}

TEST_CASE("a body that is not what its label says is refused", "[decode][C4]")
{
    for (const form& f : forms()) {
        for (const std::string_view plain : {"{\"items\":[{\"id\":1}]}", "<html>no</html>", "null",
                                             "[1,2,3]", "[]  ", "      {"}) {
            CAPTURE(f.name, plain);
            const decoded got = by_all_cuts({f.coding}, std::string(plain));
            CHECK(got.ec == (f.marked ? errc::wrong_encoding : errc::damaged_coding));
        }
    }
    CHECK(undo({gzip}, "{}").flaw == "gzip: the body does not begin as it does");
    CHECK(undo({gzip}, "{}").ec == condition::mend_connector);
    CHECK(undo({gzip}, "\x1f\x8c\x08").ec == errc::wrong_encoding);
}

TEST_CASE("the first two octets tell the forms of deflate apart", "[decode][C4]")
{
    struct row {
        const char* what;
        std::string coded;
        error_code ec;
    };
    const row rows[] = {
        {"an empty plain stream", {"\x03\x00", 2}, {}},
        {"a stored plain block", {"\x01\x01\x00\xfe\xff!", 6}, {}},
        {"a small window", {"\x08\x1d\x01\x01\x00\xfe\xff!\x00\x22\x00\x22", 12}, {}},
        {"odd padding, no zlib check", {"\x08\x01\x00\xfe\xff!\x01\x00\x00\xff\xff", 11}, {}},
        {"odd padding, no such window",
         std::string("\x88\x1c\x00\xe3\xff", 5) + std::string(28, '!') +
             std::string("\x01\x00\x00\xff\xff", 5),
         {}},
        {"one octet", {"\x78", 1}, errc::damaged_coding},
        {"a dictionary", {"\x78\xbb\x00\x00\x00\x01", 6}, errc::damaged_coding},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        CHECK(by_all_cuts({deflate}, r.coded).ec == r.ec);
    }
}

TEST_CASE("a decoder serves one body after another, whatever became of the last", "[decode][C4]")
{
    std::mt19937 chance(7);
    const std::vector<form> all = forms();
    decoder d;
    for (std::uint32_t i = 0; i < 400; ++i) {
        const form& outer = all[chance() % all.size()];
        const form& inner = all[chance() % all.size()];
        const std::string text = page_text(chance() % 3000, i);
        std::string coded = chance() % 2 ? twice(inner, outer, text) : outer.of(text);
        const bool two = coded != outer.of(text);
        codings c = {outer.coding};
        if (two) c.push_back(inner.coding);
        const bool harmed = chance() % 3 == 0;
        if (harmed) coded.resize(coded.size() - 1);
        CAPTURE(i, outer.name, inner.name, two, harmed);
        const decoded got = undo_with(d, c, coded, i, 900);
        REQUIRE(got.ec == (harmed ? make_error_code(errc::damaged_coding) : error_code()));
        REQUIRE((harmed || got.body == text));
    }
}

TEST_CASE("what was wrong once stays wrong", "[decode]")
{
    decoder d;
    std::string out;
    d.reset(codings{gzip}, page_octets);
    CHECK(d.push("{}", out) == errc::wrong_encoding);
    CHECK(d.push(gzip_of("[]"), out) == errc::wrong_encoding);
    CHECK(d.push("", out) == errc::wrong_encoding);
    CHECK(d.finish() == errc::wrong_encoding);
    CHECK(out.empty());
    d.reset(codings{gzip}, page_octets);
    CHECK(d.flaw().empty());
    CHECK(d.push(gzip_of("[]"), out) == error_code());
    CHECK(d.finish() == error_code());
    CHECK(out == "[]");
}
