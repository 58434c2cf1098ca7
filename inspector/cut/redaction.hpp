// Takes a program's own words out of its events: names, labels, messages, places in the source. The same text
// becomes the same stand-in everywhere ("name 3"), so that what belongs together still does. Ids, kinds, times
// and outcomes stay.
//
// What this version does not know may hold anything, and is left out.
//
// Ownership: a redacted event borrows from the redaction, which must outlive it.
// Threading: an object is used by one thread. Failure: none.
//
//     redaction hide;
//     for (const trace::event& e : events) hide.learn(e);     // no stand-in is a text that was there
//     for (trace::event& e : events) hide.apply(e);
#pragma once

#include "trace-format/events.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace cancelscope::inspector {

class redaction {
public:
  void learn(const trace::event& e);
  void apply(trace::event& e);

private:
  std::string_view stand_in(std::string_view text, std::string_view role);

  std::set<std::string, std::less<>> originals_;
  std::map<std::string, std::string_view, std::less<>> stand_ins_;
  std::map<std::string, std::uint64_t, std::less<>> counts_;
  std::deque<std::string> texts_;
};

} // namespace cancelscope::inspector
