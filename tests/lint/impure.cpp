#include <chrono>

// Planted: the check of purity must find this.
long long impure() { return std::chrono::steady_clock::now().time_since_epoch().count(); }
