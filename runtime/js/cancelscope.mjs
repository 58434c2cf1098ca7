// Cancelscope for JavaScript: structured concurrency that can say why. See docs/javascript.md, and cancelscope.d.ts.
//
//     const runtime = await createRuntime({ name: 'shop' });
//     const outcome = await runtime.run('checkout', { deadline: 250 }, async (context) => {
//       const price = context.spawn('price', priceOf);
//       return (await context.join(price)).unwrap();
//     });
//     if (outcome.kind === 'cancelled') console.log(outcome.cancellation.root.message);
//
// Works in a page, in a Worker and in node. One runtime is one instance of the WASM module, one kernel and one trace.

import load from './cancelscope-runtime.mjs';
import { Core } from './core.mjs';
import { Scope } from './scope.mjs';

Symbol.asyncDispose ??= Symbol('Symbol.asyncDispose');

export { CancelscopeError, Cancelled, HandshakeError, Panic, RefusedError, StaleHandleError, WrongKindError } from './errors.mjs';
export { Cancellation, Outcome } from './outcomes.mjs';

export class Runtime {
  #core;

  constructor(core) { this.#core = core; }

  /** A scope with nothing around it. Close it, or `await using` it. */
  scope(name, options = {}) { return Scope.open(this.#core, null, name, options); }

  /** Opens a scope, runs `body(context)` as its first task, closes it, and gives the outcome. */
  run(name, options, body) {
    const [limits, code] = typeof options === 'function' ? [{}, options] : [options, body];
    const scope = this.scope(name, limits);
    return scope.outcome_of(scope.spawn_body(0n, name, code));
  }

  /** What lives now, and what was found: `{regions, tasks, obligations, leaked, refused, dropped}`. */
  counts() { return this.#core.boundary.counts(); }

  /** What the WASM module holds of memory now; it never gives any back. */
  get memoryBytes() { return this.#core.boundary.memory_bytes; }

  /** What was recorded since the last time, as lines of JSON in UTF-8. All of it, one after the other, is a trace. */
  takeTrace() { return this.#core.boundary.take_trace(); }

  /** Writes the trace's last line. Nothing is recorded after it. */
  endTrace() { this.#core.now(); this.#core.boundary.end_trace(); }
}

/**
 * A runtime of its own. Options: `name` (the program's, for the trace), `trace` (true), `traceRoom` (bytes that may wait to be
 * taken; what has no room is counted), `places` (false: file and line of each spawn, scope and cancel; a few microseconds each),
 * `wasm` (where the module is, when not beside this file; a URL, or its bytes).
 */
export async function createRuntime({ name = '', trace = true, traceRoom = 0, places = false, wasm = null, claimed } = {}) {
  const given = wasm === null ? {} : typeof wasm === 'string' || wasm instanceof URL ? { locateFile: () => String(wasm) } : { wasmBinary: wasm };
  const module = await load(given);
  return new Runtime(new Core(module, { name, traced: trace, trace_room: traceRoom, places, claimed }));
}
