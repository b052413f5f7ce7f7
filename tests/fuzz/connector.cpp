// A text is either refused with at least one flaw that points into it, or it is a connector that
// has no flaw and comes back from its own JSON form. A checkpoint is never made of other octets.

#include <catena/codec/checkpoint_text.hpp>
#include <catena/codec/connector_json.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::vector<connector_file_flaw> flaws;
    const std::optional<connector> c = load_connector(text, flaws);
    if (c.has_value() != flaws.empty()) std::abort();  // refused with a reason, or taken
    for (const connector_file_flaw& f : flaws) {
        if (f.line == 0 || f.column == 0 || f.column > size + 1) std::abort();  // in the text
        if (f.text().find('\n') != std::string::npos) std::abort();             // one line
    }
    if (c) {
        if (!validate(*c).empty()) std::abort();
        const std::optional<connector> again = load_connector(to_json(*c), flaws);
        if (!again || *again != *c) std::abort();  // the way back
    }

    const auto point = checkpoint_from_text(text);
    if (point.has_value() && to_text(point.value()) != text.substr(0, text.find('\n')))
        std::abort();
    return 0;
}
