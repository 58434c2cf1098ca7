// What can go wrong, as classes with a `code` and a sentence that says what, where, and what to do.

/** The base of all of them. `code` is stable; the sentence is for people. */
export class CancelscopeError extends Error {
  constructor(code, message) {
    super(message);
    this.name = new.target.name;
    this.code = code;
  }
}

/** This side and the WASM module were not built for each other, or nobody has attached. Nothing has happened. */
export class HandshakeError extends CancelscopeError {}

/** What was named is gone: closed, or joined already. */
export class StaleHandleError extends CancelscopeError {}

/** A task stands where a scope is meant, or the like. */
export class WrongKindError extends CancelscopeError {}

/** It cannot be done in this state, or an argument means nothing. */
export class RefusedError extends CancelscopeError {}

/**
 * Thrown into a task's body, where it waits or at a checkpoint, when the task has been asked to stop. Let it through, or clean
 * up and rethrow it; `cancellation` says why, down to the first request.
 */
export class Cancelled extends CancelscopeError {
  constructor(cancellation) {
    const root = cancellation.root;
    // Where this object is made is nobody's line: the chain says who asked. A stack would cost more than all the rest.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super('cancelled', `cancelled (${root.kind})${root.message ? `: ${root.message}` : ''}`);
    Error.stackTraceLimit = limit;
    this.cancellation = cancellation;
  }
}

/** What should not have happened: throw one to end a task as `panicked`. */
export class Panic extends CancelscopeError {
  constructor(message) {
    super('panicked', message);
  }
}

const mistakes = [TypeError, ReferenceError, RangeError, SyntaxError, EvalError];

/** Thrown because the code is wrong, not because its work failed: panicked, not err. Also whatever is no Error at all. */
export const is_panic = (thrown) =>
  thrown instanceof Panic || !(thrown instanceof Error) || mistakes.some((mistake) => thrown instanceof mistake);

/** The words of anything that was thrown. */
export const words_of = (thrown) => (thrown instanceof Error ? thrown.message || thrown.name : String(thrown));
