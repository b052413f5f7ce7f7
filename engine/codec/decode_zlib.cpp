#include "codec/decode_layer.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace catena::codec {
namespace {

// What inflateInit2 calls windowBits: the window's logarithm and, by sign or offset, the wrapping.
constexpr int zlib_form = MAX_WBITS;
constexpr int plain_form = -MAX_WBITS;
constexpr int gzip_form = MAX_WBITS + 16;

class inflating_layer : public coding_layer {
public:
    ~inflating_layer() override
    {
        if (ready_) (void)inflateEnd(&z_);
    }

protected:
    using coding_layer::coding_layer;

    [[nodiscard]] std::size_t mark_size(std::string_view) const override { return 2; }

    void begin_as(int form)
    {
        const int done = ready_ ? inflateReset2(&z_, form) : inflateInit2(&z_, form);
        if (done != Z_OK) throw std::bad_alloc();
        ready_ = true;
    }

    std::size_t run(std::string_view& in, std::span<char> out) override
    {
        constexpr std::size_t most = std::numeric_limits<uInt>::max();
        const auto given = static_cast<uInt>(std::min(in.size(), most));
        const auto room = static_cast<uInt>(std::min(out.size(), most));
        // zlib reads through a pointer to non-const, and only reads.
        z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
        z_.avail_in = given;
        z_.next_out = reinterpret_cast<Bytef*>(out.data());
        z_.avail_out = room;

        switch (inflate(&z_, Z_NO_FLUSH)) {
            case Z_OK:
            case Z_BUF_ERROR: break;
            case Z_STREAM_END: end_stream(); break;
            case Z_MEM_ERROR: throw std::bad_alloc();
            case Z_NEED_DICT: fail(errc::damaged_coding, "it asks for a dictionary"); break;
            default: fail(errc::damaged_coding, z_.msg != nullptr ? z_.msg : "damaged"); break;
        }
        in.remove_prefix(given - z_.avail_in);
        return room - z_.avail_out;
    }

private:
    z_stream z_{};
    bool ready_ = false;
};

unsigned octet(std::string_view text, std::size_t at)
{
    return static_cast<unsigned char>(text[at]);
}

class gzip_layer final : public inflating_layer {
public:
    gzip_layer() : inflating_layer(streams::many) {}

private:
    bool begin(std::string_view mark) override
    {
        if (octet(mark, 0) != 0x1f || octet(mark, 1) != 0x8b) return false;
        begin_as(gzip_form);
        return true;
    }
};

class deflate_layer final : public inflating_layer {
public:
    deflate_layer() : inflating_layer(streams::one) {}

private:
    // What reads as a zlib header (RFC 1950, section 2.2) would be, as plain deflate, a stored
    // block with padding that no encoder writes.
    bool begin(std::string_view mark) override
    {
        const unsigned head = octet(mark, 0) << 8 | octet(mark, 1);
        const bool zlib = (head >> 8 & 0xf) == Z_DEFLATED && head >> 12 <= 7 && head % 31 == 0;
        begin_as(zlib ? zlib_form : plain_form);
        return true;
    }
};

}  // namespace

std::unique_ptr<coding_layer> make_gzip_layer() { return std::make_unique<gzip_layer>(); }
std::unique_ptr<coding_layer> make_deflate_layer() { return std::make_unique<deflate_layer>(); }

}  // namespace catena::codec
