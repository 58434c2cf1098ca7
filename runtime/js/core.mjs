// What scopes, tasks and contexts of one runtime share: the boundary, the time, and the delivery of notices.
//
// Every way into the kernel ends in `settle`: what the kernel had to say is delivered before anybody's code goes on, and the
// host is asked to call back when the next deadline falls due.

import { Boundary } from './boundary.mjs';

const ns_of_ms = 1e6;
const longest_timer_ms = 2 ** 31 - 1;

export class Core {
  #origin = performance.now();
  #latest = 0n;
  #timer = null;
  #timer_due = null;
  #settling = false;
  #places = new Map();
  #keep_places;
  #last_token = 0;

  constructor(module, { name, traced, trace_room, places, claimed }) {
    this.boundary = new Boundary(module);
    this.boundary.attach({
      name, traced, trace_room, claimed,
      start_unix_ns: BigInt(Math.round((performance.timeOrigin + this.#origin) * 1000)) * 1000n,
    });
    this.#keep_places = places;
    /** Those that notices are for, by handle. A scope stays until it is closed, a task until nobody can speak for it. */
    this.tasks = new Map();
    this.scopes = new Map();
    this.finalizers = new Map();
  }

  /** ns since the trace began; never goes back. Tells the kernel. */
  now() {
    const read = BigInt(Math.round((performance.now() - this.#origin) * ns_of_ms));
    if (read > this.#latest) this.#latest = read;
    this.boundary.time(this.#latest);
    return this.#latest;
  }

  /** Keeps the deadlines that have passed: between two steps of anybody's code, never within one. */
  expire() {
    this.now();
    this.boundary.expire();
    this.settle();
  }

  /** The task has run since then, and it is now. Exact where nobody else told the time meanwhile; else only that it ran. */
  ran(task, since) {
    const read = BigInt(Math.round((performance.now() - this.#origin) * ns_of_ms));
    if (since === this.#latest && read > since) {
      this.boundary.task_ran(task, read - since);
      this.#latest = read;
    } else {
      this.now();
      this.boundary.task_ran(task, 0n);
    }
    return this.now();
  }

  /** It is now: for what the task asks for, or somebody outside of all tasks (0n). */
  tick(by) {
    const task = this.tasks.get(by);
    if (task) task.tick();
    else this.now();
  }

  /** A moment so many ms from now. */
  after(ms) {
    return this.#latest + BigInt(Math.round(ms * ns_of_ms));
  }

  duration(ms) {
    return BigInt(Math.round(ms * ns_of_ms));
  }

  keep_finalizer(run) {
    this.finalizers.set(++this.#last_token, run);
    return this.#last_token;
  }

  /** The line that called into this package, as a place; 0 where places are not kept. */
  place() {
    if (!this.#keep_places) return 0;
    for (const line of (new Error().stack ?? '').split('\n')) {
      const found = /(?:\(|@|at )?((?:\w+:\/\/|\/)[^()\s]+?):(\d+):\d+\)?$/.exec(line);
      if (!found || found[1].startsWith(this_package)) continue;
      const key = `${found[1]}:${found[2]}`;
      if (!this.#places.has(key)) this.#places.set(key, this.boundary.place(found[1].replace(/[?#].*$/, ''), Number(found[2])));
      return this.#places.get(key);
    }
    return 0;
  }

  /** Delivers what the kernel had to say, and what comes of that. */
  settle() {
    if (this.#settling) return; // whoever is settling further out takes these, too
    this.#settling = true;
    try {
      for (let notice = this.boundary.take_notice(); notice; notice = this.boundary.take_notice()) this.#deliver(notice);
    } finally {
      this.#settling = false;
    }
    this.#set_timer();
  }

  #deliver({ kind, handle, token, outcome }) {
    switch (kind) {
      case 'wake': this.tasks.get(handle)?.woken(); break;
      case 'destroyed': this.tasks.get(handle)?.destroyed(); break;
      case 'joined': this.tasks.get(handle)?.joined(outcome); break;
      case 'region_closed': this.scopes.get(handle)?.closed_with(outcome); break;
      case 'finalize': {
        const run = this.finalizers.get(token);
        this.finalizers.delete(token);
        run(handle);
        break;
      }
    }
  }

  #set_timer() {
    const due = this.boundary.next_deadline();
    if (due === this.#timer_due) return;
    clearTimeout(this.#timer);
    this.#timer_due = due;
    if (due === null) return;
    const ms = Number(due - this.#latest) / ns_of_ms;
    this.#timer = setTimeout(() => {
      this.#timer_due = null;
      this.expire();
    }, Math.min(Math.max(0, Math.ceil(ms)), longest_timer_ms));
  }
}

const this_package = new URL('.', import.meta.url).href;
