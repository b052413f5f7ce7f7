#include "store/files.hpp"

#include "store/broken.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace catena::storage {

descriptor::~descriptor()
{
    if (number_ >= 0) ::close(number_);
}

std::string real_path(const std::string& path)
{
    namespace fs = std::filesystem;
    std::error_code ec;
    const fs::path whole = fs::absolute(path, ec);
    const fs::path folder = whole.parent_path();
    if (path.empty() || !whole.has_filename())
        refuse(errc::store_refused, "a store is a file, and '" + path + "' names none");
    if (!fs::is_directory(folder, ec))
        refuse(errc::store_refused, "the folder of " + path + " is not there",
               "make the folder " + folder.string() + ", or set make_folder");
    const fs::path real = fs::weakly_canonical(whole, ec);
    return ec ? whole.string() : real.string();
}

void sync_folder_of(const std::string& path)
{
    const std::string folder = std::filesystem::path(path).parent_path().string();
    const descriptor d(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!d || ::fsync(d.number()) != 0)
        refuse(errc::store_failed, "the folder " + folder + " cannot be synced: " + in_words(errno),
               "look after the disk");
}

namespace {

std::string holder(int file)
{
    char text[128];
    const ssize_t got = ::pread(file, text, sizeof text, 0);
    std::string name(text, got > 0 ? static_cast<std::size_t>(got) : 0);
    if (const std::size_t end = name.find('\n'); end != name.npos) name.resize(end);
    return name.empty() ? "another process" : name;
}

std::string own_name()
{
    char host[65] = "";
    if (::gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
    return "process " + std::to_string(::getpid()) + " on host " + host;
}

// Whoever held it before may have removed it in the meantime: such a lock excludes nobody.
bool is_still_there(int file, const std::string& name)
{
    struct stat held = {}, now = {};
    return ::fstat(file, &held) == 0 && ::lstat(name.c_str(), &now) == 0 &&
           held.st_ino == now.st_ino && held.st_dev == now.st_dev;
}

descriptor take(const std::string& path, const std::string& name)
{
    descriptor file(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file)
        refuse(errc::store_refused, "cannot open the lock " + name + ": " + in_words(errno),
               "give this user the right to write there");
    if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            refuse(errc::store_locked, path + " is open already, by " + holder(file.number()),
                   "end that process, or wait for it");
        refuse(errc::store_refused, "cannot lock " + name + ": " + in_words(errno),
               "put the store on a local disk");
    }
    return file;
}

}  // namespace

job_lock::job_lock(const std::string& path)
{
    const std::string name = path + ".lock";
    file_ = take(path, name);
    constexpr int enough = 100;  // in each round another holder must have come and gone
    for (int round = 1; !is_still_there(file_.number(), name); ++round) {
        if (round == enough)
            refuse(errc::store_locked, "the lock " + name + " is removed again and again",
                   "end what removes it");
        file_ = take(path, name);
    }
    const std::string text = own_name() + "\n";
    // Only a name for people: the lock itself holds whether or not it could be written.
    if (::ftruncate(file_.number(), 0) != 0 ||
        ::pwrite(file_.number(), text.data(), text.size(), 0) < 0)
        return;
}

}  // namespace catena::storage
