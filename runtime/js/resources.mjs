// What a browser lends: requests, timers, channels, sockets, streams, workers, listeners. Each belongs to a scope, is an
// obligation in the trace while it lives, and ends with the scope at the latest.

import { RefusedError } from './errors.mjs';

/** What the host lacks is said, not guessed. */
const host_has = (name) => {
  if (typeof globalThis[name] !== 'function')
    throw new RefusedError('refused', `there is no ${name} here: this host does not offer it`);
  return globalThis[name];
};

/** Everything a scope owns that is not a task or a scope. Ended last in, first out, when nothing lives in the scope any more. */
export class Belongings {
  #scope;
  #living = new Set();

  constructor(scope) {
    this.#scope = scope;
    scope.onClose('end what it owns', () => this.#end_all());
  }

  /** `end(why)` is called once, unless `release` was called before. Gives `release`, for what has ended by itself. */
  add(kind, label, by, end) {
    const obligation = this.#scope.reserve_by(by, kind, label);
    const owned = { obligation, end };
    this.#living.add(owned);
    return () => {
      if (this.#living.delete(owned)) obligation.commit();
    };
  }

  #end_all() {
    const failed = [];
    for (const owned of [...this.#living].reverse()) {
      this.#living.delete(owned);
      try {
        owned.end();
      } catch (why) {
        failed.push(why);
      }
      owned.obligation.abort();
    }
    if (failed.length > 0) throw failed[0];
  }
}

/** 'GET /price' of what fetch is given. */
const label_of = (input, init) => {
  const method = init?.method ?? input?.method ?? 'GET';
  const address = new URL(input?.url ?? String(input), globalThis.location?.href ?? 'http://localhost/');
  return `${method.toUpperCase()} ${address.pathname}`;
};

/** A request within a task: ended with it. A host that could not be reached is an ordinary failure, not a mistake in the code. */
export const fetch_in = async (context, input, init = {}) => {
  const label = label_of(input, init);
  const release = context.scope.own_by(context.task.handle, 'io', label, () => {});
  const ending = new AbortController();
  const signals = [ending.signal, init.signal ?? input?.signal].filter(Boolean);
  const signal = signals.length > 1 ? AbortSignal.any(signals) : ending.signal;
  // Whoever still reads the answer when the task is asked to stop is ended, too.
  context.signal.addEventListener('abort', () => ending.abort(context.signal.reason), { once: true, signal: ending.signal });
  try {
    const request = fetch(input, { ...init, signal });
    return await context.wait(request, { on: 'io', label, stop: (why) => { request.catch(() => {}); ending.abort(why); } });
  } catch (why) {
    if (why instanceof TypeError) throw new Error(`${label} failed: ${why.cause?.message ?? why.message}`, { cause: why });
    throw why;
  } finally {
    release();
  }
};

export const timer_in = (scope, label, start, stop, once, run) => {
  let release = null;
  const timer = start(() => {
    if (once) release();
    run();
  });
  release = scope.own('resource', label, () => stop(timer));
  return { cancel: () => { stop(timer); release(); } };
};

export const message_channel_in = (scope) => {
  const channel = new (host_has('MessageChannel'))();
  scope.own('resource', 'MessageChannel', () => { channel.port1.close(); channel.port2.close(); });
  return channel;
};

export const web_socket_in = (scope, url, protocols) => {
  const Socket = host_has('WebSocket');
  const socket = protocols === undefined ? new Socket(url) : new Socket(url, protocols);
  const release = scope.own('io', `WebSocket ${new URL(socket.url).pathname}`, () => socket.close(1000, 'its scope has closed'));
  socket.addEventListener('close', release, { once: true });
  return socket;
};

export const worker_in = (scope, url, options) => {
  const worker = new (host_has('Worker'))(url, options);
  scope.own('resource', `Worker ${String(url).split('/').at(-1).slice(0, 60)}`, () => worker.terminate());
  return worker;
};

export const reader_in = (scope, stream) => {
  const reader = stream.getReader();
  const release = scope.own('io', 'ReadableStream', () => { reader.cancel('its scope has closed').catch(() => {}); });
  reader.closed.then(release, release);
  return reader;
};

export const listen_in = (scope, target, type, handler, options = {}) => {
  const ending = new AbortController();
  target.addEventListener(type, handler, { ...options, signal: ending.signal });
  const release = scope.own('resource', `listener ${type}`, () => ending.abort());
  return { cancel: () => { ending.abort(); release(); } };
};
