#include "lint/documents.hpp"

#include "support/catch.hpp"

#include <filesystem>
#include <iostream>
#include <string>

namespace catena::lint {

namespace {

std::string all_cmake(const std::string& root)
{
    std::string text = read_file(root, "CMakeLists.txt");
    for (const char* folder : {"engine", "samples", "tests", "bench"}) {
        const auto top = std::filesystem::path(root) / folder;
        if (!std::filesystem::exists(top)) continue;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(top)) {
            const std::string path = std::filesystem::relative(entry.path(), root).generic_string();
            if (entry.path().filename() == "CMakeLists.txt" && !path.starts_with("tests/package/"))
                text += read_file(root, path);
        }
    }
    return text;
}

dependency_lists lists_of_the_house()
{
    const std::string root = CATENA_SOURCE_DIR;
    return {all_cmake(root), read_file(root, "vcpkg.json"), read_file(root, "conanfile.py"),
            read_file(root, "run"), read_file(root, "README.md")};
}

}  // namespace

TEST_CASE("a quote that is not the sample's region is found", "[lint]")
{
    const tree samples = {{"samples/1.cpp",
                           "int main()\n{\n    // [snippet: walk]\n    if (a)\n        b();\n"
                           "    // [/snippet]\n}\n"}};
    struct row {
        const char* page;
        std::size_t findings;
    };
    const row rows[] = {
        {"<!-- snippet: samples/1.cpp walk -->\n```cpp\nif (a)\n    b();\n```\n", 0},
        {"<!-- snippet: samples/1.cpp walk -->\n```cpp\nif (a)\n    c();\n```\n", 1},
        {"<!-- snippet: samples/1.cpp walk -->\n```cpp\nif (a)\n```\n", 1},
        {"<!-- snippet: samples/1.cpp run -->\n```cpp\nif (a)\n    b();\n```\n", 1},
        {"<!-- snippet: samples/2.cpp walk -->\n```cpp\nif (a)\n    b();\n```\n", 1},
    };
    for (const row& r : rows) {
        CAPTURE(r.page);
        std::size_t quotes = 0;
        CHECK(check_quotes("README.md", r.page, samples, quotes).size() == r.findings);
        CHECK(quotes == 1);
    }
}

TEST_CASE("the pages quote the samples as they are", "[lint][house]")
{
    const tree files = read_tree(CATENA_SOURCE_DIR);
    std::vector<finding> found;
    std::size_t quotes = 0;
    for (const char* page : {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/command.md"})
        for (const finding& f :
             check_quotes(page, read_file(CATENA_SOURCE_DIR, page), files, quotes))
            found.push_back(f);
    CHECK(quotes > 0);
    CHECK(to_text(found) == "");
}

TEST_CASE("a row that names a test which is not there is found", "[lint]")
{
    const tree tests = {{"tests/a.cpp", "TEST_CASE(\"it \"\n          \"holds\", \"[a]\")"}};
    struct row {
        const char* page;
        std::size_t findings;
    };
    const row rows[] = {
        {"| a | b | `tests/a.cpp`: it holds |\n", 0},
        {"| a | b | `tests/a.cpp`: it breaks |\n", 1},
        {"| a | b | `tests/a.cpp`: it hold |\n", 1},
        {"| a | b | `tests/b.cpp`: it holds |\n", 1},
    };
    for (const row& r : rows) {
        CAPTURE(r.page);
        std::size_t proofs = 0;
        CHECK(check_proofs("README.md", r.page, tests, proofs).size() == r.findings);
        CHECK(proofs == 1);
    }
}

TEST_CASE("what README and SECURITY claim has its test", "[lint][house]")
{
    const tree tests = read_tree(CATENA_SOURCE_DIR);
    for (const auto& [name, least] : {std::pair("README.md", 38U), std::pair("SECURITY.md", 18U)}) {
        const std::string page = read_file(CATENA_SOURCE_DIR, name);
        std::size_t proofs = 0;
        CHECK(to_text(check_proofs(name, page, tests, proofs)) == "");
        CHECK(proofs >= least);
    }
}

TEST_CASE("a dependency that one list lacks or alone has is found", "[lint]")
{
    const dependency_lists good = lists_of_the_house();

    dependency_lists lacking = good;
    lacking.vcpkg.replace(lacking.vcpkg.find("boost-url"), 9, "boost-uri");
    CHECK(check_dependencies(lacking).size() == 2);

    lacking = good;
    lacking.cmake += "find_package(CURL REQUIRED)\n";
    CHECK(check_dependencies(lacking).size() == 1);

    lacking = good;
    lacking.conan.replace(lacking.conan.find("openssl"), 7, "libressl");
    CHECK(check_dependencies(lacking).size() == 2);

    lacking = good;
    lacking.set_up.clear();
    CHECK(check_dependencies(lacking).size() == 14);
}

TEST_CASE("CMake, vcpkg, conan, the set-up script and README name the same dependencies",
          "[lint][house]")
{
    CHECK(to_text(check_dependencies(lists_of_the_house())) == "");
}

TEST_CASE("a file longer than 450 lines is refused", "[lint]")
{
    std::string text;
    for (int i = 0; i < 450; ++i)
        text += "//\n";
    CHECK(check_sizes({{"engine/core/a.cpp", text}}).empty());
    CHECK(check_sizes({{"engine/core/a.cpp", text + "//\n"}}).size() == 1);
}

TEST_CASE("no file of the house is too long", "[lint][house]")
{
    const tree files = read_tree(CATENA_SOURCE_DIR);
    for (const auto& [path, text] : files)
        if (const std::size_t lines = lines_of(text).size(); lines > wanted_lines(path))
            std::cout << "long: " << path << ", " << lines << " lines; wanted: at most "
                      << wanted_lines(path) << '\n';
    CHECK(to_text(check_sizes(files)) == "");
}

}  // namespace catena::lint
