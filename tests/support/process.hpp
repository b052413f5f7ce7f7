#pragma once

#include <string>
#include <vector>

namespace catena::testing {

/** A child process in a folder of its own, ended and removed with this object.

    Its output goes to `output.log` in that folder.
*/
class process {
public:
    /// A fresh temporary folder, and nothing running yet.
    process();
    ~process();
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    /// Start `words`; the program is looked for in PATH. @return Whether it could be started.
    bool start(std::vector<std::string> words);

    /// Wait until it accepts connections on 127.0.0.1. @return False when it ended or 30 s passed.
    bool wait_for_port(unsigned short port);

    /// Wait until it ends. @return Its exit code, or -1 if a signal ended it.
    int wait();

    /// End it as a power cut would: at once (SIGKILL).
    void kill();

    /// Ask it to end, as Ctrl-C does (SIGINT).
    void interrupt();

    /// What it has printed so far.
    [[nodiscard]] std::string output() const;

    [[nodiscard]] const std::string& folder() const { return folder_; }

private:
    std::string folder_;
    int id_ = -1;
};

/// Whether a program of that name stands in PATH.
bool installed(const std::string& program);

/// A port of 127.0.0.1 that nobody listens on at this moment.
unsigned short free_port();

/// One request to 127.0.0.1, for filling a server with data. @return The status, 0 if none came.
int send(unsigned short port, const std::string& method, const std::string& target,
         const std::string& body, const std::vector<std::string>& headers = {});

}  // namespace catena::testing
