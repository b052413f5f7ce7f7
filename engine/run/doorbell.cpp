#include "run/doorbell.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace catena {

namespace asio = boost::asio;

void doorbell::ring() noexcept
{
    const std::lock_guard lock(mutex_);
    if (owner_ == nullptr) return;
    try {
        asio::post(ex_, [self = shared_from_this()] {
            owner* o = nullptr;
            {
                const std::lock_guard inside(self->mutex_);
                o = self->owner_;
            }
            if (o != nullptr) o->come();
        });
    } catch (...) {
        return;  // whoever does not come is passed over after a while
    }
}

void doorbell::close() noexcept
{
    asio::any_io_executor gone;  // goes when nothing is locked
    const std::lock_guard lock(mutex_);
    owner_ = nullptr;
    std::swap(gone, ex_);
}

void ring(const bells& all) noexcept
{
    for (const auto& one : all)
        one->ring();
}

}  // namespace catena
