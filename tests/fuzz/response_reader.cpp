// However an answer is cut, the reader says the same; it takes no octet after its end, and gives
// the receiver one head and no more body than came.
#include "corpus/replay.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace catena::testing;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const after end : {after::open, after::ended}) {
        const reading whole = replay(text, text.size(), text.size() + 1, end);
        if (whole.heads > 1) std::abort();           // one head
        if (whole.taken > size) std::abort();        // nothing from nowhere
        if (whole.body.size() > size) std::abort();  // as much body as came
        if (whole.done && whole.heads != 1) std::abort();
        if (whole.done && whole.ec) std::abort();                           // good or bad, not both
        if (end == after::ended && !whole.done && !whole.ec) std::abort();  // the end decides

        for (const std::size_t step : {1u, 2u, 5u, 64u})
            if (!(replay(text, step, step, end) == whole)) std::abort();
        if (size > 1 && !(replay(text, size / 2, size, end) == whole)) std::abort();
    }
    return 0;
}
