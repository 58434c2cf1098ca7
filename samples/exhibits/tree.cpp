#include "samples/exhibits/tree.hpp"

namespace cancelscope::samples {

using namespace std::chrono_literals;

namespace {

std::string name_of(const std::vector<std::size_t>& path) {
  std::string name = path.empty() ? "trunk" : "branch ";
  for (std::size_t level = 0; level < path.size(); ++level)
    name += (level == 0 ? "" : ".") + std::to_string(path[level]);
  return name;
}

} // namespace

std::size_t tree::full_size() const {
  std::size_t all = 1;
  std::size_t level = 1;
  for (int i = 0; i < shape_.depth; ++i) {
    level *= static_cast<std::size_t>(shape_.branches);
    all += level;
  }
  return all;
}

task<> tree::grow_at(region here, std::vector<std::size_t> path) {
  std::vector<join_handle<void>> inside;
  inside.push_back(here.spawn("worker of " + name_of(path), work()));
  branches_.push_back({here, name_of(path), path, inside.front().handle()});
  for (int i = 0; static_cast<int>(path.size()) < shape_.depth && i < shape_.branches; ++i) {
    std::vector<std::size_t> next = path;
    next.push_back(static_cast<std::size_t>(i));
    const std::string name = "holds " + name_of(next);
    inside.push_back(here.spawn(name, hold(std::move(next))));
  }
  // The request that ends all of them ends this body as well, once they are joined.
  static_cast<void>(co_await shield(join_all(inside)));
  co_await checkpoint();
}

task<> tree::hold(std::vector<std::size_t> path) {
  const std::string name = name_of(path);
  const auto body = [this, &path](region here) { return grow_at(here, path); };
  // That the branch is cancelled is no concern of what it grew on.
  static_cast<void>(co_await with_region(name, body));
}

task<> tree::work() const {
  for (;;)
    co_await sleep(1s);
}

} // namespace cancelscope::samples
