#include "codec/decode_layer.hpp"

#include <array>
#include <new>
#include <string_view>
#include <zstd.h>
#include <zstd_errors.h>

namespace catena::codec {
namespace {

// The window that a zstd content coding may ask for (RFC 9659): 8 MB.
constexpr int window_log = 23;

// How a frame begins (RFC 8878, section 3.1).
constexpr std::string_view frame = "\x28\xb5\x2f\xfd";

struct release {
    void operator()(ZSTD_DCtx* c) const noexcept { (void)ZSTD_freeDCtx(c); }
};

class zstd_layer final : public coding_layer {
public:
    zstd_layer() : coding_layer(streams::many), context_(ZSTD_createDCtx())
    {
        if (!context_) throw std::bad_alloc();
        (void)ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, window_log);
    }

private:
    // The whole header of a frame: libzstd 1.5.4 that has seen a part of one may take what follows
    // for a frame of its own, and drop the one it is in.
    [[nodiscard]] std::size_t mark_size(std::string_view gathered) const override
    {
        if (gathered.size() < 4 || !gathered.starts_with(frame)) return 4;
        if (gathered.size() == 4) return 5;
        const auto parts = static_cast<unsigned char>(gathered[4]);
        const bool one_segment = (parts & 0x20) != 0;
        const std::size_t window = one_segment ? 0 : 1;
        const std::size_t dictionary = std::array{0u, 1u, 2u, 4u}[parts & 3];
        const std::size_t length = std::array{one_segment ? 1u : 0u, 2u, 4u, 8u}[parts >> 6];
        return 5 + window + dictionary + length;
    }

    // The formats before this one, which libzstd may still read, know no limit of the window.
    bool begin(std::string_view mark) override
    {
        const bool skippable = (mark[0] & 0xf0) == 0x50 && mark.substr(1) == "\x2a\x4d\x18";
        if (!mark.starts_with(frame) && !skippable) return false;
        (void)ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
        return true;
    }

    std::size_t run(std::string_view& in, std::span<char> out) override
    {
        ZSTD_inBuffer from{in.data(), in.size(), 0};
        ZSTD_outBuffer to{out.data(), out.size(), 0};
        const std::size_t done = ZSTD_decompressStream(context_.get(), &to, &from);
        if (done == 0) {
            end_stream();
        } else if (ZSTD_isError(done) != 0) {
            const ZSTD_ErrorCode code = ZSTD_getErrorCode(done);
            if (code == ZSTD_error_memory_allocation) throw std::bad_alloc();
            if (code == ZSTD_error_frameParameter_windowTooLarge)
                fail(errc::limit_exceeded, "its window is larger than 8 MB");
            else
                fail(errc::damaged_coding, ZSTD_getErrorString(code));
        }
        in.remove_prefix(from.pos);
        return to.pos;
    }

    std::unique_ptr<ZSTD_DCtx, release> context_;
};

}  // namespace

std::unique_ptr<coding_layer> make_zstd_layer() { return std::make_unique<zstd_layer>(); }

}  // namespace catena::codec
