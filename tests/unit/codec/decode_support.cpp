#include "unit/codec/decode_support.hpp"

#include <zlib.h>

#include <algorithm>
#include <random>
#include <stdexcept>
#if CATENA_HAS_BROTLI_ENCODER
#include <brotli/encode.h>
#endif
#if CATENA_HAS_ZSTD
#include <zstd.h>
#endif

namespace catena::testing {
namespace {

std::string deflated(std::string_view text, int form)
{
    z_stream z{};
    if (deflateInit2(&z, 9, Z_DEFLATED, form, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("deflateInit2");
    std::string out(deflateBound(&z, static_cast<uLong>(text.size())) + 32, '\0');
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    z.avail_in = static_cast<uInt>(text.size());
    z.next_out = reinterpret_cast<Bytef*>(out.data());
    z.avail_out = static_cast<uInt>(out.size());
    const int done = deflate(&z, Z_FINISH);
    out.resize(z.total_out);
    (void)deflateEnd(&z);
    if (done != Z_STREAM_END) throw std::runtime_error("deflate");
    return out;
}

#if CATENA_HAS_BROTLI_ENCODER
std::string brotli(std::string_view text, std::uint32_t window_log, bool large)
{
    BrotliEncoderState* const s = BrotliEncoderCreateInstance(nullptr, nullptr, nullptr);
    BrotliEncoderSetParameter(s, BROTLI_PARAM_QUALITY, 5);
    if (large) BrotliEncoderSetParameter(s, BROTLI_PARAM_LARGE_WINDOW, 1);
    BrotliEncoderSetParameter(s, BROTLI_PARAM_LGWIN, window_log);
    std::string out(BrotliEncoderMaxCompressedSize(text.size()) + 64, '\0');
    std::size_t given = text.size(), room = out.size();
    const auto* from = reinterpret_cast<const std::uint8_t*>(text.data());
    auto* to = reinterpret_cast<std::uint8_t*>(out.data());
    BrotliEncoderCompressStream(s, BROTLI_OPERATION_FINISH, &given, &from, &room, &to, nullptr);
    const bool whole = BrotliEncoderIsFinished(s) != 0;
    BrotliEncoderDestroyInstance(s);
    if (!whole) throw std::runtime_error("brotli");
    out.resize(out.size() - room);
    return out;
}
#endif

}  // namespace

std::string gzip_of(std::string_view text) { return deflated(text, MAX_WBITS + 16); }
std::string zlib_of(std::string_view text) { return deflated(text, MAX_WBITS); }
std::string plain_deflate_of(std::string_view text) { return deflated(text, -MAX_WBITS); }

#if CATENA_HAS_BROTLI_ENCODER
std::string br_of(std::string_view text) { return brotli(text, 22, false); }
std::string br_with_large_window_of(std::string_view text) { return brotli(text, 26, true); }
#else
std::string br_of(std::string_view) { throw std::logic_error("no encoder of br"); }
std::string br_with_large_window_of(std::string_view text) { return br_of(text); }
#endif

#if CATENA_HAS_ZSTD
std::string zstd_of(std::string_view text, int window_log)
{
    ZSTD_CCtx* const c = ZSTD_createCCtx();
    (void)ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
    (void)ZSTD_CCtx_setParameter(c, ZSTD_c_windowLog, window_log);
    std::string out(ZSTD_compressBound(text.size()) + 64, '\0');
    ZSTD_inBuffer from{text.data(), text.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    // A stream whose length is not known beforehand keeps the window that was asked for.
    std::size_t left = ZSTD_compressStream2(c, &to, &from, ZSTD_e_continue);
    if (ZSTD_isError(left) == 0) left = ZSTD_compressStream2(c, &to, &from, ZSTD_e_end);
    (void)ZSTD_freeCCtx(c);
    if (left != 0) throw std::runtime_error("zstd");
    out.resize(to.pos);
    return out;
}
#else
std::string zstd_of(std::string_view, int) { throw std::logic_error("no encoder of zstd"); }
#endif

bool built_in(content_coding c)
{
#if !CATENA_HAS_BROTLI_ENCODER
    if (c == content_coding::br) return false;
#endif
    const char* const names[] = {"gzip", "deflate", "br", "zstd"};
    const std::string_view name = names[static_cast<std::size_t>(c)];
    return !read_content_codings({&name, 1}).trouble;
}

std::vector<form> forms()
{
    std::vector<form> all = {
        {"gzip", content_coding::gzip, gzip_of, true, true},
        {"zlib", content_coding::deflate, zlib_of, true, false},
        {"plain deflate", content_coding::deflate, plain_deflate_of, false, false},
        {"br", content_coding::br, br_of, false, false},
        {"zstd", content_coding::zstd, [](std::string_view text) { return zstd_of(text); }, true,
         true},
    };
    std::erase_if(all, [](const form& f) { return !built_in(f.coding); });
    return all;
}

decoded undo(const codings& c, std::string_view coded, std::size_t limit, std::size_t piece)
{
    decoder d;
    d.reset(c, limit);
    decoded out;
    if (piece == 0) piece = std::max<std::size_t>(coded.size(), 1);
    for (std::size_t at = 0; at < coded.size(); at += piece)
        if (d.push(coded.substr(at, piece), out.body)) break;
    out.ec = d.finish();
    out.flaw = d.flaw();
    return out;
}

decoded undo_with(decoder& d, const codings& c, std::string_view coded, std::uint32_t seed,
                  std::size_t piece, std::size_t limit)
{
    std::mt19937 chance(seed);
    d.reset(c, limit);
    decoded out;
    while (!coded.empty()) {
        const std::size_t n = std::min<std::size_t>(chance() % piece, coded.size());
        if (d.push(coded.substr(0, n), out.body)) break;
        coded.remove_prefix(n);
    }
    out.ec = d.finish();
    out.flaw = d.flaw();
    return out;
}

std::string page_text(std::size_t size, std::uint32_t seed)
{
    std::mt19937 chance(seed);
    std::string out = "{\"items\":[";
    while (out.size() < size)
        out += "{\"id\":" + std::to_string(chance()) + ",\"name\":\"" +
               std::to_string(chance() % 100) + "\"},";
    out.back() = ']';
    return out + '}';
}

}  // namespace catena::testing
