#pragma once

#include <catena/store/sink.hpp>

#include <atomic>
#include <string>
#include <string_view>

namespace command {

/** Records as lines into a stream that cannot be taken back: a pipe, a terminal.

    A page is written before its checkpoint is committed, so that none is missing downstream. Where
    the commit fails and is tried again (the disk of the checkpoints is full), its lines come again.

    @par Thread safety
    closed() may be called from any thread.
*/
class stream_sink final : public catena::sink {
public:
    /// @param descriptor Stays open; SIGPIPE must be ignored.
    explicit stream_sink(int descriptor) : descriptor_(descriptor) {}

    void resume(std::string_view position) override;
    void write(const catena::page_commit& page) override;
    std::string flush() override;

    /// Whoever read the other end has gone.
    [[nodiscard]] bool closed() const noexcept { return closed_; }

private:
    int descriptor_;
    std::string waiting_;
    std::atomic<bool> closed_ = false;
};

}  // namespace command
