// Types of the package `cancelscope`. What each does is said here; docs/javascript.md is the tutorial.

/** How something ended; each is worse than the one before it, and combining takes the worst. */
export type OutcomeKind = 'ok' | 'err' | 'cancelled' | 'panicked';
export type CancelKind = 'user' | 'timeout' | 'budget' | 'fail_fast' | 'race_lost' | 'parent' | 'shutdown';
export type ScopeState = 'open' | 'closing' | 'draining' | 'finalizing' | 'closed';
export type TaskState = 'running' | 'requested' | 'draining' | 'finalizing' | 'completed' | 'released';
export type ObligationKind = 'permit' | 'ack' | 'lease' | 'io' | 'resource' | 'other';
export type WaitReason = 'timer' | 'channel' | 'join' | 'io' | 'permit' | 'other';

/** One request to end something. Ids are those of the trace: `c3`, `t7.2`, `r3.1`. Times are ns since the trace began. */
export interface Cancellation {
  readonly id: string;
  readonly kind: CancelKind;
  /** The scope or task that was asked. */
  readonly target: string;
  readonly originRegion: string | null;
  /** Who asked; null where it is not known, or was nobody. */
  readonly originTask: string | null;
  readonly requestedAt: bigint;
  /** When the clean-up must be over; null: nothing bounds it. */
  readonly deadline: bigint | null;
  readonly message: string | null;
  /** `file.js:12`, where the runtime keeps places. */
  readonly where: string | null;
  /** It had a cause, and the chain is kept no further. */
  readonly truncated: boolean;
  /** The id of the weaker request that this one took over from. */
  readonly superseded: string | null;
  /** The request that led to this one. */
  readonly cause: Cancellation | null;
  /** This request first, the root cause last. */
  readonly chain: Cancellation[];
  readonly root: Cancellation;
}

export interface Outcome<Value = unknown> {
  readonly kind: OutcomeKind;
  readonly ok: boolean;
  /** What the body returned, where it is ok. */
  readonly value: Value | undefined;
  /** The words of what went wrong; null where it is ok. */
  readonly message: string | null;
  /** Why, where it is cancelled. */
  readonly cancellation: Cancellation | null;
  /** What was thrown, where it is err or panicked. */
  readonly error: unknown;
  /** The value, or throws what went wrong. */
  unwrap(): Value;
}

/** All times are in ms. What is absent is not bounded by this scope; those around it still hold. */
export interface ScopeOptions {
  /** From now; then the scope is cancelled by a `timeout`. */
  deadline?: number;
  /** What the clean-up of a cancelled task may take, before it is given up. */
  cleanup?: number;
  /** How often its tasks may run, that is come back from a wait or a checkpoint; then it is cancelled by its `budget`. */
  polls?: number | bigint;
  /** What its tasks may `spend`, in units of yours; likewise. */
  cost?: number | bigint;
  /** How often a cancelled task's clean-up may run. */
  cleanupPolls?: number | bigint;
  /** 0 to 255; told in the trace. */
  priority?: number;
  /** A task that fails does not cancel the others. */
  keepGoing?: boolean;
}

export type Body<Value> = (context: Context) => Promise<Value> | Value;

/** Something that was reserved: commit or abort it before its scope closes, or it is a leak. */
export interface Obligation {
  readonly id: string;
  commit(): void;
  abort(): void;
}

export interface Task<Value = unknown> {
  readonly id: string;
  readonly name: string;
  readonly scope: Scope;
  readonly state: TaskState;
  /** Why it was asked to stop; null: it was not. */
  readonly cancellation: Cancellation | null;
  /** Asks it to stop; gives the id of the request in effect. The body sees it where it waits next. */
  cancel(message?: string): string;
  /** Its outcome, taken from outside of all tasks; one may take it. Within a task, `context.join(task)`. */
  join(): Promise<Outcome<Value>>;
}

export interface Scope extends AsyncDisposable {
  readonly id: string;
  readonly name: string;
  readonly state: ScopeState;
  readonly cancellation: Cancellation | null;
  /** Settles when it is closed, with its outcome. */
  readonly closed: Promise<Outcome<void>>;
  /** Starts the body as a task of this scope, when the code that asks has come to an await. */
  spawn<Value>(name: string, body: Body<Value>): Task<Value>;
  /** A scope within this one. */
  scope(name: string, options?: ScopeOptions): Scope;
  /** Asks for the end of everything in it, and closes it when that has come. */
  cancel(message?: string): string;
  /** Waits for all that is in it, runs its finalizers, and gives the worst of what nobody joined. */
  close(): Promise<Outcome<void>>;
  /** Runs when nothing lives in it any more, the last registered first. */
  onClose(label: string, run: Body<void>): void;
  reserve(kind: ObligationKind, label: string): Obligation;
  /** Makes anything its own: `end` is called when the scope closes, unless what this gives was called before. */
  own(kind: ObligationKind, label: string, end: () => void): () => void;
  /** The browser's own, each ended with the scope at the latest, and an obligation in the trace while it lives. */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  setTimeout(run: () => void, ms: number): Owned;
  setInterval(run: () => void, ms: number): Owned;
  messageChannel(): MessageChannel;
  webSocket(url: string | URL, protocols?: string | string[]): WebSocket;
  worker(url: string | URL, options?: WorkerOptions): Worker;
  reader<Chunk>(stream: ReadableStream<Chunk>): ReadableStreamDefaultReader<Chunk>;
  listen(target: EventTarget, type: string, handler: (event: Event) => void, options?: AddEventListenerOptions): Owned;
  /** A word in the trace. */
  mark(label: string): void;
}

/** Something that a scope ends when it closes, if this has not been called before. */
export interface Owned {
  cancel(): void;
}

export type Bodies = Record<string, Body<unknown>> | readonly Body<unknown>[];
export type Values<All extends Bodies> = { [Name in keyof All]: All[Name] extends Body<infer Value> ? Value : never };
export type AnyValue<All extends Bodies> = Values<All>[keyof All];

export interface Context {
  readonly task: Task;
  readonly scope: Scope;
  /** Aborted when the task is asked to stop, with a `Cancelled` as its reason. */
  readonly signal: AbortSignal;
  /** Throws `Cancelled`, once, when the task has been asked to stop. */
  checkpoint(): void;
  sleep(ms: number): Promise<void>;
  /** A request, ended with the task. One that could not be made is an `Error`, and so the task's `err`. */
  fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response>;
  /** Waits for any promise. When the task is asked to stop the wait ends, and `stop` is to end what was waited for. */
  wait<Value>(promise: PromiseLike<Value> | Value,
    options?: { label?: string; on?: WaitReason; stop?: (why: unknown) => void }): Promise<Value>;
  /** The task's outcome, taken by this one. */
  join<Value>(task: Task<Value>): Promise<Outcome<Value>>;
  /** A task beside this one, in its scope. */
  spawn<Value>(name: string, body: Body<Value>): Task<Value>;
  /** Opens a scope, runs the body as its first task, closes it, and gives the outcome. Nothing of it outlives this. */
  run<Value>(name: string, body: Body<Value>): Promise<Outcome<Value>>;
  run<Value>(name: string, options: ScopeOptions, body: Body<Value>): Promise<Outcome<Value>>;
  /** The same, cancelled when it takes longer than so many ms. */
  timeout<Value>(name: string, ms: number, body: Body<Value>): Promise<Outcome<Value>>;
  /** All of them: their values, or the worst that became of one; the others are cancelled then. */
  all<All extends Bodies>(bodies: All): Promise<Outcome<Values<All>>>;
  /** The first to end, however it ends. The others are cancelled by it, and drained before this returns. */
  race<All extends Bodies>(bodies: All): Promise<Outcome<AnyValue<All>>>;
  /** The first that is ok, or else the worst of all. */
  firstOk<All extends Bodies>(bodies: All): Promise<Outcome<AnyValue<All>>>;
  /** Masks requests while the body runs. What bounds the clean-up still holds. */
  shield<Value>(body: () => Promise<Value> | Value): Promise<Value>;
  /** Runs after the body, the last registered first. */
  onExit(label: string, run: () => Promise<void> | void): void;
  /** Takes from the quotas around the task; throws `Cancelled` where one is used up. */
  spend(cost: number | bigint): void;
  reserve(kind: ObligationKind, label: string): Obligation;
  mark(label: string): void;
}

export interface Counts {
  /** Scopes, tasks and obligations that live now. */
  readonly regions: number;
  readonly tasks: number;
  readonly obligations: number;
  /** Obligations that nobody resolved, ever. */
  readonly leaked: number;
  /** Handles of what was gone or of another kind, ever. */
  readonly refused: number;
  /** Events that had no room, ever. */
  readonly dropped: number;
}

export interface Runtime {
  /** A scope with nothing around it. Close it, or `await using` it. */
  scope(name: string, options?: ScopeOptions): Scope;
  run<Value>(name: string, body: Body<Value>): Promise<Outcome<Value>>;
  run<Value>(name: string, options: ScopeOptions, body: Body<Value>): Promise<Outcome<Value>>;
  counts(): Counts;
  /** What the WASM module holds of memory now; it never gives any back. */
  readonly memoryBytes: number;
  /** What was recorded since the last time, as lines of JSON in UTF-8. All of it, one after the other, is a trace. */
  takeTrace(): Uint8Array;
  /** Writes the trace's last line. Nothing is recorded after it. */
  endTrace(): void;
}

export interface RuntimeOptions {
  /** The program's, for the trace. */
  name?: string;
  /** Whether a trace is recorded; it is. */
  trace?: boolean;
  /** Bytes of trace that may wait to be taken, 4 MiB by default; what has no room is counted as dropped. */
  traceRoom?: number;
  /** File and line of each spawn, scope and cancel; a few microseconds each, so not unless asked for. */
  places?: boolean;
  /** Where the WASM module is, when not beside this package's files; or its bytes. */
  wasm?: string | URL | ArrayBuffer | Uint8Array | null;
}

/** A runtime of its own: one instance of the WASM module, one kernel, one trace. Rejects with a `HandshakeError` where the
 * module and this package were not built together. */
export function createRuntime(options?: RuntimeOptions): Promise<Runtime>;

/** The base of all errors of this package. `code` is stable; the sentence is for people. */
export class CancelscopeError extends Error {
  readonly code: string;
}
/** This side and the WASM module were not built for each other. Nothing has happened. */
export class HandshakeError extends CancelscopeError {}
/** What was named is gone: closed, or joined already. */
export class StaleHandleError extends CancelscopeError {}
/** A task stands where a scope is meant, or the like. */
export class WrongKindError extends CancelscopeError {}
/** It cannot be done in this state, or an argument means nothing. */
export class RefusedError extends CancelscopeError {}
/** Thrown into a body that is asked to stop: let it through, or clean up and rethrow it. */
export class Cancelled extends CancelscopeError {
  readonly cancellation: Cancellation;
}
/** What should not have happened: throw one to end a task as `panicked`. */
export class Panic extends CancelscopeError {
  constructor(message: string);
}
