// How something ended (`ok < err < cancelled < panicked`), and why it was cancelled.

import { Cancelled, CancelscopeError, Panic } from './errors.mjs';

/** One request to end something. `cause` leads to the request that led to it; times are ns since the trace began, as BigInt. */
export class Cancellation {
  constructor(fields) {
    Object.assign(this, fields);
    Object.freeze(this);
  }

  /** This request first, the root cause last. */
  get chain() {
    const links = [];
    for (let at = this; at; at = at.cause) links.push(at);
    return links;
  }

  /** The request it all began with; where `truncated` is true, the last that is kept. */
  get root() {
    return this.chain.at(-1);
  }
}

/** The end of a task or a scope: `kind` is 'ok', 'err', 'cancelled' or 'panicked'. */
export class Outcome {
  constructor({ kind, value = undefined, message = null, cancellation = null, error = null }) {
    /** 'ok', 'err', 'cancelled' or 'panicked' */
    this.kind = kind;
    /** What the body returned, where it is ok. */
    this.value = value;
    /** The words of what went wrong; null where it is ok. */
    this.message = message;
    /** Why, where it is cancelled. */
    this.cancellation = cancellation;
    /** What the body threw, where it is err or panicked and this side saw it. */
    this.error = error;
    Object.freeze(this);
  }

  get ok() {
    return this.kind === 'ok';
  }

  /** The value, or throws what went wrong. */
  unwrap() {
    if (this.ok) return this.value;
    if (this.cancellation) throw new Cancelled(this.cancellation);
    if (this.error) throw this.error;
    throw this.kind === 'panicked' ? new Panic(this.message) : new CancelscopeError('err', this.message);
  }

  /** The same with what only this side knows: a value, or the error itself. */
  with(known) {
    return new Outcome({ ...this, ...known });
  }
}
