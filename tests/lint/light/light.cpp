// What <catena/catena.hpp> costs those who include it, against Asio's own small headers.
//
//   light OUTPUT_FOLDER WITH.cpp BASE.cpp COMPILER FLAGS...

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

struct cost {
    double seconds = 1e9;  // user and system, the least of all runs
    double megabytes = 0;  // resident, the most of all runs
};

double seconds_of(const timeval& t)
{
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
}

void run(std::vector<std::string> command, cost& c)
{
    std::vector<char*> arguments;
    for (std::string& word : command)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);

    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("cannot start a process");
    if (child == 0) {
        execvp(arguments[0], arguments.data());
        std::_Exit(127);
    }
    int status = 0;
    rusage used{};
    if (wait4(child, &status, 0, &used) != child || status != 0)
        throw std::runtime_error("the compiler failed");
    c.seconds = std::min(c.seconds, seconds_of(used.ru_utime) + seconds_of(used.ru_stime));
    c.megabytes = std::max(c.megabytes, static_cast<double>(used.ru_maxrss) / 1024);
}

std::vector<std::string> forbidden_headers(const std::string& list)
{
    std::ifstream in(list);
    std::vector<std::string> found;
    for (std::string word; in >> word;)
        for (const char* part : {"/boost/beast/", "/openssl/", "/boost/json/", "/boost/url/",
                                 "/boost/asio.hpp", "/boost/asio/ssl"})
            if (word.find(part) != word.npos) found.push_back(word);
    return found;
}

}  // namespace

int main(int argc, char* argv[])
try {
    if (argc < 5) throw std::runtime_error("usage: light FOLDER WITH BASE COMPILER FLAGS...");
    const std::string folder = argv[1];
    const std::vector<std::string> compiler(argv + 4, argv + argc);
    const auto compile = [&](const char* source, std::vector<std::string> extra) {
        std::vector<std::string> command = compiler;
        command.insert(command.end(), extra.begin(), extra.end());
        command.push_back(source);
        return command;
    };

    // A driver reports its largest child, so the peak is the compiler proper's.
    cost with, base;
    const std::string object = folder + "/light.o";
    for (int i = 0; i < 4; ++i) {
        run(compile(argv[2], {"-c", "-o", object}), with);
        run(compile(argv[3], {"-c", "-o", object}), base);
    }
    const std::string list = folder + "/light.d";
    cost unused;
    run(compile(argv[2], {"-M", "-MF", list}), unused);

    const double ratio = with.seconds / base.seconds;
    std::printf("catena.hpp: %.2f s, %.0f MB; Asio's small headers: %.2f s, %.0f MB; ratio %.2f\n",
                with.seconds, with.megabytes, base.seconds, base.megabytes, ratio);
    bool good = true;
    if (ratio > 1.5) {
        std::cout << "the ratio is above 1.5\n";
        good = false;
    }
    if (with.megabytes > 250) {
        std::cout << "the compiler needs more than 250 MB\n";
        good = false;
    }
    for (const std::string& header : forbidden_headers(list)) {
        std::cout << "brings " << header << '\n';
        good = false;
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
