// Pages that are too large for the server, until they are asked for in smaller parts.
#include "sim/world.hpp"
#include "support/catch.hpp"
#include "support/contracts.hpp"
#include <catena/codec/checkpoint_text.hpp>

#include <algorithm>

using namespace catena;
using namespace catena::testing;

namespace {

// Those whose page size goes with every page.
std::vector<connector> shrinking()
{
    std::vector<connector> all = contracts();
    std::erase_if(all,
                  [](const connector& c) { return c.next.to[0].to == token_target::place::url; });
    for (connector& c : all) {
        c.page_size.shrink_on = {413, 504};
        REQUIRE(validate(c).empty());
    }
    return all;
}

}  // namespace

TEST_CASE("a server that can answer small pages only gives every record once", "[sim][page_size]")
{
    for (const connector& c : shrinking()) {
        for (const int status : {413, 504}) {
            for (std::uint64_t heaviest = 1; heaviest <= 7; ++heaviest) {
                CAPTURE(c.name, status, heaviest);
                behaviour b;
                b.heavy_page = heaviest;
                b.heavy_status = status;
                world w(heaviest, c, 40, b);
                require_all(w);
                for (const served& line : w.model.log())
                    CHECK((line.status == 200) == (line.records > 0));
            }
        }
    }
}

TEST_CASE("a resumed walk goes on with the size that its checkpoint holds", "[sim][page_size][S1]")
{
    for (const connector& c : shrinking()) {
        CAPTURE(c.name);
        behaviour b;
        b.heavy_page = 2;
        world first(1, c, 40, b);
        const harvest whole = walk_all(first);
        REQUIRE(whole.after.size() > 15);
        for (std::size_t i = 0; i + 1 < whole.after.size(); ++i) {
            world again(2, c, 40, b);
            // The model of another world knows the same tokens.
            const checkpoint from = read_checkpoint(to_text(whole.after[i]));
            chain way(*again.on, c, from);
            const harvest rest = walk(again, way);
            INFO(rest.why.text());
            const std::vector<std::string> all = again.model.records();
            REQUIRE(rest.records == std::vector<std::string>(
                                        all.begin() + std::ptrdiff_t(from.records), all.end()));
        }
    }
}
