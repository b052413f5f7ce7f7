// How long a walk will take, what bounds it, and how many ranges meet a deadline, before anything
// is asked.
//
//   plan CONNECTOR.json RECORDS RTT_MS SERVER_MS RANGES DEADLINE_S
#include <catena/codec/connector_json.hpp>
#include <catena/plan.hpp>

#include <chrono>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

int main(int argc, char* argv[])
try {
    if (argc != 7)
        throw std::runtime_error(
            "usage: plan CONNECTOR.json RECORDS RTT_MS SERVER_MS RANGES DEADLINE_S");
    std::ifstream file(argv[1]);
    const std::string text{std::istreambuf_iterator<char>(file), {}};

    catena::estimate known;
    known.records = std::stoull(argv[2]);
    known.rtt = std::chrono::milliseconds(std::stoul(argv[3]));
    known.server_time = std::chrono::milliseconds(std::stoul(argv[4]));
    known.ranges = static_cast<std::uint32_t>(std::stoul(argv[5]));
    known.deadline = std::chrono::seconds(std::stoul(argv[6]));
    std::cout << catena::make_plan(catena::load_connector(text), known).text() << '\n';
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
