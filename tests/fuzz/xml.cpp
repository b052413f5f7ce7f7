// Whatever the octets, the XML scanner says the same whole and in pieces, and what it points at is
// there; a document that it takes has an outline.
#include "codec/xml_outline.hpp"
#include "codec/xml_scan.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace catena;
using codec::xml_scanner;

namespace {

scan_plan make_plan()
{
    scan_request r;
    r.slots = {"/a/b", "/a/@c", "/a/b/@d", "/e", "/a"};
    r.records = "/a/l";
    r.fields = {"/a", "/@c", "", "/b/e"};
    return scan_plan(r);
}

void check_same(const scanned& one, const found& a, const scanned& other, const found& b,
                std::string_view body)
{
    const bool same =
        a.present == b.present && a.kind == b.kind && a.decoded == b.decoded && !a.escaped;
    if (!same) std::abort();  // pieces do not matter
    if (a.at.begin > a.at.end || a.at.end > (a.decoded ? one.texts().size() : body.size()))
        std::abort();  // offsets are inside the texts or the body
    if (one.octets(a, body) != other.octets(b, body)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const scan_plan plan = make_plan();
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    xml_scanner whole(plan);
    xml_scanner pieces(plan);
    const error_code ec = whole.finish(body);
    for (std::size_t at = 0; at < size; at += 1 + data[at] % 5)
        (void)pieces.feed(body.substr(0, at));

    if (pieces.finish(body) != ec || pieces.octet() != whole.octet()) std::abort();
    const scanned& a = whole.so_far();
    const scanned& b = pieces.so_far();
    if (a.records().size() != b.records().size()) std::abort();
    if (a.texts().size() > size) std::abort();  // decoding never makes more of a text
    for (std::size_t i = 0; i < plan.slots(); ++i)
        check_same(a, a.slot(i), b, b.slot(i), body);
    for (std::size_t r = 0; r < a.records().size(); ++r) {
        if (!ec && a.records()[r].in(body).substr(0, 1) != "<") std::abort();  // its own octets
        if (!ec && body[a.records()[r].end - 1] != '>') std::abort();
        for (std::size_t i = 0; i < plan.fields(); ++i)
            check_same(a, a.field(r, i), b, b.field(r, i), body);
    }
    if (!ec && !codec::outline_of(body, "/a/l")) std::abort();
    return 0;
}
