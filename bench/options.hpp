#pragma once

#include <string>

namespace catena::bench {

/// What a benchmark's command line says.
struct options {
    double seconds = 1;  ///< Of measuring, for each row of the table.
    std::string json;    ///< The file that the numbers go to; empty: none.
};

/** Reads `[--quick] [--seconds S] [--json FILE]` and runs the benchmark.

    @return The exit code. What goes wrong is told on the error output.
*/
int run_with_options(int argc, char* argv[], void (*run)(const options&));

}  // namespace catena::bench
