#pragma once

#include "support/process.hpp"
#include <catena/connector.hpp>

#include <string>
#include <vector>

namespace catena::testing {

/// The command as a process, in a folder of its own.
class command_line {
public:
    /// What it printed, and how it ended.
    struct outcome {
        int code = 0;
        std::string out, talk;
    };

    /// Run it to its end. Words that begin with '@' are files in the folder.
    outcome run(std::vector<std::string> words);
    void start(std::vector<std::string> words);
    outcome wait();
    process& child() { return child_; }

    /// Write a connector file into the folder.
    void describe(const std::string& name, const connector& c);
    [[nodiscard]] std::string file(const std::string& name) const;

private:
    process child_;
};

/// Checks how it ended, and that it told each of these.
void expect(const command_line::outcome& o, int code, const std::vector<std::string>& told);

/// A dataset by ids, with a range: what most of these tests walk.
[[nodiscard]] connector items_by_id();

}  // namespace catena::testing
