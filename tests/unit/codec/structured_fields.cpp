#include "support/catch.hpp"
#include <catena/codec/structured_fields.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

using namespace catena;

namespace {

using lines = std::vector<std::string_view>;

std::size_t flaw_of(std::string_view text)
{
    std::size_t where = std::string::npos;
    const lines one{text};
    CHECK(!read_sf_list(one, &where));
    return where;
}

sf_item only(std::string_view text)
{
    const lines one{text};
    const auto item = read_sf_item(one);
    REQUIRE(item);
    return *item;
}

}  // namespace

TEST_CASE("a field that cannot be read says where", "[structured_fields][R6]")
{
    CHECK(flaw_of("1, 2,") == 5);
    CHECK(flaw_of("1 2") == 2);
    CHECK(flaw_of("\"open") == 5);
    CHECK(flaw_of("\"a\\b\"") == 3);
    CHECK(flaw_of("a;B=1") == 2);
    CHECK(flaw_of("(1 2") == 4);
    CHECK(flaw_of("(1,2)") == 2);
    CHECK(flaw_of("1234567890123456") == 15);
    CHECK(flaw_of("@1.5") == 1);
    CHECK(flaw_of("%\"%c3\"") == 1);
    std::size_t where = 0;
    CHECK(!read_sf_list(lines{"a", "b?"}, &where));
    CHECK(where == 4);
    CHECK(!read_sf_list(lines{"a", "", "b"}));
    CHECK(!read_sf_item(lines{}, &where));
    CHECK(where == 0);
}

TEST_CASE("no lines are an empty list and no item", "[structured_fields][R6]")
{
    CHECK((read_sf_list(lines{}) == sf_list{}));
    CHECK((read_sf_dictionary(lines{}) == sf_dictionary{}));
    CHECK((read_sf_list(lines{"  "}) == sf_list{}));
    CHECK(!read_sf_item(lines{""}));
}

TEST_CASE("a decimal keeps its digits exactly", "[structured_fields][R6]")
{
    CHECK(std::get<sf_decimal>(only("0.1").value).thousandths == 100);
    CHECK(std::get<sf_decimal>(only("-1.23").value).thousandths == -1230);
    CHECK(std::get<sf_decimal>(only("999999999999.999").value).thousandths == 999999999999999);
    CHECK(std::get<sf_decimal>(only("1.0").value) == std::get<sf_decimal>(only("1.000").value));
    CHECK(std::get<std::int64_t>(only("-999999999999999").value) == -999999999999999);
}

TEST_CASE("of a key that comes again the last value stands in the first place",
          "[structured_fields][R6]")
{
    const sf_item item = only("x;b=1;a=2;b=3;a;c;b=4");
    CHECK((item.parameters == sf_parameters{{"b", std::int64_t(4)}, {"a", true}, {"c", true}}));
    CHECK((*find_parameter(item.parameters, "b") == sf_bare_item(std::int64_t(4))));
    CHECK(find_parameter(item.parameters, "d") == nullptr);
    const auto all = read_sf_dictionary(lines{"a=1, b=2", "a=3;p, c=(1 2);q"});
    REQUIRE(all);
    REQUIRE(all->size() == 3);
    CHECK((*all)[0].first == "a");
    CHECK((std::get<sf_item>((*all)[0].second) == sf_item{std::int64_t(3), {{"p", true}}}));
    CHECK(std::get<sf_inner_list>((*all)[2].second).items.size() == 2);
}

TEST_CASE("base64 is read with its whole padding or without any", "[structured_fields][R6]")
{
    CHECK(std::get<sf_binary>(only(":aGVsbG8=:").value).octets == "hello");
    CHECK(std::get<sf_binary>(only(":aGVsbG8:").value).octets == "hello");
    CHECK(std::get<sf_binary>(only(":aA==:").value).octets == "h");
    CHECK(std::get<sf_binary>(only(":aA:").value).octets == "h");
    for (const std::string_view text :
         {":a:", ":aA=:", ":aA===:", ":aGVsbG8==:", ":aaaa=:", ":=:"}) {
        INFO(text);
        CHECK(!read_sf_item(lines{text}));
    }
}

TEST_CASE("many repeated keys take no more than their share of time", "[structured_fields][R6]")
{
    std::string text = "k0";
    for (int i = 1; i < 20000; ++i)
        text += ",k" + std::to_string(i % 15000);
    const lines one{text};
    const auto all = read_sf_dictionary(one);
    REQUIRE(all);
    CHECK(all->size() == 15000);
    CHECK(all->back().first == "k14999");
}

TEST_CASE("a field cut short or with an octet changed is read whole or not at all",
          "[structured_fields][R6]")
{
    const std::string whole = "\"a\";q=1.5;w, (t *:/ :aA==:);x=?0, @17, %\"f%c3%bc\"";
    REQUIRE(read_sf_list(lines{whole}));
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        for (int octet = 0; octet < 256; ++octet) {
            std::string text = whole.substr(0, cut) + static_cast<char>(octet);
            std::size_t where = 0;
            if (!read_sf_list(lines{text}, &where)) CHECK(where <= text.size());
            if (cut == whole.size()) continue;
            text += whole.substr(cut + 1);
            const lines one{text};
            if (read_sf_list(one) || octet < 0x80) continue;
            CHECK(!read_sf_dictionary(one));
        }
    }
}
