// Records trees of AbortControllers and the async functions that run under them, as a Cancelscope trace.
//
//     const trace = openTrace("crawl.jsonl", { name: "crawl" });
//     const page = trace.scope("page /news", { parent: site, timeout: 250 });
//     const body = await page.run("fetch /news", (signal) => fetch(url, { signal }));
//     page.close();
//     trace.end();
//
// One file, without dependencies: copy it. It writes a file under Node.js; elsewhere give openTrace a function that
// takes the lines.
//
// What becomes what:
//   Scope       a region. It is an AbortController whose abort() reaches the scopes below it and what runs in it
//   run         a task, owned by the scope, with the scope's signal
//   abort       a cancel. It is asked for by the task that called it; where that cannot be known nobody is named
//   timeout     a cancel of kind `timeout`, with the region's deadline
//   failFast    a task that fails aborts its scope: a cancel of kind `fail_fast`
//   close       the region is closed once all below it is over. JavaScript does not say when a function sees the
//               abort, nor what it awaits: no phase is written between the request and the end, and no wait

const outcomes = ["ok", "err", "cancelled", "panicked"];

// Who runs now, across awaits. Browsers have nothing of the kind yet: there, who asked is not known.
const { AsyncLocalStorage } = (await import("node:async_hooks").catch(() => ({}))) ?? {};
const { writeSync, openSync } = (await import("node:fs").catch(() => ({}))) ?? {};
const running = AsyncLocalStorage ? new AsyncLocalStorage() : { run: (_, body) => body(), getStore: () => undefined };

export function openTrace(to, producer) {
  return new Trace(to, producer);
}

class Trace {
  #write;
  #start = performance.now();
  #last = 0;
  #counts = {};
  #roots = [];

  constructor(to, { name, version, language = "JavaScript" } = {}) {
    const file = typeof to === "string" ? openSync(to, "w") : undefined;
    this.#write = file === undefined ? to : (line) => writeSync(file, line);
    const startUnixNs = BigInt(Math.round((performance.timeOrigin + this.#start) * 1000)) * 1000n;
    this.#write(
      `{"ev":"trace","format":"cancelscope","version":1,"clock":"monotonic","start_unix_ns":${startUnixNs},` +
        `"producer":${JSON.stringify({ name, version, language })}}\n`,
    );
  }

  /** A root, or below `parent`. `timeout` in ms. */
  scope(name, { parent, timeout, failFast = false } = {}) {
    const scope = new Scope(this, name, parent, timeout, failFast);
    if (!parent) this.#roots.push(scope);
    return scope;
  }

  end() {
    this.write("end", {});
  }

  now() {
    return Math.round((performance.now() - this.#start) * 1e6);
  }

  newId(letter) {
    const number = (this.#counts[letter] = (this.#counts[letter] ?? 0) + 1);
    return letter === "c" ? `c${number}` : `${letter}${number}.1`;
  }

  /** Fields that are undefined are absent. */
  write(ev, fields) {
    this.#last = Math.max(this.#last, this.now());
    this.#write(JSON.stringify({ ev, t: this.#last, ...fields }) + "\n");
  }
}

export class Scope extends AbortController {
  #trace;
  #parent;
  #below = new Set(); // scopes and tasks that are not over
  #worst = 0;
  #closing = false;
  #timer;
  #state = "open";
  #failFast;

  constructor(trace, name, parent, timeout, failFast) {
    super();
    this.#trace = trace;
    this.#parent = parent;
    this.#failFast = failFast;
    this.id = trace.newId("r");
    const deadline = timeout === undefined ? undefined : trace.now() + Math.round(timeout * 1e6);
    trace.write("region_open", {
      region: this.id,
      parent: parent?.id ?? null,
      name,
      by: running.getStore(),
      budget: deadline === undefined ? undefined : { deadline },
    });
    parent?.#below.add(this);
    if (parent?.cancel) this.#cancel("parent", parent.signal.reason, { cause: parent.cancel, origin_region: parent.id });
    if (timeout !== undefined && !this.cancel) this.#awaitDeadline(deadline, timeout);
  }

  // A timer may come early by a fraction of a millisecond; a deadline is not passed before its time.
  #awaitDeadline(deadline, ms) {
    this.#timer = setTimeout(() => {
      const left = (deadline - this.#trace.now()) / 1e6;
      if (left > 0) return this.#awaitDeadline(deadline, left);
      this.#cancel("timeout", new DOMException("The scope timed out.", "TimeoutError"), { origin_region: this.id });
    }, ms);
  }

  /** As AbortController's; said to the trace with who asked and why. */
  abort(reason = new DOMException("This operation was aborted", "AbortError")) {
    this.#cancel("user", reason, { origin_task: running.getStore(), message: said(reason) });
  }

  /** Runs `body(signal)` as a task of this scope; settles as the body does. */
  async run(name, body) {
    const trace = this.#trace;
    const task = { id: trace.newId("t"), cancel: undefined };
    trace.write("task_spawn", { task: task.id, region: this.id, name, by: running.getStore() });
    this.#below.add(task);
    if (this.cancel) this.#reach(task);
    let outcome = "ok";
    let failure;
    try {
      return await running.run(task.id, () => body(this.signal));
    } catch (error) {
      // Whatever is thrown under an aborted signal for its reason, or as an AbortError, is the cancellation.
      const aborted = task.cancel && (error === this.signal.reason || error?.name === "AbortError");
      outcome = aborted ? "cancelled" : "err";
      failure = aborted ? undefined : String(error);
      throw error;
    } finally {
      trace.write("task_end", {
        task: task.id,
        outcome,
        cancel: outcome === "cancelled" ? task.cancel : undefined,
        error: failure,
      });
      // Whoever holds the promise has the outcome; who that is cannot be known.
      trace.write("task_join", { task: task.id });
      this.#below.delete(task);
      if (outcome === "err" && this.#failFast && !this.cancel)
        this.#cancel("fail_fast", new DOMException(failure, "AbortError"), {
          origin_region: this.id,
          origin_task: task.id,
        });
      this.#over(task, outcome);
    }
  }

  /** Nothing more comes: the region closes as soon as what is below it is over. */
  close() {
    this.#closing = true;
    if (this.#below.size > 0) this.#move("closing");
    this.#closeIfDone();
  }

  #cancel(kind, reason, origin) {
    if (this.#state === "closed") return;
    const cancel = this.#trace.newId("c");
    const effect = this.cancel ? "absorbed" : undefined; // a signal aborts once
    this.#trace.write("cancel", { cancel, kind, target: this.id, ...origin, effect });
    if (effect) return;
    this.cancel = cancel;
    clearTimeout(this.#timer);
    this.#move("draining");
    for (const one of this.#below) {
      if (one instanceof Scope) one.#cancel("parent", reason, { cause: cancel, origin_region: this.id });
      else this.#reach(one);
    }
    super.abort(reason); // its listeners run after the trace knows
  }

  #reach(task) {
    task.cancel = this.#trace.newId("c");
    const origin = { cause: this.cancel, origin_region: this.id };
    this.#trace.write("cancel", { cancel: task.cancel, kind: "parent", target: task.id, ...origin });
  }

  #over(one, outcome) {
    this.#worst = Math.max(this.#worst, outcomes.indexOf(outcome));
    this.#below.delete(one);
    this.#closeIfDone();
  }

  #move(state, fields) {
    const order = ["open", "closing", "draining", "closed"];
    if (order.indexOf(state) <= order.indexOf(this.#state)) return;
    this.#state = state;
    this.#trace.write("region_state", { region: this.id, state, cancel: this.cancel, ...fields });
  }

  #closeIfDone() {
    if (!this.#closing || this.#below.size > 0 || this.#state === "closed") return;
    clearTimeout(this.#timer);
    this.#move("closed", { outcome: outcomes[this.#worst] });
    this.#parent?.#over(this, outcomes[this.#worst]);
  }
}

const said = (reason) => (typeof reason === "string" ? reason : reason?.message);
