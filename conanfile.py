from conan import ConanFile
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout


class Catena(ConanFile):
    name = "catena"
    license = "BSL-1.0"
    description = "Whole datasets out of paginated HTTP APIs, every record exactly once"
    settings = "os", "compiler", "build_type", "arch"
    options = {"xml": [True, False], "brotli": [True, False], "zstd": [True, False],
               "psl": [True, False], "sqlite": [True, False]}
    default_options = {"xml": True, "brotli": True, "zstd": True, "psl": True,
                       "sqlite": True}
    exports_sources = "CMakeLists.txt", "LICENSE", "cmake/*", "include/*", "engine/*"

    def set_version(self):
        import re
        with open("CMakeLists.txt") as file:
            self.version = re.search(r"VERSION (\d+\.\d+\.\d+)", file.read()).group(1)

    def requirements(self):
        self.requires("boost/1.81.0", transitive_headers=True)
        self.requires("openssl/[>=3 <4]")
        self.requires("zlib/[>=1.2.11 <2]")
        if self.options.xml:
            self.requires("expat/[>=2.5 <3]")
        if self.options.brotli:
            self.requires("brotli/[>=1.0.9 <2]")
        if self.options.zstd:
            self.requires("zstd/[>=1.5 <2]")
        if self.options.psl:
            self.requires("libpsl/[>=0.21 <1]")
        if self.options.sqlite:
            self.requires("sqlite3/[>=3.35 <4]")

    def build_requirements(self):
        self.test_requires("cli11/[>=2.1 <3]")
        self.test_requires("catch2/2.13.10")
        self.test_requires("benchmark/1.7.1")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        for part in ("TESTS", "SAMPLES", "HOUSE"):
            toolchain.cache_variables["CATENA_" + part] = False
        for part, package in (("xml", "EXPAT"), ("brotli", "Brotli"), ("zstd", "Zstd"),
                              ("psl", "Psl"), ("sqlite", "SQLite3")):
            without = not self.options.get_safe(part)
            toolchain.cache_variables["CMAKE_DISABLE_FIND_PACKAGE_" + package] = without
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()

    def package_info(self):
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = ["lib/cmake/catena"]
