#pragma once

#include <catena/codec/decode.hpp>
#include <catena/error.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace catena::codec {

/** One coding of one body on its way to be undone.

    A body in a coding is one stream or, where the coding says so, one after another. The first
    octets of a stream, its mark, are gathered before the library sees them: they tell a false label
    from damage, and keep out what a library would take though nobody asked for it.
*/
class coding_layer {
public:
    virtual ~coding_layer() = default;
    coding_layer(const coding_layer&) = delete;
    coding_layer& operator=(const coding_layer&) = delete;

    /// Another body begins.
    void reset();

    /** Take octets from the front of `in` and put what they hold into `out`.

        Stops when `in` is used up, or `out` is full: then call again, with whatever is left.
        @return Octets put.
    */
    std::size_t decode(std::string_view& in, std::span<char> out);

    /// The body is complete.
    void finish();

    [[nodiscard]] error_code trouble() const noexcept { return trouble_; }
    [[nodiscard]] const char* flaw() const noexcept { return flaw_; }

protected:
    enum class streams : bool { one, many };

    explicit coding_layer(streams s) : streams_(s) {}

    static constexpr std::size_t longest_mark = 18;

    /// How long the mark is that begins with these octets, or as far as they can tell.
    [[nodiscard]] virtual std::size_t mark_size(std::string_view gathered) const = 0;

    /// A stream begins with the octets of `mark`. @return Whether a stream of this coding can.
    virtual bool begin(std::string_view mark) = 0;

    /// As decode(), within one stream. Ends with end_stream() or fail() where one is due.
    virtual std::size_t run(std::string_view& in, std::span<char> out) = 0;

    void end_stream() noexcept;
    void fail(errc code, const char* flaw) noexcept;

private:
    bool open(std::string_view& in);

    enum class place : unsigned char {
        before,   ///< No octet of the body has come.
        inside,   ///< Of a stream.
        between,  ///< Streams: the body may end here.
    };

    const streams streams_;
    place at_ = place::before;
    std::array<char, longest_mark> mark_{};
    std::size_t marked_ = 0;      // octets gathered
    std::string_view mark_left_;  // what the library has not seen of them
    error_code trouble_;
    const char* flaw_ = "";
};

[[nodiscard]] std::unique_ptr<coding_layer> make_gzip_layer();
[[nodiscard]] std::unique_ptr<coding_layer> make_deflate_layer();
[[nodiscard]] std::unique_ptr<coding_layer> make_br_layer();
[[nodiscard]] std::unique_ptr<coding_layer> make_zstd_layer();

/// "gzip", the name by which a coding is asked for.
[[nodiscard]] const char* to_text(content_coding c) noexcept;

/// @pre The coding is built in.
[[nodiscard]] std::unique_ptr<coding_layer> make_layer(content_coding c);

}  // namespace catena::codec
