// A scope: a region of the kernel. It owns tasks and scopes, and closing it leaves nothing behind.

import { id_of } from './boundary.mjs';
import { RefusedError } from './errors.mjs';
import { Belongings, fetch_in, listen_in, message_channel_in, reader_in, timer_in, web_socket_in, worker_in } from './resources.mjs';
import { Context, Task } from './task.mjs';

const known_options = new Set(['deadline', 'cleanup', 'polls', 'cost', 'cleanupPolls', 'priority', 'keepGoing']);

/** The kernel's words for a scope's options, times in ms; null where nothing is bounded. */
const limits_of = (core, options) => {
  const names = Object.keys(options);
  if (names.length === 0) return null;
  for (const name of names)
    if (!known_options.has(name))
      throw new RefusedError('invalid', `a scope has no option '${name}': it has ${[...known_options].join(', ')}`);
  const { deadline, cleanup, polls = 0, cost = 0, cleanupPolls = 0, priority = 0, keepGoing = false } = options;
  return {
    deadline: deadline === undefined ? 0n : core.after(deadline),
    cleanup: cleanup === undefined ? 0n : core.duration(cleanup),
    polls: BigInt(polls),
    cost: BigInt(cost),
    cleanup_polls: BigInt(cleanupPolls),
    priority,
    keep_going: keepGoing,
  };
};

/** Something that was reserved, and is to be committed or aborted before its scope closes. */
export class Obligation {
  #core;
  #handle;
  #by;

  constructor(core, handle, by) {
    this.#core = core;
    this.#handle = handle;
    this.#by = by;
  }

  get id() { return id_of(this.#handle); }
  commit() { this.#core.tick(this.#by); this.#core.boundary.commit(this.#handle); }
  abort() { this.#core.tick(this.#by); this.#core.boundary.abort(this.#handle); }
}

export class Scope {
  #core;
  #handle;
  #name;
  #children = new Set();
  #parent;
  #resolve_closed;
  #belongings = null;

  /** Of this package's own; `runtime.scope` and `scope.scope` are the ways in. */
  static open(core, parent, name, options = {}, by = 0n) {
    core.tick(by);
    const handle = core.boundary.open_region(name, {
      parent: parent?.handle, by, place: core.place(), limits: limits_of(core, options),
    });
    core.settle();
    return new Scope(core, handle, name, parent);
  }

  constructor(core, handle, name, parent) {
    this.#core = core;
    this.#handle = handle;
    this.#name = name;
    this.#parent = parent;
    /** Settles when the scope is closed, with its outcome. */
    this.closed = new Promise((resolve) => { this.#resolve_closed = resolve; });
    parent?.adopt(this);
    core.scopes.set(handle, this);
  }

  /** As the trace names it: 'r0.1'. */
  get id() { return id_of(this.#handle); }
  get name() { return this.#name; }
  /** 'open', 'closing', 'draining', 'finalizing' or 'closed'. */
  get state() { return this.#is_closed ? 'closed' : this.#core.boundary.region_state(this.#handle); }
  /** Why it was cancelled; null: it was not. */
  get cancellation() { return this.#is_closed ? null : this.#core.boundary.why(this.#handle); }

  /** Starts `body(context)` as a task of this scope. */
  spawn(name, body) { return this.spawn_by(0n, name, body); }

  /** A scope within this one. It closes with it, or before. */
  scope(name, options = {}) { return Scope.open(this.#core, this, name, options); }

  /** Asks for the end of everything in it, and closes it when that has come. */
  cancel(message = '') {
    this.#core.now();
    const id = this.#core.boundary.cancel(this.#handle, message, { place: this.#core.place() });
    this.#core.settle();
    return id;
  }

  /** Waits for all that is in it, runs its finalizers, and gives the worst of what nobody joined. */
  close() {
    for (const child of [...this.#children]) child.close();
    if (!this.#is_closed && this.#core.boundary.region_state(this.#handle) === 'open') {
      this.#core.now();
      this.#core.boundary.close_region(this.#handle);
      this.#core.settle();
    }
    return this.closed;
  }

  /** Runs when nothing lives in it any more, the last registered first; may take its time. */
  onClose(label, run) {
    const token = this.#core.keep_finalizer((handle) => this.#start(handle, label, run));
    this.#core.boundary.on_close(this.#handle, label, token);
  }

  reserve(kind, label) { return this.reserve_by(0n, kind, label); }

  /** Makes anything its own: `end` is called when the scope closes, unless what this gives was called before. */
  own(kind, label, end) { return this.own_by(0n, kind, label, end); }

  /** A request that ends with the scope at the latest. Within a task, `context.fetch`. */
  fetch(input, init) {
    return this.spawn('fetch', (context) => fetch_in(context, input, init)).join().then((outcome) => outcome.unwrap());
  }
  setTimeout(run, ms) { return timer_in(this, `timer of ${ms} ms`, (fire) => setTimeout(fire, ms), clearTimeout, true, run); }
  setInterval(run, ms) { return timer_in(this, `interval of ${ms} ms`, (fire) => setInterval(fire, ms), clearInterval, false, run); }
  messageChannel() { return message_channel_in(this); }
  webSocket(url, protocols) { return web_socket_in(this, url, protocols); }
  worker(url, options) { return worker_in(this, url, options); }
  reader(stream) { return reader_in(this, stream); }
  listen(target, type, handler, options) { return listen_in(this, target, type, handler, options); }

  /** A word in the trace. */
  mark(label) { this.#core.now(); this.#core.boundary.mark(this.#handle, 0n, label); }

  [Symbol.asyncDispose]() { return this.close(); }

  // ---- Of this package's own ----
  get handle() { return this.#handle; }
  get #is_closed() { return !this.#core.scopes.has(this.#handle); }
  adopt(child) { this.#children.add(child); }

  spawn_by(by, name, body, { is_body = false } = {}) {
    this.#core.tick(by);
    const handle = this.#core.boundary.spawn(this.#handle, name, { by, is_body, place: this.#core.place() });
    return this.#start(handle, name, body);
  }
  spawn_body(by, name, body) { return this.spawn_by(by, name, body, { is_body: true }); }
  /** The scope's outcome, with what its first task gave. */
  async outcome_of(first) {
    return first.explain(await this.closed);
  }
  reserve_by(by, kind, label) {
    this.#core.tick(by);
    const handle = this.#core.boundary.reserve(this.#handle, kind, label, { task: by, place: this.#core.place() });
    return new Obligation(this.#core, handle, by);
  }
  own_by(by, kind, label, end) {
    this.#belongings ??= new Belongings(this);
    return this.#belongings.add(kind, label, by, end);
  }
  #start(handle, name, body) {
    const task = new Task(this.#core, this, handle, name);
    // Not within the spawn: a body runs when whoever spawned it has come to an await, as everything asynchronous does.
    queueMicrotask(() => task.run(body, new Context(this.#core, task)));
    return task;
  }
  closed_with(outcome) {
    this.#core.scopes.delete(this.#handle);
    this.#parent?.disown(this);
    this.#resolve_closed(outcome);
  }
  disown(child) { this.#children.delete(child); }
}
