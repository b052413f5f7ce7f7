#include "columns.hpp"

#include "members.hpp"
#include "words.hpp"

#include <algorithm>

namespace command {

void column_check::write(const catena::page_commit& page)
{
    try {
        look_for(page);
        into_->write(page);
    } catch (const unfit_record& e) {
        refusal_ = e.what();
        throw;
    }
}

void column_check::look_for(const catena::page_commit& page)
{
    if (wanted_.empty() || page.records.empty()) return;
    std::vector<std::string> known;
    for (const catena::stored_record& record : page.records)
        if (const auto members = members_of(record.body))
            for (const member& m : *members)
                if (std::find(known.begin(), known.end(), m.name) == known.end())
                    known.push_back(m.name);
    for (const std::string& name : wanted_) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        const std::string meant = nearest(name, known);
        throw unfit_record("--columns: no record of the first page has a member \"" + name + '"' +
                           (meant.empty() ? "" : "; did you mean \"" + meant + "\"?") +
                           "\nif only later ones have it, add --rare-columns");
    }
    wanted_.clear();
}

}  // namespace command
