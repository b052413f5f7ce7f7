#include "commands.hpp"
#include <catena/plan.hpp>

#include <chrono>
#include <iostream>
#include <stdexcept>

namespace command {

namespace chrono = std::chrono;

namespace {

catena::duration milliseconds(double n)
{
    return chrono::duration_cast<catena::duration>(chrono::duration<double, std::milli>(n));
}

}  // namespace

exit_code plan(const plan_words& words, terminal& talk)
{
    catena::estimate e;
    if (words.records != 0) e.records = words.records;
    if (words.page_records != 0) e.page_records = words.page_records;
    if (words.rtt >= 0) e.rtt = milliseconds(words.rtt);
    if (words.server_time >= 0) e.server_time = milliseconds(words.server_time);
    if (words.octets >= 0) e.octets_per_record = words.octets;
    e.failure = words.failure;
    e.ranges = words.ranges;
    if (!words.deadline.empty()) e.deadline = span_of("--deadline", words.deadline);

    const catena::connector c = load_connector_file(words.connector);
    if (words.ranges > 1 && c.range.empty())
        throw std::invalid_argument("--ranges: " + words.connector +
                                    " has no range, and so is walked by one chain");
    std::cout << make_plan(c, e).text() << '\n';
    if (!e.records || !e.rtt || !e.server_time)
        talk.tell("what is unknown needs --records, --rtt and --server-time");
    return done;
}

}  // namespace command
