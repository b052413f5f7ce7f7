#include "measured.hpp"

#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <sched.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace catena::bench {

namespace {

double seconds_of(const timeval& t)
{
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
}

double cpu_of_this_thread()
{
    rusage used{};
    getrusage(RUSAGE_THREAD, &used);
    return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

double resident_mb()
{
    std::ifstream in("/proc/self/statm");
    double all = 0, resident = 0;
    in >> all >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024 * 1024);
}

}  // namespace

meter::meter(double seconds) : seconds_(seconds) {}

bool meter::goes_on() const
{
    return pages_ == 0 || last_ - begun_ < std::chrono::duration<double>(seconds_);
}

void meter::count(std::size_t octets)
{
    last_ = clock::now();
    octets_ += octets;
    if (pages_++ == 0) {
        begun_ = last_;
        cpu_begun_ = cpu_of_this_thread();
    }
    if (!goes_on()) {
        cpu_last_ = cpu_of_this_thread();
        rss_mb_ = resident_mb();
    }
}

measured meter::result() const
{
    if (pages_ < 2) throw std::runtime_error("too few pages to measure");
    const auto pages = static_cast<double>(pages_ - 1);
    const std::chrono::duration<double> took = last_ - begun_;
    measured m;
    m.pages_a_second = pages / took.count();
    m.cpu_us_a_page = 1e6 * (cpu_last_ - cpu_begun_) / pages;
    m.rss_mb = rss_mb_;
    return m;
}

measured in_own_process(const std::function<measured()>& work)
{
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("no process");
    if (child == 0) {
        try {
            stay_on_core(0);
            const measured m = work();
            if (write(ends[1], &m, sizeof m) == static_cast<ssize_t>(sizeof m)) std::_Exit(0);
        } catch (const std::exception& e) {
            std::cerr << e.what() << '\n';
        }
        std::_Exit(1);
    }
    close(ends[1]);
    measured m;
    const ssize_t got = read(ends[0], &m, sizeof m);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0 || got != static_cast<ssize_t>(sizeof m))
        throw std::runtime_error("a measured run failed");
    return m;
}

void stay_on_core(unsigned n)
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
    for (unsigned core = 0; core < CPU_SETSIZE; ++core) {
        if (!CPU_ISSET(core, &allowed) || n-- != 0) continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(core, &one);
        sched_setaffinity(0, sizeof one, &one);
        return;
    }
}

}  // namespace catena::bench
