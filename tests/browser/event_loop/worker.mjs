// Runs the program in a Worker, and posts how it ended with its trace.
import make from "/module/event_loop_page.mjs";

const program = await make({ programOver: (how) => postMessage({ how, trace: program.UTF8ToString(program._end_trace()) }) });
program._start_program(100);
