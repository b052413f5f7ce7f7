#pragma once

#include <catena/store/jsonl_sink.hpp>
#include <catena/store/sink.hpp>

#include <atomic>
#include <string>
#include <string_view>
#include <utility>

namespace command {

/** Records into a stream that cannot be taken back: a pipe, a terminal.

    A page is written before its checkpoint is committed, so that none is missing downstream. Where
    the commit fails and is tried again (the disk of the checkpoints is full), its lines come again.

    @par Thread safety
    closed() may be called from any thread.
*/
class stream_sink final : public catena::sink {
public:
    /// @param descriptor Stays open; SIGPIPE must be ignored.
    stream_sink(int descriptor, catena::record_writer write)
        : descriptor_(descriptor), write_(std::move(write))
    {
    }

    void resume(std::string_view position) override;
    void write(const catena::page_commit& page) override;
    std::string flush() override;

    /// Write what follows the last record. @pre The store that fed this is gone.
    void end(const std::string& text);

    /// Whoever read the other end has gone.
    [[nodiscard]] bool closed() const noexcept { return closed_; }

private:
    void put();

    int descriptor_;
    catena::record_writer write_;
    std::string waiting_;
    bool begun_ = false;
    std::atomic<bool> closed_ = false;
};

}  // namespace command
