// Whatever the octets, the scanner says the same whole and in pieces, and what it points at is
// there.
#include <catena/codec/scan.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace catena;

namespace {

scan_plan make_plan()
{
    scan_request r;
    r.slots = {"/a", "/a/b", "/0", "/l/0/a", ""};
    r.records = "/l";
    r.fields = {"/a", "/b/0", ""};
    return scan_plan(r);
}

void check_inside(const found& f, std::size_t size)
{
    if (f.at.begin > f.at.end || f.at.end > size) std::abort();  // offsets are inside the body
}

void check_same(const found& a, const found& b)
{
    const bool same = a.present == b.present && a.kind == b.kind && a.escaped == b.escaped &&
                      a.at.begin == b.at.begin && a.at.end == b.at.end;
    if (!same) std::abort();  // pieces do not matter
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const scan_plan plan = make_plan();
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    scanner whole(plan);
    scanner pieces(plan);
    const error_code ec = whole.finish(body);
    for (std::size_t at = 0; at < size; at += 1 + data[at] % 5)
        (void)pieces.feed(body.substr(0, at));

    if (pieces.finish(body) != ec || pieces.octet() != whole.octet()) std::abort();
    if (pieces.records().size() != whole.records().size()) std::abort();
    check_same(whole.records_place(), pieces.records_place());
    for (std::size_t i = 0; i < plan.slots(); ++i) {
        check_same(whole.slot(i), pieces.slot(i));
        check_inside(whole.slot(i), size);
    }
    for (std::size_t r = 0; r < whole.records().size(); ++r) {
        if (!ec && whole.records()[r].end <= whole.records()[r].begin) std::abort();  // all closed
        for (std::size_t i = 0; i < plan.fields(); ++i) {
            check_same(whole.field(r, i), pieces.field(r, i));
            check_inside(whole.field(r, i), size);
        }
    }
    return 0;
}
