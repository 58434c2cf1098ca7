// A schedule saved as a trace: the trace of the run, with the schedule as the seed in its header.
//
// Threading: one call at a time. Failure: what could not be written or read is said in a sentence.
//
//     save_run(program, lab_seed{failing.choices}, "failure.jsonl");
//     run_in_lab(program, *seed_of_trace("failure.jsonl"));      // the same again
#pragma once

#include "runtime/lab/program.hpp"

namespace cancelscope {

/// Runs the program so, and writes its trace as JSON Lines.
trace::result<lab_run> save_run(const lab_program& program, const lab_seed& seed,
                                const std::string& path, const lab_limits& limits = {});

trace::result<lab_seed> seed_of_trace(const std::string& path);

} // namespace cancelscope
