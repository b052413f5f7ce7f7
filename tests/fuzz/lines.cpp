// Whatever the octets, the scanner of lines says the same whole and in pieces, its records stand
// apart and in order, and each is a document of its own.
#include "codec/lines_scan.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace catena;
using codec::lines_scanner;

namespace {

scan_plan make_plan()
{
    scan_request r;
    r.slots = {"/error", "/a/b", ""};
    r.fields = {"/id", "/a/0", ""};
    return scan_plan(r);
}

void check_same(const found& a, const found& b, std::string_view body)
{
    const bool same = a.present == b.present && a.kind == b.kind && a.escaped == b.escaped &&
                      a.at.begin == b.at.begin && a.at.end == b.at.end;
    if (!same || a.decoded) std::abort();  // pieces do not matter, and nothing is decoded
    if (a.at.begin > a.at.end || a.at.end > body.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const scan_plan plan = make_plan();
    static const scan_plan nothing({});
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    lines_scanner whole(plan);
    lines_scanner pieces(plan);
    const error_code ec = whole.finish(body);
    for (std::size_t at = 0; at < size; at += 1 + data[at] % 5)
        (void)pieces.feed(body.substr(0, at));

    if (pieces.finish(body) != ec || pieces.octet() != whole.octet()) std::abort();
    const scanned& a = whole.so_far();
    const scanned& b = pieces.so_far();
    if (a.records().size() != b.records().size()) std::abort();
    if (a.records_place().present != !ec) std::abort();
    if (ec) return 0;
    for (std::size_t i = 0; i < plan.slots(); ++i)
        check_same(a.slot(i), b.slot(i), body);
    std::size_t last = 0;
    for (std::size_t r = 0; r < a.records().size(); ++r) {
        const extent at = a.records()[r];
        if (at.begin < last || at.end <= at.begin) std::abort();
        last = at.end + 1;
        if (at.in(body).find('\n') != std::string_view::npos) std::abort();
        scanner alone(nothing);
        if (alone.finish(at.in(body))) std::abort();
        for (std::size_t i = 0; i < plan.fields(); ++i)
            check_same(a.field(r, i), b.field(r, i), body);
    }
    return 0;
}
