#include "run/body_pool.hpp"

#include <utility>

namespace catena {

std::string body_pool::take()
{
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return {};
    std::string buffer = std::move(free_.back());  // the last one is the warmest
    free_.pop_back();
    octets_ -= buffer.capacity();
    return buffer;
}

std::shared_ptr<const std::string> body_pool::own(std::string body)
{
    auto back = [pool = shared_from_this()](std::string* used) {
        const std::unique_ptr<std::string> owned(used);
        pool->give_back(std::move(*used));
    };
    return std::shared_ptr<const std::string>(new std::string(std::move(body)), std::move(back));
}

void body_pool::give_back(std::string buffer) noexcept
{
    buffer.clear();
    const std::lock_guard lock(mutex_);
    if (free_.size() == most_buffers || octets_ + buffer.capacity() > most_octets) return;
    octets_ += buffer.capacity();
    free_.push_back(std::move(buffer));
}

}  // namespace catena
