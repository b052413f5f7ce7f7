// Servers that nobody here wrote, each described by a connector file alone. One that is not
// installed is skipped with a word.
#include "support/catch.hpp"
#include "support/process.hpp"
#include "support/walk.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>

using namespace catena;
using namespace catena::testing;

namespace {

// The connector of that name, pointed at a port of this machine.
connector described(const std::string& name, unsigned short port)
{
    std::ifstream file(CATENA_SOURCE_DIR "/tests/integration/connectors/" + name + ".json");
    std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::string host = "127.0.0.1";
    text.replace(text.find(host), host.size(), host + ":" + std::to_string(port));
    return load_connector(text);
}

bool missing(const std::string& program)
{
    if (installed(program)) return false;
    std::cout << "SKIPPED: " << program << " is not installed\n";
    return true;
}

// A script of an npm package, or nothing.
std::string npm_script(const std::string& name)
{
    const char* folder = std::getenv("CATENA_NPM");
    const std::string path =
        std::string(folder != nullptr ? folder : "") + "/node_modules/.bin/" + name;
    if (folder != nullptr && installed("node") && std::filesystem::exists(path)) return path;
    std::cout << "SKIPPED: the npm package " << name << " is not installed; set CATENA_NPM\n";
    return {};
}

std::string base64(const std::string& text)
{
    constexpr char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        unsigned bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = bits << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            out += k <= text.size() - i ? letters[bits >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

void check_each_once(const walked& w, std::size_t expected)
{
    INFO(w.why.text());
    CHECK_FALSE(w.why.code);
    CHECK(w.records.size() == expected);
    CHECK(std::set<std::string>(w.records.begin(), w.records.end()).size() == expected);
    CHECK(w.pages > 1);
}

}  // namespace

TEST_CASE("a Docker registry's catalog is walked by its Link headers", "[integration][P21]")
{
    if (missing("docker-registry")) return;
    constexpr int repositories = 200;

    process server;
    for (int i = 0; i < repositories; ++i) {
        const std::string name = "/data/docker/registry/v2/repositories/team" +
                                 std::to_string(i % 7) + "/app+" + std::to_string(i);
        std::filesystem::create_directories(server.folder() + name + "/_layers");
        std::filesystem::create_directories(server.folder() + name + "/_manifests");
    }
    const unsigned short port = free_port();
    std::ofstream(server.folder() + "/config.yml")
        << "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: "
        << server.folder() << "/data}}\nhttp: {addr: \"127.0.0.1:" << port << "\"}\n";
    REQUIRE(server.start({"docker-registry", "serve", server.folder() + "/config.yml"}));
    REQUIRE(server.wait_for_port(port));

    check_each_once(walk(described("docker_registry", port)), repositories);
}

TEST_CASE("an etcd key space is walked by its last key", "[integration]")
{
    if (missing("etcd")) return;
    constexpr int keys = 333;

    process server;
    const unsigned short port = free_port();
    const std::string clients = "http://127.0.0.1:" + std::to_string(port);
    const std::string peers = "http://127.0.0.1:" + std::to_string(free_port());
    REQUIRE(server.start({"etcd", "--data-dir", server.folder() + "/data", "--listen-client-urls",
                          clients, "--advertise-client-urls", clients, "--listen-peer-urls", peers,
                          "--initial-advertise-peer-urls", peers, "--initial-cluster",
                          "default=" + peers, "--unsafe-no-fsync"}));
    REQUIRE(server.wait_for_port(port));
    for (int i = 0; i < keys; ++i) {
        const std::string pair = R"({"key":")" + base64("key/" + std::to_string(i)) +
                                 R"(","value":")" + base64("value " + std::to_string(i)) + R"("})";
        REQUIRE(send(port, "POST", "/v3/kv/put", pair) == 200);
    }

    check_each_once(walk(described("etcd", port)), keys);
}

TEST_CASE("a json-server collection is walked by page numbers and by its Link header",
          "[integration]")
{
    const std::string script = npm_script("json-server");
    if (script.empty()) return;
    constexpr int items = 500;

    process server;
    const unsigned short port = free_port();
    {
        std::ofstream data(server.folder() + "/db.json");
        data << R"({"items":[)";
        for (int i = 0; i < items; ++i)
            data << (i == 0 ? "" : ",") << R"({"id":)" << i + 1 << R"(,"title":"item \"quoted\" & )"
                 << i << "\"}";
        data << "]}";
    }
    REQUIRE(server.start({"node", script, server.folder() + "/db.json", "--host", "127.0.0.1",
                          "--port", std::to_string(port), "--quiet"}));
    REQUIRE(server.wait_for_port(port));

    check_each_once(walk(described("json_server", port)), items);
    check_each_once(walk(described("json_server_link", port)), items);
}

TEST_CASE("a DynamoDB table is scanned by its last evaluated key", "[integration]")
{
    const std::string script = npm_script("dynalite");
    if (script.empty()) return;
    constexpr int items = 250;
    const std::string credentials =
        "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/dynamodb/aws4_request, "
        "SignedHeaders=host, Signature=none";

    process server;
    const unsigned short port = free_port();
    REQUIRE(server.start({"node", script, "--host", "127.0.0.1", "--port", std::to_string(port),
                          "--createTableMs", "0"}));
    REQUIRE(server.wait_for_port(port));
    const auto call = [&](const std::string& operation, const std::string& body) {
        return send(port, "POST", "/", body,
                    {"X-Amz-Target: DynamoDB_20120810." + operation, "X-Amz-Date: 20260101T000000Z",
                     "Content-Type: application/x-amz-json-1.0", "Authorization: " + credentials});
    };
    REQUIRE(call("CreateTable",
                 R"({"TableName":"items","BillingMode":"PAY_PER_REQUEST",)"
                 R"("AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],)"
                 R"("KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]})") == 200);
    for (int i = 0; i < items; ++i)
        REQUIRE(call("PutItem", R"({"TableName":"items","Item":{"id":{"S":"item)" +
                                    std::to_string(i) + R"("}}})") == 200);

    engine_options options;
    options.secrets = [&](setting::source, const std::string&) {
        return std::optional<secret>(secret(credentials));
    };
    check_each_once(walk(described("dynalite", port), std::move(options)), items);
}

#if defined(CATENA_XML)
TEST_CASE("an S3 bucket is listed by continuation tokens and by last keys", "[integration][xml]")
{
    const std::string script = npm_script("s3rver");
    if (script.empty()) return;
    constexpr int objects = 250;

    process server;
    const unsigned short port = free_port();
    // Its tokens need a cipher that OpenSSL 3 keeps apart.
    REQUIRE(
        server.start({"node", "--openssl-legacy-provider", script, "--directory", server.folder(),
                      "--address", "127.0.0.1", "--port", std::to_string(port), "--silent"}));
    REQUIRE(server.wait_for_port(port));
    REQUIRE(send(port, "PUT", "/bucket", "") == 200);
    for (int i = 0; i < objects; ++i)
        REQUIRE(send(port, "PUT", "/bucket/a%26b%20%3Cc%3E%2B%C3%A9" + std::to_string(i), "x") ==
                200);

    check_each_once(walk(described("s3_v2", port)), objects);
    check_each_once(walk(described("s3_v1", port)), objects);
}
#endif
