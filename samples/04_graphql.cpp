// A GraphQL connection: the cursor travels in the request's body. The connector is made in C++, and
// the nodes become the program's own type.
//
//   graphql URL
#include <catena/catena.hpp>
#include <catena/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <iostream>

namespace {

struct issue {
    std::int64_t id = 0;
};

issue tag_invoke(boost::json::value_to_tag<issue>, const boost::json::value& v)
{
    issue i;
    i.id = boost::json::value_to<std::int64_t>(v.at("id"));
    return i;
}

catena::connector issues_at(std::string url)
{
    using catena::end_rule;
    using catena::token_source;
    using catena::token_target;

    catena::connector c("issues", std::move(url));
    c.request.method = "POST";
    c.request.body = R"({"query": "query($after: String) { issues(first: 50, after: $after) {)"
                     R"( nodes { id } pageInfo { endCursor hasNextPage } } }", "variables": {}})";
    c.records.at = "/data/issues/nodes";
    c.key = {catena::key_field("/id")};
    c.sorted = catena::order::ascending;
    c.next.from = {token_source(token_source::place::body, "/data/issues/pageInfo/endCursor")};
    c.next.to = {token_target(token_target::place::body, "/variables/after")};
    c.end = {end_rule(end_rule::kind::flag_false, "/data/issues/pageInfo/hasNextPage")};
    return c;
}

}  // namespace

int main(int argc, char* argv[])
try {
    if (argc != 2) {
        std::cerr << "usage: graphql URL\n";
        return EXIT_FAILURE;
    }
    std::int64_t greatest = 0;
    const auto records = catena::collect(issues_at(argv[1]), [&](const catena::page& page) {
        for (const std::string_view record : page.records())
            greatest = std::max(greatest, catena::as<issue>(record).id);
    });
    std::cout << records << " issues, the last is number " << greatest << '\n';
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
