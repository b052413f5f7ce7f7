#include "lint/co_await.hpp"

#include "support/catch.hpp"

#include <string>

namespace catena::lint {

TEST_CASE("what g++ 12 may compile wrongly is refused in a co_await statement", "[lint][U18]")
{
    const char* const bad[] = {
        "co_await f(options{});",
        "co_await f({1, 2});",
        "co_await f({.timeout = 5s});",
        "co_await f(options{.name = \"x\"});",
        "co_await f([x] { g(x); });",
        "co_await f([&](int) -> void { g(); });",
        "co_await f(\n    a,\n    options\n    {\n        1\n    }\n);",
        "co_await f(\n    a,\n    [copy = a](error_code)\n    {\n    });",
        "co_await f(b ? x : y);",
        "co_await f(b\n    ? x\n    : y);",
        "auto r = co_await f(options{1});",
        "auto [ec, r] = co_await f(options{1}, tuple);",
        "if (co_await f(options{1})) g();",
        "if (auto r = co_await f(options{1}); r) g();",
        "while (auto page = co_await f(options{1})) g();",
        "for (auto& r : co_await f(options{1})) g();",
        "co_return co_await f(options{1});",
        "g(options{1}, co_await f());",
        "auto v = b ? co_await f() : x;",
        "auto v = options{co_await f()};",
        "{ g(); } co_await f(options{1});",
        "case 1: co_await f(options{1});",
        "auto l = [] { return 1; }; co_await f([] { return 1; });",
        "co_await asio::co_spawn(ex, [] () -> asio::awaitable<void> { co_return; }, deferred);",
        "co_await f(a /* b */ , /* ; */ options{});",
        "co_return b || co_await f();",
        "if (b && co_await f()) g();",
    };
    for (const char* code : bad) {
        CAPTURE(code);
        CHECK(check_co_await("a.cpp",
                             "asio::awaitable<void> c()\n{\n    " + std::string(code) + "\n}\n")
                  .size() == 1);
    }
}

TEST_CASE("named values, blocks around and lambdas with their own co_await pass", "[lint][U18]")
{
    const char* const good[] = {
        "co_await f(std::move(a), tuple);",
        "auto [ec, r] = co_await f(a, tuple);",
        "auto& [ec, r] = co_await f(a, tuple);",
        "options o{1}; co_await f(o);",
        "while (auto page = co_await f()) { g({1}); }",
        "for (auto& r : co_await f()) { g(options{}); }",
        "if (co_await f()) { g([] {}); } else { h(b ? 1 : 2); }",
        "for (;;) { co_await f(); }",
        "try { co_await f(); } catch (const failure& e) { g(e ? 1 : 2); }",
        "auto l = [x]() -> asio::awaitable<void> { co_await f(); };",
        "co_spawn(ex, [] () -> asio::awaitable<int> { co_return co_await f(); }, detached);",
        "co_await f(\"{ ? [x]\", '{', '?');",
        "co_await f(a[1], b[i]);",
        "co_await f(R\"({\"a\": ?})\");",
        "co_await f(R\"x(\" ? { )x\");",
        "// co_await f({});\nco_await f();",
        "co_await f(1'000);",
        "co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());",
        "const int n = b ? 1 : 2; co_await f(n); options o{1};",
        "switch (co_await f()) { case 1: g({}); }",
        "if (a && b) co_await f();",
        "for (auto&& r : co_await f()) g(r || s);",
    };
    for (const char* code : good) {
        CAPTURE(code);
        CHECK(to_text(check_co_await("a.cpp", "asio::awaitable<void> c()\n{\n    " +
                                                  std::string(code) + "\n}\n")) == "");
    }
}

TEST_CASE("no statement of the house puts at risk what it awaits", "[lint][house][U18]")
{
    std::vector<finding> found;
    std::size_t awaits = 0;
    for (const auto& [path, text] : read_tree(CATENA_SOURCE_DIR)) {
        if (text.find("co_await") != text.npos) ++awaits;
        for (const finding& f : check_co_await(path, text))
            found.push_back(f);
    }
    REQUIRE(awaits > 3);
    CHECK(to_text(found) == "");
}

}  // namespace catena::lint
