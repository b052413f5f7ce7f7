#include "store/gzip_writer.hpp"

#include <algorithm>
#include <limits>
#include <new>

namespace catena::storage {

gzip_writer::gzip_writer(int level)
{
    const int window_of_gzip = 15 + 16, memory = 8;
    if (deflateInit2(&z_, level, Z_DEFLATED, window_of_gzip, memory, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc();
}

void gzip_writer::add(std::string_view octets, std::string& to)
{
    open_ = true;
    const std::size_t most = std::numeric_limits<uInt>::max();
    for (; !octets.empty(); octets.remove_prefix(std::min(most, octets.size())))
        run(octets.substr(0, most), Z_NO_FLUSH, to);
}

void gzip_writer::end(std::string& to)
{
    if (!open_) return;
    run({}, Z_FINISH, to);
    forget();
}

void gzip_writer::forget()
{
    deflateReset(&z_);
    open_ = false;
}

void gzip_writer::run(std::string_view octets, int how, std::string& to)
{
    char room[16384];
    // zlib does not write to its input.
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));
    z_.avail_in = static_cast<uInt>(octets.size());
    do {
        z_.next_out = reinterpret_cast<Bytef*>(room);
        z_.avail_out = sizeof room;
        deflate(&z_, how);
        to.append(room, sizeof room - z_.avail_out);
    } while (z_.avail_out == 0);
}

}  // namespace catena::storage
