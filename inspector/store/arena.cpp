#include "inspector/store/arena.hpp"

#include <cstdlib>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace cancelscope::inspector {

void* large_pages::take(std::size_t bytes) {
#ifdef __linux__
  const std::size_t whole = (bytes + size - 1) / size * size;
  void* const memory = std::aligned_alloc(size, whole);
  if (memory == nullptr) throw std::bad_alloc();
  // Advice: where it is not taken, the pages are small.
  madvise(memory, whole, MADV_HUGEPAGE);
  return memory;
#else
  return ::operator new(bytes);
#endif
}

void large_pages::give_back(void* memory) noexcept {
#ifdef __linux__
  std::free(memory);
#else
  ::operator delete(memory);
#endif
}

} // namespace cancelscope::inspector
