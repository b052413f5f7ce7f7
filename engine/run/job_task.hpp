#pragma once

#include <catena/core/range.hpp>

#include <cstdint>
#include <string>

namespace catena {

/// What a chain of a job is walked for, as its row in a store says.
struct job_task {
    enum class errand {
        fetch,  ///< A part of the dataset; all of these together are the dataset.
        again,  ///< The same part once more: what it shows and the store lacks is stored.
        hole,   ///< So for ids that the store lacks between two that it has.
        spot,   ///< So for a place that a part of the audit has picked.
    };

    job_task() {}
    job_task(errand e, range part) : is(e), over(part), asked(std::move(part)) {}

    errand is = errand::fetch;
    std::uint64_t pass = 1;  ///< Of `again`: which time it is.
    range over;              ///< What of the dataset is its own.
    range asked;             ///< What its cursor was asked with.
};

/// As one text. A part to fetch is its range alone, as plans have it.
[[nodiscard]] std::string to_text(const job_task& task);
/// @throws failure with errc::bad_checkpoint for a text that is none.
[[nodiscard]] job_task task_from(const std::string& text);

}  // namespace catena
