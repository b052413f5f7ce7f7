// layer: store
#pragma once

#include <catena/store/store.hpp>

#include <string>
#include <string_view>

namespace catena {

/** Where records go beside the store that keeps the checkpoints: a file, a queue, a host's tables.

    The store's thread gives it pages that passed the fence, asks it to make them durable, and then
    commits their checkpoints with the position that it told, in one transaction. What was written
    after the last position that was committed is not part of the dataset: resume() takes it back,
    or whoever reads the sink drops it by page (chain and number) or by key.

    What a function throws becomes errc::sink_failed with its text; nothing of that group is
    committed then, and resume() is called before anything else is written. A catena::failure keeps
    its code where that is one of the store's: after errc::store_full the group waits and is tried
    again, after any other the store ends.

    @par Thread safety
    Called by one thread at a time.
*/
class sink {
public:
    sink() = default;
    sink(const sink&) = delete;
    sink& operator=(const sink&) = delete;
    virtual ~sink() = default;

    /** Called before the first write of a run, and after a group that failed.
        @param position What flush() told with the last committed group; empty: none ever was. Then
                        flush() follows at once, so that even the beginning is committed.
    */
    virtual void resume(std::string_view position) = 0;

    virtual void write(const page_commit& page) = 0;

    /// Make durable what was written. @return The position after it, for resume().
    virtual std::string flush() = 0;
};

}  // namespace catena
