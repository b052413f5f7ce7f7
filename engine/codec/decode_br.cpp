#include "codec/decode_layer.hpp"

#include <brotli/decode.h>
#include <cstdint>
#include <new>

namespace catena::codec {
namespace {

struct destroy {
    void operator()(BrotliDecoderState* s) const noexcept { BrotliDecoderDestroyInstance(s); }
};

bool is_lack_of_memory(BrotliDecoderErrorCode code)
{
    return code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
           code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
}

// Windows above 16 MB are an extension, off unless asked for. A decoder serves one stream only.
class br_layer final : public coding_layer {
public:
    br_layer() : coding_layer(streams::one) {}

private:
    [[nodiscard]] std::size_t mark_size(std::string_view) const override { return 0; }

    bool begin(std::string_view) override
    {
        state_.reset();
        state_.reset(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr));
        if (!state_) throw std::bad_alloc();
        return true;
    }

    std::size_t run(std::string_view& in, std::span<char> out) override
    {
        std::size_t given = in.size();
        std::size_t room = out.size();
        const auto* from = reinterpret_cast<const std::uint8_t*>(in.data());
        auto* to = reinterpret_cast<std::uint8_t*>(out.data());

        const BrotliDecoderResult done =
            BrotliDecoderDecompressStream(state_.get(), &given, &from, &room, &to, nullptr);
        if (done == BROTLI_DECODER_RESULT_SUCCESS) {
            state_.reset();
            end_stream();
        } else if (done == BROTLI_DECODER_RESULT_ERROR) {
            const BrotliDecoderErrorCode code = BrotliDecoderGetErrorCode(state_.get());
            if (is_lack_of_memory(code)) throw std::bad_alloc();
            fail(errc::damaged_coding, BrotliDecoderErrorString(code));
        }
        in.remove_prefix(in.size() - given);
        return out.size() - room;
    }

    std::unique_ptr<BrotliDecoderState, destroy> state_;
};

}  // namespace

std::unique_ptr<coding_layer> make_br_layer() { return std::make_unique<br_layer>(); }

}  // namespace catena::codec
