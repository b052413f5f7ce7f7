#include "codec/decode_layer.hpp"
#include <catena/codec/decode.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace catena {

struct decoder::impl {
    // A layer with what it has made of this body.
    struct stage {
        explicit stage(content_coding c) : coding(c), layer(codec::make_layer(c)) {}

        content_coding coding;
        std::unique_ptr<codec::coding_layer> layer;
        std::size_t made = 0;
        std::array<char, 16 * 1024> piece;
    };

    void reset(std::span<const content_coding> undo, std::size_t octets);
    error_code push(std::string_view octets, std::string& out);
    error_code give(std::size_t to, std::string_view octets, std::string& out);
    error_code finish();
    error_code exceed(std::string what);
    error_code note_trouble(const stage& s);

    std::vector<std::unique_ptr<stage>> stages;  // those in use first, in the order to undo
    std::size_t used = 0;
    std::size_t limit = 0;
    std::size_t received = 0;
    error_code trouble;
    std::string flaw;
};

void decoder::impl::reset(std::span<const content_coding> undo, std::size_t octets)
{
    limit = octets;
    received = used = 0;
    trouble = {};
    flaw.clear();
    for (const content_coding c : undo) {
        const auto at = stages.begin() + static_cast<std::ptrdiff_t>(used);
        auto kept = std::find_if(at, stages.end(), [&](const auto& s) { return s->coding == c; });
        if (kept == stages.end()) kept = stages.insert(kept, std::make_unique<stage>(c));
        std::iter_swap(stages.begin() + static_cast<std::ptrdiff_t>(used), kept);
        stages[used]->layer->reset();
        stages[used++]->made = 0;
    }
}

error_code decoder::impl::exceed(std::string what)
{
    flaw = std::move(what) + ": more than " + std::to_string(limit) + " octets";
    return trouble = make_error_code(errc::limit_exceeded);
}

error_code decoder::impl::note_trouble(const stage& s)
{
    flaw = std::string(codec::to_text(s.coding)) + ": " + s.layer->flaw();
    return trouble = s.layer->trouble();
}

error_code decoder::impl::push(std::string_view octets, std::string& out)
{
    if (trouble) return trouble;
    const std::size_t room = limit - received;
    received += std::min(octets.size(), room);
    if (const error_code ec = give(0, octets.substr(0, room), out)) return ec;
    return octets.size() > room ? exceed("as received") : error_code();
}

error_code decoder::impl::give(std::size_t to, std::string_view octets, std::string& out)
{
    if (to == used) {
        out.append(octets);
        return {};
    }
    if (octets.empty()) return {};
    stage& s = *stages[to];
    for (bool filled = true; filled;) {
        // One octet more than is allowed tells that there are more.
        const std::size_t left = limit - s.made;
        const std::size_t room = left < s.piece.size() ? left + 1 : s.piece.size();
        const std::size_t made = s.layer->decode(octets, std::span(s.piece).first(room));
        const std::size_t good = std::min(made, left);
        s.made += good;
        filled = made == room;

        if (const error_code ec = give(to + 1, {s.piece.data(), good}, out)) return ec;
        if (made > left) return exceed(std::string(codec::to_text(s.coding)) + " undone");
        if (s.layer->trouble()) return note_trouble(s);
    }
    return {};
}

error_code decoder::impl::finish()
{
    for (std::size_t i = 0; i < used && !trouble; ++i) {
        stages[i]->layer->finish();
        if (stages[i]->layer->trouble()) note_trouble(*stages[i]);
    }
    return trouble;
}

decoder::decoder() : impl_(std::make_unique<impl>()) {}
decoder::~decoder() = default;
decoder::decoder(decoder&&) noexcept = default;
decoder& decoder::operator=(decoder&&) noexcept = default;

void decoder::reset(std::span<const content_coding> undo, std::size_t limit)
{
    impl_->reset(undo, limit);
}

error_code decoder::push(std::string_view octets, std::string& out)
{
    return impl_->push(octets, out);
}

error_code decoder::finish() { return impl_->finish(); }

const std::string& decoder::flaw() const noexcept { return impl_->flaw; }

}  // namespace catena
