// A program with an HTTP client of its own: catena's decisions, nothing else.
#include <catena/core/chain_machine.hpp>
#include <catena/core/loop_guard.hpp>
#include <catena/core/token_bucket.hpp>
#include <catena/version.hpp>

#include <iostream>

int main()
{
    catena::connector c("consumer", "http://127.0.0.1/items");
    c.next.from = {catena::token_source(catena::token_source::place::body, "/next")};
    c.next.to = {catena::token_target(catena::token_target::place::query, "cursor")};
    c.end = {catena::end_rule::kind::missing};

    std::cout << "catena " << CATENA_VERSION << ", fingerprint " << catena::fingerprint(c) << '\n';
    return catena::validate(c).empty() ? 0 : 1;
}
