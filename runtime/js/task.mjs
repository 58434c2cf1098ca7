// A task: an async function that a scope owns, and the context that it is given.
//
// A body sees a request where it waits through its context, or at a `checkpoint`: a `Cancelled` is thrown there, once. What it
// awaits afterwards, to clean up, works again. What it awaits by itself, without the context, cannot be ended from here; it is
// passed the `signal`, and seen as running.

import { cs_body_end as ends } from './abi.mjs';
import { id_of } from './boundary.mjs';
import { Cancelled, is_panic, Panic, RefusedError, words_of } from './errors.mjs';
import { all, first_ok, race } from './combinators.mjs';
import { fetch_in } from './resources.mjs';
import { Scope } from './scope.mjs';

/** How the kernel is told of what code threw. */
const end_of = (thrown, cancellation) => {
  if (cancellation && (thrown instanceof Cancelled || thrown?.name === 'AbortError')) return [ends.CS_UNWOUND, ''];
  return [is_panic(thrown) ? ends.CS_PANICKED : ends.CS_FAILED, words_of(thrown)];
};

export class Task {
  #core;
  #handle;
  #name;
  #scope;
  #abort = null;             // made when somebody wants its signal
  #stopped_by = null;        // what that signal was aborted with, or would have been
  #parked = new Set();       // what its body waits for now
  #exits = [];               // what runs after it, the last registered first
  #known = {};               // of its outcome, what only this side knows
  #waiter = null;            // whoever joins it
  #over = false;             // it has ended, or was given up
  #waits_out = false;        // it waits for what is seen to its end
  #withheld = null;          // the Cancelled that it is shown after that
  #shields = 0;
  #running_since = null;     // the moment told last, while its body runs
  #before_end = null;

  /** Made by `scope.spawn`. */
  constructor(core, scope, handle, name) {
    this.#core = core;
    this.#scope = scope;
    this.#handle = handle;
    this.#name = name;
    core.tasks.set(handle, this);
  }

  /** As the trace names it: 't3.1'. */
  get id() { return id_of(this.#handle); }
  get name() { return this.#name; }
  get scope() { return this.#scope; }
  /** 'running', 'requested', 'draining', 'finalizing' or 'completed'; 'released' once somebody took its outcome. */
  get state() { return this.#core.tasks.has(this.#handle) ? this.#core.boundary.task_state(this.#handle) : 'released'; }
  /** Why it was asked to stop; null: it was not. */
  get cancellation() { return this.#core.tasks.has(this.#handle) ? this.#core.boundary.why(this.#handle) : null; }

  /** Asks it to stop. It says so at once; the body sees it where it waits next. */
  cancel(message = '') {
    this.#core.now();
    const id = this.#core.boundary.cancel(this.#handle, message, { place: this.#core.place() });
    this.#core.settle();
    return id;
  }

  /** Its outcome, taken from outside of all tasks; one may take it. Within a task, `context.join(task)`. */
  join() { return this.join_by(0n); }

  // ---- Of this package's own ----
  get handle() { return this.#handle; }
  get signal() {
    if (this.#abort === null) {
      this.#abort = new AbortController();
      if (this.#stopped_by) this.#abort.abort(this.#stopped_by);
    }
    return this.#abort.signal;
  }
  #stop(why) {
    this.#stopped_by ??= why;
    this.#abort?.abort(why);
    return why;
  }
  /** The scope's outcome with what only this side knows of its first task's. */
  explain(outcome) {
    this.#core.tasks.delete(this.#handle);
    return this.#with_known(outcome);
  }
  /** Asked to stop because another one has won. */
  lose_to(winner) {
    this.#core.boundary.cancel(this.#handle, `'${winner.name}' was first`, { kind: 'race_lost', by: winner.handle });
  }
  get is_over() { return this.#over; }
  /** Called when the body is over and before anybody hears of it. */
  set before_end(call) { this.#before_end = call; }

  async join_by(by, give_up = null) {
    const there = this.#core.boundary.join(this.#handle, by);
    this.#core.settle();
    if (there) return this.#released(there);
    return new Promise((resolve, reject) => {
      this.#waiter = resolve;
      give_up?.((why) => {
        this.#waiter = null;
        if (!this.#over) this.#core.boundary.stop_joining(this.#handle);
        reject(why);
      });
    });
  }

  /** Runs the body to its end; never throws. */
  async run(body, context) {
    this.#core.expire();
    this.#running_since = this.#core.now();
    try {
      // A body that was cancelled before it began never begins.
      if (this.#core.boundary.must_stop(this.#handle)) throw this.#show();
      this.#known = { value: await body(context) };
      await this.#end(ends.CS_RETURNED, '');
    } catch (thrown) {
      if (this.#over) return;
      const [how, words] = end_of(thrown, this.#core.boundary.why(this.#handle));
      if (how !== ends.CS_UNWOUND) this.#known = { error: thrown };
      await this.#end(how, words);
    }
  }

  async #end(how, words) {
    const { boundary } = this.#core;
    if (this.#over) return; // it was given up, and its code has come back too late
    this.#rest();
    this.#core.settle();
    while (!this.#over && boundary.finalize(this.#handle)) {
      this.#core.settle();
      const { run } = this.#exits.pop();
      let exit = [ends.CS_RETURNED, ''];
      try {
        await run();
      } catch (thrown) {
        exit = end_of(thrown, null);
      }
      if (this.#over) return;
      this.#core.now();
      boundary.exit_ran(this.#handle, ...exit);
    }
    if (this.#over) return;
    this.#before_end?.(how);
    this.#over = true;
    boundary.end_task(this.#handle, how, words);
    this.#core.settle();
  }

  // ---- Notices ----
  woken() {
    if (this.#over) return;
    if (this.#waits_out) {
      if (this.#core.boundary.must_stop(this.#handle)) this.#withheld = this.#show();
      return;
    }
    const waits = [...this.#parked];
    if (waits.length > 0 && this.#core.boundary.must_stop(this.#handle)) {
      const why = this.#show();
      for (const each of waits) each(why);
      return;
    }
    // Not parked with us, or shielded: it sees the request at its next checkpoint; what listens to the signal sees it now.
    const why = this.#core.boundary.why(this.#handle);
    if (why && this.#shields === 0) this.#stop(new Cancelled(why));
  }
  destroyed() {
    this.#over = true;
    const why = new Panic(`'${this.#name || this.id}' had not finished its clean-up in time and was given up`);
    this.#stop(why);
    for (const each of [...this.#parked]) each(why);
  }
  joined(outcome) {
    const waiter = this.#waiter;
    const known = this.#released(outcome);
    waiter?.(known);
  }
  #released(outcome) {
    this.#core.tasks.delete(this.#handle);
    return this.#with_known(outcome);
  }
  #with_known(outcome) {
    if (outcome.kind === 'ok') return outcome.with({ value: this.#known.value });
    if (this.#known.error && outcome.kind !== 'cancelled') return outcome.with({ error: this.#known.error });
    return outcome;
  }

  // ---- For its context ----
  #show() {
    return this.#stop(new Cancelled(this.#core.boundary.why(this.#handle)));
  }
  #check_alive() {
    if (this.#over) throw new RefusedError('refused', `'${this.#name || this.id}' is over: its context can be used no more`);
  }
  #rest() {
    if (this.#running_since !== null) this.#core.ran(this.#handle, this.#running_since);
    else this.#core.now();
    this.#running_since = null;
  }
  /** It is now, and the body goes on. */
  tick() {
    this.#rest();
    this.#running_since = this.#core.now();
  }
  checkpoint() {
    this.#check_alive();
    this.tick();
    this.#core.expire();
    this.#check_alive();
    if (this.#core.boundary.must_stop(this.#handle)) throw this.#show();
  }
  #park(reason, what, label) {
    this.checkpoint();
    this.#running_since = null;
    this.#core.boundary.task_waits(this.#handle, reason, what, label);
    this.#core.settle();
    this.#check_alive();
  }
  #resume() {
    if (this.#over) return;
    this.#core.expire();
    this.#running_since = this.#core.now();
  }
  /** Waits for what `start(resolve, reject)` begins. A request ends it; what `start` returned then ends what it began. */
  async wait(reason, what, label, start) {
    this.#park(reason, what, label);
    let stop = null;
    let parked = null;
    try {
      return await new Promise((resolve, reject) => {
        parked = (why) => {
          reject(why);
          stop?.(why);
        };
        this.#parked.add(parked);
        stop = start(resolve, reject);
      });
    } finally {
      this.#parked.delete(parked);
      this.#resume();
    }
  }
  /** Waits for what nothing ends early; a request that came meanwhile is shown then. */
  async wait_out(reason, what, promise) {
    this.#park(reason, what, '');
    this.#waits_out = true;
    try {
      const found = await promise;
      if (this.#withheld) throw this.#withheld;
      return found;
    } finally {
      this.#waits_out = false;
      this.#withheld = null;
      this.#resume();
    }
  }
  async shielded(body) {
    this.checkpoint();
    this.#core.boundary.shield(this.#handle);
    ++this.#shields;
    try {
      return await body();
    } finally {
      --this.#shields;
      if (!this.#over) {
        this.#core.boundary.unshield(this.#handle);
        if (this.#core.boundary.task_state(this.#handle) === 'requested') this.woken();
      }
    }
  }
  on_exit(label, run) {
    this.#check_alive();
    this.#core.boundary.on_exit(this.#handle, label);
    this.#exits.push({ run });
  }
}

/** What a body is given: everything it does that the runtime is to know of and to be able to end. */
export class Context {
  #core;
  #task;

  constructor(core, task) {
    this.#core = core;
    this.#task = task;
  }

  get task() { return this.#task; }
  get scope() { return this.#task.scope; }
  /** Aborted when the task is asked to stop, with a `Cancelled` as its reason: for what takes an AbortSignal. */
  get signal() { return this.#task.signal; }

  /** Throws `Cancelled`, once, when the task has been asked to stop. */
  checkpoint() { this.#task.checkpoint(); }

  sleep(ms) {
    return this.#task.wait('timer', 0n, '', (resolve) => {
      const timer = setTimeout(resolve, ms);
      return () => clearTimeout(timer);
    });
  }

  /** Waits for any promise. When the task is asked to stop the wait ends, and `stop(why)` is to end what was waited for. */
  wait(promise, { label = '', on = 'other', stop = null } = {}) {
    return this.#task.wait(on, 0n, label, (resolve, reject) => {
      Promise.resolve(promise).then(resolve, reject);
      return stop;
    });
  }

  /** A request, ended with the task. */
  fetch(input, init) { return fetch_in(this, input, init); }

  /** The task's outcome, taken by this one. */
  join(task) {
    return this.#task.wait('join', task.handle, '', (resolve, reject) => {
      let stop = null;
      task.join_by(this.#task.handle, (end) => { stop = end; }).then(resolve, reject);
      return (why) => stop?.(why);
    });
  }

  /** A task beside this one, in its scope. */
  spawn(name, body) { return this.scope.spawn_by(this.#task.handle, name, body); }

  /** Opens a scope, runs the body as its first task, closes it, and gives the outcome. Nothing of it outlives this. */
  async run(name, options, body) {
    const [limits, code] = typeof options === 'function' ? [{}, options] : [options, body];
    this.#task.checkpoint();
    const by = this.#task.handle;
    const inner = Scope.open(this.#core, this.scope, name, limits, by);
    const ended = inner.outcome_of(inner.spawn_body(by, name, code));
    this.#core.boundary.task_waits_for_region(by, inner.handle);
    try {
      // A request goes on to the scope, so this is seen to its end: nothing is left running behind it.
      return await this.#task.wait_out('join', inner.handle, ended);
    } finally {
      if (!this.#task.is_over) this.#core.boundary.task_waits_for_region(by, 0n);
    }
  }

  /** The same, cancelled when it takes longer. */
  timeout(name, ms, body) { return this.run(name, { deadline: ms }, body); }

  /** All of them, `{name: body}` or a list: their values, or the worst that became of one; the others are cancelled then. */
  all(bodies) { return all(this, bodies); }

  /** The first to end, however it ends. The others are cancelled by it, and drained before this returns. */
  race(bodies) { return race(this, bodies); }

  /** The first that is ok, or else the worst of all. */
  firstOk(bodies) { return first_ok(this, bodies); }

  /** Masks requests while the body runs. What bounds the clean-up still holds. */
  shield(body) { return this.#task.shielded(body); }

  /** Runs after the body, the last registered first. */
  onExit(label, run) { this.#task.on_exit(label, run); }

  /** Takes from the quotas around the task; throws `Cancelled` where one is used up. */
  spend(cost) {
    this.#task.checkpoint();
    this.#core.boundary.spend(this.#task.handle, BigInt(cost));
    this.checkpoint();
  }

  /** Something that is to be committed or aborted before the scope closes. */
  reserve(kind, label) { return this.scope.reserve_by(this.#task.handle, kind, label); }

  /** A word in the trace. */
  mark(label) { this.#task.tick(); this.#core.boundary.mark(this.scope.handle, this.#task.handle, label); }
}
