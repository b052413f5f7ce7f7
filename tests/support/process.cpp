#include "support/process.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <istream>
#include <signal.h>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace catena::testing {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

process::process()
{
    std::string name = (std::filesystem::temp_directory_path() / "catena-test-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) folder_ = name;
}

process::~process()
{
    kill();
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

bool process::start(std::vector<std::string> words)
{
    std::vector<char*> arguments;
    for (std::string& w : words)
        arguments.push_back(w.data());
    arguments.push_back(nullptr);

    const std::string log = folder_ + "/output.log";
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    const int failed = posix_spawnp(&id_, arguments[0], &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) id_ = -1;
    return failed == 0;
}

bool process::wait_for_port(unsigned short port)
{
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    asio::io_context context;
    while (std::chrono::steady_clock::now() < until) {
        if (waitpid(id_, nullptr, WNOHANG) == id_) {
            id_ = -1;
            return false;
        }
        tcp::socket s(context);
        boost::system::error_code ec;
        s.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port), ec);
        if (!ec) return true;
        asio::steady_timer pause(context, std::chrono::milliseconds(20));
        pause.wait();
    }
    return false;
}

int process::wait()
{
    int status = 0;
    if (id_ <= 0 || waitpid(id_, &status, 0) != id_) return -1;
    id_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void process::interrupt()
{
    if (id_ > 0) ::kill(id_, SIGINT);
}

void process::kill()
{
    if (id_ <= 0) return;
    ::kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
    id_ = -1;
}

std::string process::output() const
{
    std::ifstream file(folder_ + "/output.log");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

bool installed(const std::string& program)
{
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (access((folder + "/" + program).c_str(), X_OK) == 0) return true;
    return false;
}

unsigned short free_port()
{
    asio::io_context context;
    tcp::acceptor a(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    return a.local_endpoint().port();
}

int send(unsigned short port, const std::string& method, const std::string& target,
         const std::string& body, const std::vector<std::string>& headers)
{
    asio::io_context context;
    tcp::socket s(context);
    boost::system::error_code ec;
    s.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port), ec);
    if (ec) return 0;

    std::string text =
        method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
        "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
    for (const std::string& h : headers)
        text += h + "\r\n";
    text += "\r\n" + body;
    asio::write(s, asio::buffer(text), ec);

    asio::streambuf answer;
    asio::read_until(s, answer, "\r\n", ec);
    std::istream line(&answer);
    std::string version;
    int status = 0;
    line >> version >> status;
    return status;
}

}  // namespace catena::testing
