#include "commands.hpp"
#include "demo.hpp"
#include "output.hpp"
#include "progress.hpp"

#include <filesystem>
#include <iomanip>
#include <iostream>

namespace command {

namespace {

void print(const demo_score& s)
{
    std::cout << std::left << std::setw(20) << s.name << std::setw(33) << s.leads << std::right
              << std::setw(7) << in_groups(s.records) << std::setw(9) << s.requests << std::setw(8)
              << s.retries << std::setw(8) << s.recoveries << std::setw(5) << s.lost << std::setw(8)
              << s.doubled << '\n';
    if (!s.failure.empty()) std::cout << s.failure << '\n';
}

bool all_well(const demo_score& s)
{
    return s.failure.empty() && s.records != 0 && s.lost == 0 && s.doubled == 0;
}

}  // namespace

exit_code demo()
{
    const scratch_folder folder;
    std::cout << "Ten kinds of pagination, each from a local API that answers 429 and 503, breaks\n"
                 "connections and lets tokens die. Lost and doubled: by the API's own list.\n\n"
              << "API                 what leads to the next page      records requests retries "
                 "rebuilt lost doubled\n";
    bool well = true;
    for (const demo_score& each : walk_contracts(folder.path().string())) {
        print(each);
        well = well && all_well(each);
    }

    std::cout << "\nOne run of 16 chains in a process that is killed and started again ...\n";
    const kill_score k = kill_and_resume(folder.path().string());
    std::cout << "killed " << k.kills << " times: " << in_groups(k.records) << " records, "
              << k.lost << " lost, " << k.doubled << " doubled; " << in_groups(k.requests)
              << " requests for them all\n";
    well = well && k.code == done && k.kills != 0 && k.lost == 0 && k.doubled == 0;

    std::cout << (well ? "\nEverything is there, once. Next: describe an API of yours "
                         "(docs/connectors.md) and look at it\n"
                         "  catena run my.json --one-page\n"
                       : "\nThis is not what should have happened; please report it.\n");
    return well ? done : internal;
}

}  // namespace command
