// Whatever a body says it is in, it is taken or refused alike whole and in pieces, and never makes
// more than the limit.
#include <catena/codec/decode.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace catena;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t limit = 256 * 1024;
    constexpr std::string_view labels[] = {
        "gzip", "deflate", "br", "zstd", "gzip, zstd", "deflate, br", "br, gzip", "zstd, deflate"};
    if (size == 0) return 0;
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    const content_codings c = read_content_codings({&labels[data[0] % std::size(labels)], 1});
    if (c.trouble) return 0;  // not built in

    static decoder d;  // also: what came before does not matter
    d.reset(c.undo, limit);
    std::string whole;
    const error_code said = d.push(body, whole);
    const error_code ec = d.finish();
    if (said && ec != said) std::abort();      // an error stays
    if (whole.size() > limit) std::abort();    // the limit holds
    if (ec && d.flaw().empty()) std::abort();  // and has words
    if (body.empty() && ec) std::abort();      // nothing is an empty body

    d.reset(c.undo, limit);
    std::string pieces;
    for (std::size_t at = 0; at < body.size();) {
        const std::size_t n = std::min<std::size_t>(1 + data[at] % 5, body.size() - at);
        if (d.push(body.substr(at, n), pieces)) break;
        at += n;
    }
    const error_code cut = d.finish();
    if (!cut != !ec) std::abort();             // pieces do not matter
    if (!ec && pieces != whole) std::abort();  // for what it holds either
    if (pieces.size() > limit) std::abort();
    return 0;
}
