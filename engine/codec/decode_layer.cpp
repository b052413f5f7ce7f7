#include "codec/decode_layer.hpp"

#include <cassert>

namespace catena::codec {

void coding_layer::reset()
{
    at_ = place::before;
    marked_ = 0;
    mark_left_ = {};
    trouble_ = {};
    flaw_ = "";
}

std::size_t coding_layer::decode(std::string_view& in, std::span<char> out)
{
    std::size_t made = 0;
    while (!trouble_) {
        if (at_ != place::inside && !open(in)) break;
        made += run(mark_left_.empty() ? in : mark_left_, out.subspan(made));
        assert(at_ == place::inside || mark_left_.empty());  // a mark is shorter than a stream
        if (made == out.size()) break;                       // there may be more
        if (in.empty() && mark_left_.empty()) break;
    }
    return made;
}

/// Gather a stream's mark and begin it. False where more octets are needed, or none may come.
bool coding_layer::open(std::string_view& in)
{
    if (in.empty()) return false;
    if (at_ == place::between && streams_ == streams::one) {
        fail(errc::damaged_coding, "octets after its end");
        return false;
    }
    while (marked_ < mark_size({mark_.data(), marked_})) {
        if (in.empty()) return false;
        mark_[marked_++] = in.front();
        in.remove_prefix(1);
    }
    const std::string_view mark(mark_.data(), marked_);
    if (!begin(mark)) {
        if (at_ == place::before) fail(errc::wrong_encoding, "the body does not begin as it does");
        if (at_ == place::between) fail(errc::damaged_coding, "octets after its end");
        return false;
    }
    at_ = place::inside;
    marked_ = 0;
    mark_left_ = mark;
    return true;
}

void coding_layer::finish()
{
    if (!trouble_ && (at_ == place::inside || marked_ != 0))
        fail(errc::damaged_coding, "the body ends inside it");
}

void coding_layer::end_stream() noexcept { at_ = place::between; }

void coding_layer::fail(errc code, const char* flaw) noexcept
{
    trouble_ = make_error_code(code);
    flaw_ = flaw;
}

}  // namespace catena::codec
