#include "support/catch.hpp"
#include <catena/codec/page_reader.hpp>

#include <memory>

using namespace catena;

TEST_CASE("without Expat a connector with XML pages is refused, and the package is named", "[xml]")
{
    connector c("xml", "https://api.example.com/items");
    c.format = page_format::xml;
    c.records = records_rule("/list/item");
    c.next.from = {token_source(token_source::place::body, "/list/next")};
    c.next.to = {token_target(token_target::place::query, "next")};
    c.end = {end_rule::kind::missing};
    REQUIRE(validate(c).empty());
    CHECK_THROWS_WITH(page_contract(std::make_shared<const connector>(c)),
                      Catch::Contains("libexpat1-dev"));
}
