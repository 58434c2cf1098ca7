// The binary encoding: nothing lost on the way there and back, and one test for each edge of the format.
#include "tests/trace-format/event_maker.hpp"
#include "tests/trace-format/support.hpp"
#include "trace-format/binary/binary_writer.hpp"
#include "trace-format/binary/crc32.hpp"
#include "trace-format/binary/seek_index.hpp"
#include "trace-format/binary/varint.hpp"

#include <gmock/gmock.h>

#include <limits>
#include <sstream>

namespace cancelscope::trace::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

/// Writes what a reader of any encoding gives.
struct binary_copy final : trace_handler {
  explicit binary_copy(binary_options options = {}) : writer(options) {}
  void on_event(const event& e, std::uint64_t) override { writer.append(e, bytes); }
  void on_anomaly(const anomaly&) override {}

  binary_writer writer;
  std::string bytes;
};

std::string binary_of(std::string_view lines, binary_options options = {}) {
  binary_copy copy{options};
  jsonl_reader reader{copy};
  reader.feed(lines);
  EXPECT_TRUE(reader.finish());
  copy.writer.finish(copy.bytes);
  return std::move(copy.bytes);
}

std::string after_header(std::string_view lines) {
  return std::string(header_line) + std::string(lines);
}

/// What a reader made of some bytes, as a value.
struct account {
  std::vector<std::string> events;
  std::vector<std::string> anomalies;
};

account read_lines(std::string_view lines) {
  reading read;
  read_into(read, lines);
  return {read.events, read.anomalies};
}

/// The offsets at which blocks begin.
std::vector<std::size_t> blocks_of(std::string_view bytes) {
  std::vector<std::size_t> found;
  for (std::size_t at = binary_signature.size(); at < bytes.size();) {
    const auto head = get_block_head(bytes.substr(at));
    if (!head) break;
    found.push_back(at);
    at += block_head::size + head->payload_size;
  }
  return found;
}

/// Three events in a block of their own each, and an end.
std::string four_blocks() {
  return binary_of(after_header(R"({"ev":"mark","t":1,"label":"one"}
{"ev":"mark","t":2,"label":"two"}
{"ev":"mark","t":3,"label":"three"}
{"ev":"end","t":4}
)"),
                   {.events_in_block = 1});
}

// ---- There and back ----

TEST(Binary, GivesTheSameEventsAsJsonLines) {
  for (const char* name : {"asyncio.jsonl", "go-context.jsonl", "unknown.jsonl",
                           "every-event.jsonl", "strengthening.jsonl", "windows.jsonl"}) {
    const account lines = read_lines(data_file(name));
    reading binary;
    read_binary_into(binary, binary_of(data_file(name)));
    EXPECT_EQ(binary.events, lines.events) << name;
    EXPECT_EQ(binary.anomalies, lines.anomalies) << name;
  }
}

TEST(Binary, LosesNothingOfRandomEventsInBlocksOfAnySize) {
  for (const std::uint32_t size : {1U, 7U, 100000U}) {
    event_maker maker{size};
    std::string lines;
    std::string bytes;
    binary_writer writer{{.events_in_block = size}};
    for (int i = 0; i < 3000; ++i) {
      const event e = maker.make();
      if (std::holds_alternative<end_of_trace>(e.body)) continue;
      jsonl_writer{}.append(e, lines);
      writer.append(e, bytes);
    }
    writer.finish(bytes);
    reading binary;
    read_binary_into(binary, bytes);
    binary.events.erase(binary.events.begin());
    std::string again;
    for (const std::string& line : binary.events)
      again += line + "\n";
    EXPECT_EQ(again, lines);
    EXPECT_THAT(binary.anomalies, ElementsAre(::testing::EndsWith("cut-off")));
  }
}

TEST(Binary, IsReadTheSameHoweverTheBytesAreCut) {
  const std::string bytes = binary_of(data_file("every-event.jsonl"), {.events_in_block = 5});
  reading whole;
  read_binary_into(whole, bytes);
  for (const std::size_t piece : {1, 3, 48, 1000}) {
    reading pieces;
    read_binary_into(pieces, bytes, piece);
    EXPECT_EQ(pieces.events, whole.events) << piece;
    EXPECT_EQ(pieces.anomalies, whole.anomalies) << piece;
  }
}

TEST(Binary, IsToldFromJsonLinesByItsFirstBytes) {
  for (const std::string& bytes : {four_blocks(), data_file("first.jsonl")}) {
    for (const std::size_t piece : {std::size_t{1}, bytes.size()}) {
      reading read;
      const auto reader = trace_reader_of_any_encoding(read);
      for (std::size_t at = 0; at < bytes.size(); at += piece)
        reader->feed(std::string_view(bytes).substr(at, piece));
      EXPECT_TRUE(reader->finish());
      EXPECT_THAT(read.anomalies, IsEmpty());
    }
  }
}

TEST(Binary, KeepsTheNumbersOfTheLines) {
  const std::string bytes = four_blocks();
  struct numbers final : trace_handler {
    void on_event(const event&, std::uint64_t line) override { lines.push_back(line); }
    void on_anomaly(const anomaly&) override {}
    std::vector<std::uint64_t> lines;
  } read;
  binary_reader reader{read};
  reader.feed(bytes);
  EXPECT_TRUE(reader.finish());
  EXPECT_THAT(read.lines, ElementsAre(1, 2, 3, 4, 5));
}

// ---- The header ----

TEST(Binary, KeepsTheHeaderWholeWithFieldsItDoesNotKnow) {
  const std::string written =
      R"({"ev":"trace","format":"cancelscope","version":1,"seed":"0x2a","host":{"os":"plan9"}})";
  reading read;
  read_binary_into(read, binary_of(written + "\n"));
  EXPECT_EQ(read.events.front(), written);
}

TEST(Binary, OfANewerVersionIsRefused) {
  std::string bytes(binary_signature);
  put_block(bytes, {.type = 'H', .flags = block_head::essential},
            R"({"ev":"trace","format":"cancelscope","version":2})");
  reading read;
  read_binary_into(read, bytes);
  EXPECT_THAT(read.refusal, HasSubstr("a newer Cancelscope can open it"));
}

TEST(Binary, InANewerLayoutIsRefused) {
  std::string bytes(binary_signature);
  put_block(bytes, {.type = 'H', .flags = block_head::essential, .layout_version = 2},
            header_line.substr(0, header_line.size() - 1));
  reading read;
  read_binary_into(read, bytes);
  EXPECT_THAT(read.refusal, HasSubstr("layout 2"));
}

TEST(Binary, WithADamagedHeaderIsRefused) {
  std::string bytes = four_blocks();
  bytes[binary_signature.size() + block_head::size + 3] ^= 1;
  reading read;
  read_binary_into(read, bytes);
  EXPECT_THAT(read.refusal, HasSubstr("damaged where its header should be"));
}

TEST(Binary, ThatStopsBeforeItsHeaderIsRefused) {
  for (const std::size_t size : {std::size_t{1}, binary_signature.size(), std::size_t{40}}) {
    reading read;
    read_binary_into(read, four_blocks().substr(0, size));
    EXPECT_NE(read.refusal, "") << size;
  }
}

// ---- Numbers at their limits ----

TEST(Binary, KeepsNumbersAtTheLimitsOf64Bits) {
  const std::string lines = after_header(
      R"({"ev":"region_open","t":0,"region":"r18446744073709551615.18446744073709551615","parent":null,"budget":{"deadline":18446744073709551615,"polls":0,"cost":18446744073709551615,"priority":255}}
{"ev":"cancel","t":18446744073709551615,"cancel":"c18446744073709551615","kind":"user","target":"r18446744073709551615.18446744073709551615","deadline":0,"th":18446744073709551615}
)");
  reading read;
  read_binary_into(read, binary_of(lines));
  EXPECT_EQ(read.events, read_lines(lines).events);
}

TEST(Binary, KeepsATimeThatWentBack) {
  const std::string lines = after_header(R"({"ev":"mark","t":18446744073709551615,"label":"a"}
{"ev":"mark","t":0,"label":"b"}
{"ev":"mark","t":7,"label":"c"}
)");
  reading read;
  read_binary_into(read, binary_of(lines));
  EXPECT_EQ(read.events, read_lines(lines).events);
}

TEST(Varint, RoundTripsAtEveryLength) {
  for (unsigned bits = 0; bits <= 64; ++bits) {
    const std::uint64_t value = bits == 64 ? largest : (std::uint64_t{1} << bits) - 1;
    std::string bytes;
    put_varint(bytes, value);
    const char* at = bytes.data();
    std::uint64_t read = 1;
    EXPECT_TRUE(take_varint(at, bytes.data() + bytes.size(), read));
    EXPECT_EQ(read, value);
    at = bytes.data();
    EXPECT_FALSE(take_varint(at, bytes.data() + bytes.size() - 1, read)) << "cut";
    EXPECT_EQ(unfold_difference(fold_difference(value, 12345), 12345), value);
  }
}

TEST(Varint, OfMoreThan64BitsIsNone) {
  const std::string bytes = std::string(9, '\xFF') + "\x02";
  const char* at = bytes.data();
  std::uint64_t read = 0;
  EXPECT_FALSE(take_varint(at, bytes.data() + bytes.size(), read));
}

TEST(Crc32, IsTheOneOfZlib) {
  EXPECT_EQ(crc32(""), 0U);
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
  EXPECT_EQ(crc32("The quick brown fox jumps over the lazy dog"), 0x414FA339U);
}

// ---- Texts ----

TEST(Binary, MendsTextThatIsNotUtf8AsJsonLinesDo) {
  const event e{.t = 1, .body = mark{.label = "a\xFFz\xE2\x82"}};
  std::string line;
  jsonl_writer{}.append(e, line);
  std::string bytes;
  binary_writer writer;
  writer.append(e, bytes);
  writer.finish(bytes);
  reading read;
  read_binary_into(read, bytes);
  EXPECT_EQ(read.last_event() + "\n", line);
}

TEST(Binary, AnEventTooLargeForABlockIsDroppedAndSaidSo) {
  const std::string label(std::size_t{25} * 1024 * 1024, 'x');
  std::string bytes;
  binary_writer writer;
  writer.append({.t = 5, .body = mark{.label = label}}, bytes);
  writer.finish(bytes);
  reading read;
  read_binary_into(read, bytes);
  EXPECT_EQ(read.last_event(), R"({"ev":"dropped","t":5,"count":1})");
}

TEST(Binary, AnEventOfSixteenMegabytesIsKept) {
  const std::string label(std::size_t{16} * 1024 * 1024, 'x');
  std::string bytes;
  binary_writer writer;
  writer.append({.t = 5, .body = mark{.label = label}}, bytes);
  writer.finish(bytes);
  reading read;
  read_binary_into(read, bytes);
  EXPECT_THAT(read.last_event(), HasSubstr(label));
}

// ---- Damage ----

TEST(Binary, CutAnywhereGivesAllBlocksBefore) {
  const std::string bytes = four_blocks();
  const auto blocks = blocks_of(bytes);
  ASSERT_EQ(blocks.size(), 6U); // header, four events, index
  for (std::size_t size = blocks[1]; size <= bytes.size(); ++size) {
    const auto whole = std::ranges::upper_bound(blocks, size) - blocks.begin() - 2;
    reading read;
    read_binary_into(read, bytes.substr(0, size));
    if (size < blocks[5]) {
      EXPECT_EQ(read.events.size(), 1U + static_cast<std::size_t>(whole)) << size;
      EXPECT_THAT(read.anomalies.back(), HasSubstr("cut-off"));
    } else {
      EXPECT_EQ(read.events.size(), 5U) << size;
      if (size == blocks[5] || size == bytes.size())
        EXPECT_THAT(read.anomalies, IsEmpty()) << size;
      else
        EXPECT_THAT(read.anomalies, ElementsAre("5 bad-block")) << size;
    }
  }
}

TEST(Binary, BytesAfterTheLastBlockAreNoticed) {
  for (const std::size_t more : {1U, 8U, 100U}) {
    reading read;
    read_binary_into(read, four_blocks() + std::string(more, '\x07'));
    EXPECT_EQ(read.events.size(), 5U);
    EXPECT_THAT(read.anomalies, ElementsAre("5 bad-block")) << more;
  }
}

TEST(Binary, ABlockWhoseBytesDoNotAddUpIsMissingAtItsPlace) {
  std::string bytes = four_blocks();
  bytes[blocks_of(bytes)[2] + block_head::size] ^= 0x20;
  reading read;
  read_binary_into(read, bytes);
  EXPECT_THAT(read.events, ElementsAre(HasSubstr("trace"), HasSubstr("one"),
                                       R"({"ev":"dropped","t":1,"count":1})", HasSubstr("three"),
                                       HasSubstr("end")));
  EXPECT_THAT(read.anomalies, ElementsAre("2 bad-block"));
  EXPECT_THAT(read.last_message(), HasSubstr("It held 1 event."));
}

TEST(Binary, AHeadThatIsDamagedIsPassedOverUpToTheNextBlock) {
  for (const std::size_t in_head : {0U, 4U, 9U, 44U}) {
    std::string bytes = four_blocks();
    bytes[blocks_of(bytes)[2] + in_head] ^= 0x40;
    reading read;
    read_binary_into(read, bytes, 5);
    EXPECT_THAT(read.events, ElementsAre(HasSubstr("trace"), HasSubstr("one"), HasSubstr("dropped"),
                                         HasSubstr("three"), HasSubstr("end")));
    EXPECT_THAT(read.anomalies, ElementsAre("2 bad-block"));
  }
}

TEST(Binary, BytesBetweenBlocksArePassedOver) {
  std::string bytes = four_blocks();
  bytes.insert(blocks_of(bytes)[3], std::string(block_head::marker) + "no block at all" +
                                        std::string(block_head::marker));
  reading read;
  read_binary_into(read, bytes);
  EXPECT_EQ(read.events.size(), 5U);
  EXPECT_THAT(read.anomalies, ElementsAre("3 bad-block"));
}

TEST(Binary, AnyFlippedBitIsNoticed) {
  const std::string bytes = four_blocks();
  const auto blocks = blocks_of(bytes);
  for (std::size_t at = blocks[1]; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] ^= 0x04;
    reading read;
    read_binary_into(read, damaged);
    EXPECT_FALSE(read.anomalies.empty()) << at;
  }
}

TEST(Binary, ABlockThatStandsTwiceIsUsedOnce) {
  std::string bytes = four_blocks();
  const auto blocks = blocks_of(bytes);
  bytes.insert(blocks[2], bytes.substr(blocks[1], blocks[2] - blocks[1]));
  reading read;
  read_binary_into(read, bytes);
  EXPECT_EQ(read.events.size(), 5U);
  EXPECT_THAT(read.last_message(), HasSubstr("repeats what was before"));
}

TEST(Binary, WhatFollowsTheEndIsNotUsed) {
  const std::string bytes = binary_of(after_header(R"({"ev":"end","t":4})"), {});
  std::string more = bytes.substr(0, blocks_of(bytes)[2]);
  block_builder late;
  late.add({.t = 9, .body = mark{.label = "late"}});
  std::string payload;
  block_head head = late.finish(payload);
  head.type = 'E';
  head.flags = block_head::essential;
  head.first_event = 1;
  put_block(more, head, payload);
  reading read;
  read_binary_into(read, more);
  EXPECT_EQ(read.events.size(), 2U);
  EXPECT_THAT(read.anomalies, ElementsAre("3 bad-transition"));
}

// ---- What is newer ----

TEST(Binary, ABlockOfAnUnknownTypeThatIsNotEssentialIsPassedOver) {
  std::string bytes = four_blocks();
  std::string newer;
  put_block(newer, {.type = 'Z', .layout_version = 9, .first_event = 2}, "who knows");
  bytes.insert(blocks_of(bytes)[3], newer);
  reading read;
  read_binary_into(read, bytes);
  EXPECT_EQ(read.events.size(), 5U);
  EXPECT_THAT(read.anomalies, IsEmpty());
}

TEST(Binary, AnEssentialBlockOfAnUnknownTypeIsMissingAtItsPlace) {
  std::string bytes = four_blocks();
  const auto blocks = blocks_of(bytes);
  std::string newer;
  put_block(newer, {.type = 'Z', .flags = block_head::essential, .first_event = 1, .events = 1},
            "who knows");
  bytes.replace(blocks[2], blocks[3] - blocks[2], newer);
  reading read;
  read_binary_into(read, bytes);
  EXPECT_THAT(read.events[2], HasSubstr("dropped"));
  EXPECT_THAT(read.last_message(), HasSubstr("needs a newer Cancelscope"));
}

// ---- Payloads that add up and make no sense ----

/// A trace of one block with that payload.
account read_payload(std::string_view payload, std::uint32_t events) {
  std::string bytes(binary_signature);
  put_block(bytes, {.type = 'H', .flags = block_head::essential},
            header_line.substr(0, header_line.size() - 1));
  put_block(bytes, {.type = 'E', .flags = block_head::essential, .events = events}, payload);
  reading read;
  read_binary_into(read, bytes);
  return {read.events, read.anomalies};
}

TEST(Binary, APayloadWhoseContentIsImpossibleIsDamage) {
  const auto payload = [](std::initializer_list<int> bytes) {
    std::string made;
    for (const int byte : bytes)
      made.push_back(static_cast<char>(byte));
    return made;
  };
  // texts, regions, tasks, obligations, shapes, columns
  const std::vector<std::string> impossible{
      payload({}),                                             // nothing at all
      payload({9}),                                            // more texts than bytes
      payload({1, 2, 0xC3, 0x28, 0, 0, 0, 0, 0}),              // a text that is not UTF-8
      payload({0, 1, 0, 0, 0, 0, 0, 0}),                       // generation 0
      payload({0, 0, 0, 0, 1, 21, 0, 0, 0}),                   // a kind that does not exist
      payload({0, 0, 0, 0, 1, 20, 32, 0, 0}),                  // parts that do not exist
      payload({0, 0, 0, 0, 1, 4, 0, 1, 1, 0}),                 // task_run without its `dur`
      payload({0, 0, 0, 0, 1, 8, 0, 2, 1, 5, 0}),              // an outcome that does not exist
      payload({0, 0, 0, 0, 1, 20, 0, 1, 1, 0}),                // `end` with a field
      payload({0, 0, 0, 0, 1, 20, 0, 0, 1, 0, 5, 0}),          // a column longer than the payload
      payload({0, 0, 0, 0, 1, 20, 0, 0, 2, 1, 0, 0, 0}),       // columns out of order
      payload({0, 0, 0, 0, 1, 20, 0, 0, 1, 0, 1, 0}),          // an event without a time
      payload({0, 0, 0, 0, 1, 20, 0, 0, 2, 0, 1, 1, 1, 7, 0}), // a shape that is not listed
      payload({0, 0, 0, 0, 1, 20, 0, 0, 2, 0, 1, 1, 1, 0, 0, 99}),            // bytes left over
      payload({0, 0, 0, 0, 1, 4, 0, 2, 1, 1, 3, 0, 1, 1, 1, 80, 1, 0, 0, 0}), // a task not listed
      payload(
          {0, 0, 0, 0, 1, 18, 0, 1, 1, 3, 0, 1, 1, 1, 0xB0, 2, 1, 0, 0, 4}), // a text not listed
  };
  for (std::size_t i = 0; i < impossible.size(); ++i) {
    const account read = read_payload(impossible[i], 1);
    ASSERT_EQ(read.anomalies.size(), 2U) << i;
    EXPECT_THAT(read.anomalies[0], HasSubstr("bad-block")) << i;
    EXPECT_THAT(read.events.back(), HasSubstr(R"("ev":"dropped","t":0,"count":1)")) << i;
  }
}

TEST(Binary, TheWorkedExampleOfTheSpecificationIsWhatTheWriterWrites) {
  const std::string spec = slurp(std::string(CANCELSCOPE_SOURCE_DIR) + "/trace-format/SPEC.md");
  // Every line of the example is `offset  hex bytes  | what they are`.
  std::string bytes;
  const std::size_t begin = spec.find("<!-- the worked example in hex -->");
  ASSERT_NE(begin, std::string::npos);
  std::istringstream lines(spec.substr(begin));
  std::string line;
  for (std::getline(lines, line); std::getline(lines, line) && !line.starts_with("<!--");) {
    const std::size_t comment = line.find('|');
    if (comment == std::string::npos) continue;
    std::istringstream fields(line.substr(0, comment));
    std::string field;
    fields >> field; // the offset
    while (fields >> field)
      bytes.push_back(static_cast<char>(std::stoi(field, nullptr, 16)));
  }
  const std::string lines_of_example = R"({"ev":"trace","format":"cancelscope","version":1}
{"ev":"region_open","t":0,"region":"r0.1","parent":null,"name":"order 7"}
{"ev":"task_spawn","t":300,"task":"t0.1","region":"r0.1","name":"charge card"}
{"ev":"end","t":1420}
)";
  const auto hex = [](std::string_view of) {
    std::string digits;
    for (const char c : of) {
      constexpr char hexadecimal[] = "0123456789ABCDEF";
      digits += hexadecimal[static_cast<unsigned char>(c) >> 4U];
      digits += hexadecimal[static_cast<unsigned char>(c) & 15U];
      digits += ' ';
    }
    return digits;
  };
  EXPECT_EQ(hex(bytes), hex(binary_of(lines_of_example)));
}

// ---- Reading a part ----

/// A root region; then tasks that come and go one after the other, each waiting once.
std::string many_tasks(int count) {
  std::string lines = after_header(
      "{\"ev\":\"region_open\",\"t\":0,\"region\":\"r0.1\",\"parent\":null,\"name\":\"root\"}\n"
      "{\"ev\":\"region_open\",\"t\":1,\"region\":\"r1.1\",\"parent\":\"r0.1\",\"name\":"
      "\"cancelled\"}\n"
      "{\"ev\":\"task_spawn\",\"t\":2,\"task\":\"t0.1\",\"region\":\"r1.1\",\"name\":\"old\"}\n"
      "{\"ev\":\"cancel\",\"t\":3,\"cancel\":\"c1\",\"kind\":\"user\",\"target\":\"r1.1\","
      "\"message\":\"enough\"}\n"
      "{\"ev\":\"region_state\",\"t\":3,\"region\":\"r1.1\",\"state\":\"draining\",\"cancel\":"
      "\"c1\"}\n"
      "{\"ev\":\"cancel\",\"t\":3,\"cancel\":\"c2\",\"kind\":\"parent\",\"target\":\"t0.1\","
      "\"cause\":\"c1\"}\n"
      "{\"ev\":\"task_wait\",\"t\":4,\"task\":\"t0.1\",\"on\":\"io\",\"label\":\"forever\"}\n");
  for (int i = 0; i < count; ++i) {
    const std::string t = std::to_string(10 + i);
    const std::string task = "\"t1." + std::to_string(i + 1) + "\"";
    lines += "{\"ev\":\"task_spawn\",\"t\":" + t + ",\"task\":" + task + ",\"region\":\"r0.1\"}\n";
    lines += "{\"ev\":\"task_wait\",\"t\":" + t + ",\"task\":" + task + ",\"on\":\"timer\"}\n";
    lines += "{\"ev\":\"task_end\",\"t\":" + t + ",\"task\":" + task + ",\"outcome\":\"ok\"}\n";
    lines += "{\"ev\":\"release\",\"t\":" + t + ",\"id\":" + task + "}\n";
  }
  return lines + "{\"ev\":\"end\",\"t\":" + std::to_string(10 + count) + "}\n";
}

TEST(Binary, APartOfARemoteTraceIsReadFromItsIndex) {
  const std::string bytes =
      binary_of(many_tasks(5000), {.events_in_block = 1000, .events_between_snapshots = 5000});
  const auto end = find_index(std::string_view(bytes).substr(bytes.size() - index_trailer_size));
  ASSERT_TRUE(end);
  const auto index = get_index(std::string_view(bytes).substr(*end));
  ASSERT_TRUE(index);
  EXPECT_EQ(index->events, 7U + 4 * 5000 + 1);
  EXPECT_EQ(index->last_time, 5010U);

  const seek_point* const from = index->at_or_before(4000);
  ASSERT_NE(from, nullptr);
  EXPECT_LE(from->time, 4000U);
  EXPECT_GT(from->first_event, 10000U);
  const auto blocks = blocks_of(bytes);
  reading part;
  read_binary_into(
      part, bytes.substr(0, blocks[1]) + bytes.substr(static_cast<std::size_t>(from->offset)), 1000,
      trace_extent::part);
  EXPECT_THAT(part.anomalies, IsEmpty());
  // The snapshot: what is alive, and why; of the many tasks that came and went, at most one that is there now.
  ASSERT_GE(part.events.size(), 8U);
  EXPECT_THAT(part.events[1], HasSubstr(R"("region":"r0.1")"));
  EXPECT_THAT(part.events[4], HasSubstr("enough"));
  EXPECT_THAT(part.events[6], HasSubstr(R"("cause":"c1")"));
  EXPECT_THAT(part.events[7], HasSubstr("forever"));
  reading whole;
  read_binary_into(whole, bytes);
  const std::size_t later = whole.events.size() - 1 - static_cast<std::size_t>(from->first_event);
  EXPECT_TRUE(std::equal(whole.events.end() - static_cast<std::ptrdiff_t>(later),
                         whole.events.end(),
                         part.events.end() - static_cast<std::ptrdiff_t>(later)));
  EXPECT_LE(part.events.size() - later, 12U);
}

TEST(Binary, ASnapshotLeavesOutWhatIsOver) {
  std::string lines = after_header(R"({"ev":"region_open","t":0,"region":"r0.1","parent":null}
{"ev":"region_open","t":1,"region":"r1.1","parent":"r0.1"}
{"ev":"task_spawn","t":2,"task":"t0.1","region":"r1.1"}
{"ev":"cancel","t":3,"cancel":"c1","kind":"user","target":"t0.1"}
{"ev":"task_end","t":4,"task":"t0.1","outcome":"cancelled","cancel":"c1"}
{"ev":"region_state","t":5,"region":"r1.1","state":"closed"}
{"ev":"task_spawn","t":6,"task":"t1.1","region":"r0.1"}
{"ev":"task_wait","t":7,"task":"t1.1","on":"timer"}
{"ev":"task_run","t":8,"task":"t1.1","dur":1}
)");
  for (int i = 0; i < 100; ++i) // a snapshot is taken where it is small beside what it saves
    lines += R"({"ev":"mark","t":9,"label":"tick"})"
             "\n";
  const std::string bytes = binary_of(lines, {.events_between_snapshots = 1});
  const auto end = find_index(std::string_view(bytes).substr(bytes.size() - index_trailer_size));
  const auto index = get_index(std::string_view(bytes).substr(*end));
  ASSERT_TRUE(index);
  ASSERT_TRUE(index->points.back().snapshot);
  reading part;
  read_binary_into(part,
                   bytes.substr(0, blocks_of(bytes)[1]) +
                       bytes.substr(static_cast<std::size_t>(index->points.back().offset)),
                   std::string_view::npos, trace_extent::part);
  EXPECT_THAT(part.events, ElementsAre(HasSubstr("trace"), HasSubstr("r0.1"), HasSubstr("t1.1")));
}

TEST(Binary, WithoutAnIndexIsReadAllTheSame) {
  const std::string bytes = four_blocks();
  reading read;
  read_binary_into(read, bytes.substr(0, blocks_of(bytes)[5]));
  EXPECT_THAT(read.anomalies, IsEmpty());
  EXPECT_FALSE(find_index(bytes.substr(0, blocks_of(bytes)[5])));
}

} // namespace
} // namespace cancelscope::trace::testing
