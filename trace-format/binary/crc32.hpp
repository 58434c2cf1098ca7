// The checksum of the binary encoding: CRC-32 as in zlib, gzip and PNG (ISO 3309, polynomial 0xEDB88320 reflected), which
// every language has at hand.
//
// Threading: pure. Failure: none.
#pragma once

#include <cstdint>
#include <string_view>

namespace cancelscope::trace {

std::uint32_t crc32(std::string_view bytes);

} // namespace cancelscope::trace
