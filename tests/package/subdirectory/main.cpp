// Links all of catena and opens nothing: a connector without an end is refused before any request,
// and a store before any file.
#include <catena/catena.hpp>
#include <catena/store/sqlite_store.hpp>

#include <iostream>
#include <stdexcept>

int main()
{
    try {
        const catena::sqlite_store s("no such folder/s.db");
        return 1;
    } catch (const catena::failure& f) {
        std::cout << f.what() << '\n';
    }
    const catena::connector c("consumer", "http://127.0.0.1/items");
    try {
        catena::collect(c, [](const catena::page&) {});
    } catch (const std::invalid_argument& e) {
        std::cout << e.what() << '\n';
        return 0;
    }
    return 1;
}
