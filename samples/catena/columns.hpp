#pragma once

#include "record_writers.hpp"
#include <catena/store/sink.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace command {

/** Stands before a sink of CSV: what does not fit the columns is refused, and it is kept why.

    Of columns that the user named, each must be a member of some record of the first page that has
    records, before anything is written.
*/
class column_check final : public catena::sink {
public:
    /// @param wanted Names to look for; empty: all of them are right.
    column_check(std::shared_ptr<catena::sink> into, std::vector<std::string> wanted)
        : into_(std::move(into)), wanted_(std::move(wanted))
    {
    }

    void resume(std::string_view position) override { into_->resume(position); }
    void write(const catena::page_commit& page) override;
    std::string flush() override { return into_->flush(); }

    /// Why the records do not fit; empty if they do. @pre Nothing is being written.
    [[nodiscard]] const std::string& refusal() const noexcept { return refusal_; }

private:
    void look_for(const catena::page_commit& page);

    std::shared_ptr<catena::sink> into_;
    std::vector<std::string> wanted_;
    std::string refusal_;
};

}  // namespace command
