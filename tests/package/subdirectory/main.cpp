// Links all of catena and opens nothing: a connector without an end is refused before any request.
#include <catena/catena.hpp>

#include <iostream>
#include <stdexcept>

int main()
{
    const catena::connector c("consumer", "http://127.0.0.1/items");
    try {
        catena::collect(c, [](const catena::page&) {});
    } catch (const std::invalid_argument& e) {
        std::cout << e.what() << '\n';
        return 0;
    }
    return 1;
}
