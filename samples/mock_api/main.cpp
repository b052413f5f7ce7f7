// Serves a connector's contract on 127.0.0.1 with made-up records, for tests by hand: what is
// fetched with the connector from here can be compared with what the server says it holds.
#include <catena/codec/connector_json.hpp>
#include <catena/testing/mock_api.hpp>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace testing = catena::testing;

namespace {

std::string text_of(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

// Until its input ends, or it is asked to end. Signals are taken here and by no other thread.
class patience {
public:
    explicit patience(bool reads) : reads_(reads)
    {
        sigemptyset(&ends_);
        sigaddset(&ends_, SIGINT);
        sigaddset(&ends_, SIGTERM);
        if (!reads_) pthread_sigmask(SIG_BLOCK, &ends_, nullptr);
    }

    void wait() const
    {
        int which = 0;
        if (!reads_) sigwait(&ends_, &which);
        while (reads_ && std::cin.get() != std::char_traits<char>::eof()) {
        }
    }

private:
    bool reads_;
    sigset_t ends_{};
};

// In one step: whoever waits for the file finds it whole.
void describe(const std::string& path, const catena::connector& c)
{
    const std::string fresh = path + ".new";
    std::ofstream file(fresh);
    file << catena::to_json(c);
    file.close();
    if (!file) throw std::runtime_error("cannot write " + fresh);
    std::filesystem::rename(fresh, path);
}

bool take_option(const std::string& word, testing::behaviour& manner)
{
    using windows = testing::behaviour::window_kind;
    using fields = testing::behaviour::limit_words;
    manner.enforce_limits = manner.enforce_limits || word.starts_with("--limits=");
    if (word == "--limits=bucket")
        manner.windows = windows::bucket;
    else if (word == "--limits=sliding")
        manner.windows = windows::sliding;
    else if (word == "--limits=fixed")
        manner.windows = windows::fixed;
    else if (word == "--tells=draft")
        manner.tells = fields::draft;
    else if (word == "--tells=x-ratelimit")
        manner.tells = fields::x_ratelimit;
    else
        return false;
    return true;
}

}  // namespace

int main(int argc, char* argv[])
try {
    testing::behaviour manner;
    std::vector<std::string> words;
    std::string described;
    bool misused = false;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word.starts_with("--describe=") && word.size() > 11)
            described = word.substr(11);
        else if (word.starts_with("--"))
            misused = !take_option(word, manner) || misused;
        else
            words.push_back(word);
    }
    if (misused || words.empty() || words.size() > 3) {
        std::cerr
            << "usage: catena-mock-api [OPTIONS] CONNECTOR.json [RECORDS [SEED]]\n"
               "Prints its URL and serves until its input ends; then it prints its log.\n"
               "  --describe=FILE                 writes the connector with its own address "
               "there,\n"
               "                                  and serves until it is ended (SIGTERM, Ctrl-C)\n"
               "  --limits=bucket|sliding|fixed   answers 429 above the connector's policies,\n"
               "                                  counted so\n"
               "  --tells=draft|x-ratelimit       tells of them in RateLimit and\n"
               "                                  RateLimit-Policy, or in X-RateLimit-*\n";
        return 2;
    }
    const catena::connector c = catena::load_connector(text_of(words[0]));
    testing::dataset_options d;
    if (words.size() > 1) d.records = std::stoul(words[1]);
    if (words.size() > 2) d.seed = std::stoull(words[2]);

    const patience end(described.empty());
    testing::mock_api api(c, testing::make_dataset(c, d), manner);
    const catena::connector here = api.described(c);
    std::cout << here.request.url << std::endl;
    if (!described.empty()) describe(described, here);
    end.wait();
    if (!described.empty()) return EXIT_SUCCESS;

    for (const testing::served& line : api.log()) {
        std::cout << line.number << ' ' << line.method << ' ' << line.status << " page "
                  << line.page << ", " << line.records << " records";
        if (!line.why.empty()) std::cout << ": " << line.why;
        std::cout << '\n';
    }
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << "catena-mock-api: " << e.what() << '\n';
    return EXIT_FAILURE;
}
