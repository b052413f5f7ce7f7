#include "ui/browser.hpp"

#include "support/process.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace catena::testing {

namespace json = boost::json;

namespace {

constexpr auto patience = std::chrono::seconds(30);

/// Both ends above the numbers that the browser has its pipe at.
void open_pipe(int (&ends)[2])
{
    int low[2];
    if (::pipe2(low, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    for (int i = 0; i < 2; ++i) {
        ends[i] = ::fcntl(low[i], F_DUPFD_CLOEXEC, 10);
        ::close(low[i]);
    }
}

int start(std::vector<std::string> words, int in, int out, const std::string& log)
{
    std::vector<char*> arguments;
    for (std::string& w : words)
        arguments.push_back(w.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    posix_spawn_file_actions_adddup2(&files, in, 3);
    posix_spawn_file_actions_adddup2(&files, out, 4);
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&how, 0);
    int id = -1;
    const int failed = ::posix_spawnp(&id, arguments[0], &files, &how, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    if (failed != 0) throw std::runtime_error("the browser cannot be started");
    return id;
}

std::string text_of(const json::value& v) { return json::serialize(v); }

}  // namespace

std::string browser::program()
{
    for (const char* name : {"chromium", "chromium-browser", "google-chrome"})
        if (installed(name)) return name;
    return {};
}

browser::browser()
{
    folder_ = (std::filesystem::temp_directory_path() / "catena-browser-XXXXXX").string();
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no scratch folder");
    int commands[2], answers[2];
    open_pipe(commands);
    open_pipe(answers);
    id_ =
        start({program(), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
               "--disable-background-networking", "--disable-component-update",
               "--disable-default-apps", "--disable-sync", "--disable-dev-shm-usage",
               "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
               "--user-data-dir=" + folder_ + "/profile", "--remote-debugging-pipe", "about:blank"},
              commands[0], answers[1], folder_ + "/log");
    ::close(commands[0]);
    ::close(answers[1]);
    to_ = commands[1];
    from_ = answers[0];
    const json::object made = call("Target.createTarget", {{"url", "about:blank"}});
    const json::object joined =
        call("Target.attachToTarget", {{"targetId", made.at("targetId")}, {"flatten", true}});
    session_ = joined.at("sessionId").as_string().c_str();
    for (const char* domain : {"Runtime.enable", "Log.enable", "Network.enable", "Page.enable"})
        (void)call(domain, {});
}

browser::~browser()
{
    ::close(to_);
    ::close(from_);
    if (id_ > 0) {
        ::kill(-id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

json::object browser::next_message()
{
    const auto until = std::chrono::steady_clock::now() + patience;
    for (std::size_t end = unread_.find('\0'); end == std::string::npos; end = unread_.find('\0')) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - std::chrono::steady_clock::now());
        pollfd ready{from_, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0)
            throw std::runtime_error("the browser does not answer");
        char room[65'536];
        const ssize_t n = ::read(from_, room, sizeof room);
        if (n <= 0) throw std::runtime_error("the browser has gone");
        unread_.append(room, static_cast<std::size_t>(n));
    }
    const std::size_t end = unread_.find('\0');
    json::object message = json::parse(unread_.substr(0, end)).as_object();
    unread_.erase(0, end + 1);
    return message;
}

json::object browser::call(const std::string& method, json::object params)
{
    const int number = ++calls_;
    json::object ask{{"id", number}, {"method", method}, {"params", std::move(params)}};
    if (!session_.empty()) ask["sessionId"] = session_;
    std::string text = json::serialize(ask);
    text += '\0';
    if (::write(to_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw std::runtime_error("the browser does not listen");
    for (;;) {
        json::object message = next_message();
        const json::value* id = message.if_contains("id");
        if (id == nullptr) {
            hear(message);
        } else if (id->as_int64() == number) {
            if (message.contains("error"))
                throw std::runtime_error(method + ": " + text_of(message.at("error")));
            return message.at("result").as_object();
        }
    }
}

void browser::hear(const json::object& event)
{
    const std::string method = event.at("method").as_string().c_str();
    if (method == "Runtime.consoleAPICalled" || method == "Runtime.exceptionThrown" ||
        method == "Log.entryAdded")
        console_.push_back(text_of(event.at("params")));
    if (method == "Network.requestWillBeSent")
        requests_.emplace_back(event.at("params").at("request").at("url").as_string().c_str());
}

void browser::open(const std::string& url, int width, int height)
{
    (void)call("Emulation.setDeviceMetricsOverride",
               {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", false}});
    console_.clear();
    requests_.clear();
    (void)call("Page.navigate", {{"url", url}});
    if (!wait_for("document.readyState === 'complete' && location.href !== 'about:blank'"))
        throw std::runtime_error("the page does not load: " + url);
}

json::value browser::evaluate(const std::string& expression)
{
    const json::object made =
        call("Runtime.evaluate",
             {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
    if (made.contains("exceptionDetails"))
        throw std::runtime_error(expression + ": " + text_of(made.at("exceptionDetails")));
    const json::object& result = made.at("result").as_object();
    return result.contains("value") ? result.at("value") : json::value();
}

bool browser::wait_for(const std::string& expression)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < until) {
        const json::value v = evaluate(expression);
        if (v.is_bool() && v.as_bool()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

}  // namespace catena::testing
