// The C ABI (runtime/abi/cancelscope.h) as calls: marshals, checks each status, and turns a refusal into an error that says it.
//
// Handles are BigInts here and stay inside this package. One Boundary is one instance of the module, one kernel, one trace.

import * as abi from './abi.mjs';
import { HandshakeError, RefusedError, StaleHandleError, WrongKindError } from './errors.mjs';
import { Cancellation, Outcome } from './outcomes.mjs';

const {
  cs_status: status, cs_version: version, cs_attachment, cs_cancel_spec, cs_cancellation, cs_counts, cs_notice,
  cs_obligation_spec, cs_outcome, cs_region_spec, cs_task_spec,
} = abi;

const result_at = 0;     // where an answer is written in the scratch memory,
const struct_at = 16;    // a struct,
const text_at = 160;     // and a text
const worst_bytes = 3;   // of UTF-8 for one unit of a string

/** Lower-case words of an ABI enumeration, by number: CS_CANCEL_FAIL_FAST is 'fail_fast'. */
const words = (enumeration, prefix) => {
  const found = [];
  for (const [name, number] of Object.entries(enumeration)) found[number] = name.slice(prefix.length).toLowerCase();
  return Object.freeze(found);
};

export const region_states = words(abi.cs_region_state, 'CS_REGION_');
export const task_states = words(abi.cs_task_state, 'CS_TASK_');
export const outcome_kinds = words(abi.cs_outcome_kind, 'CS_OUTCOME_');
export const cancel_kinds = words(abi.cs_cancel_kind, 'CS_CANCEL_');
export const wait_reasons = words(abi.cs_wait_reason, 'CS_WAIT_');
export const obligation_kinds = words(abi.cs_obligation_kind, 'CS_OBLIGATION_');
export const notice_kinds = words(abi.cs_notice_kind, 'CS_NOTICE_');

/** 't3.1' of a handle; null of 0n. */
export const id_of = (handle) => {
  if (handle === 0n) return null;
  const kind = String.fromCharCode(Number(handle & 0xffn));
  return `${kind}${handle >> 32n}.${(handle >> 8n) & 0xffffffn}`;
};

const error_of = Object.freeze({
  [status.CS_STALE]: StaleHandleError,
  [status.CS_OTHER_KIND]: WrongKindError,
  [status.CS_NOT_ATTACHED]: HandshakeError,
  [status.CS_ALREADY_ATTACHED]: HandshakeError,
  [status.CS_OTHER_MAJOR]: HandshakeError,
  [status.CS_NEWER_MINOR]: HandshakeError,
  [status.CS_OTHER_FINGERPRINT]: HandshakeError,
});

const number_of = (list, word, what) => {
  const number = list.indexOf(word);
  if (number < 0) throw new RefusedError('invalid', `${what} '${word}' is not one of ${list.join(', ')}`);
  return number;
};

export class Boundary {
  #module;
  #encoder = new TextEncoder();
  #decoder = new TextDecoder();
  #scratch = 0;
  #scratch_bytes = 0;
  #bytes = new Uint8Array(0); // the module's memory, as it is now
  #view = null;

  /** @param module an instance of the WASM module. It refuses every call until `attach` has succeeded. */
  constructor(module) {
    this.#module = module;
    this.#reserve(4096);
  }

  /** Says which interface this side was built for. `claimed` overrides parts of it, which only a test of refusals wants. */
  attach({ name = '', start_unix_ns = 0n, traced = true, trace_room = 0, claimed = {} } = {}) {
    const { major = version.CS_MAJOR, minor = version.CS_MINOR, fingerprint = abi.fingerprint } = claimed;
    const bytes = this.#text(name);
    this.#put64(cs_attachment.fingerprint, BigInt.asUintN(64, fingerprint));
    this.#put64(cs_attachment.start_unix_ns, start_unix_ns);
    this.#put32(cs_attachment.major, major);
    this.#put32(cs_attachment.minor, minor);
    this.#put32(cs_attachment.traced, traced ? 1 : 0);
    this.#put32(cs_attachment.trace_room, trace_room);
    this.#checked(this.#module._cs_attach(this.#struct, this.#at(text_at), bytes));
  }

  get fingerprint() { return BigInt.asUintN(64, this.#module._cs_fingerprint()); }

  // ---- Time, in ns as BigInt ----
  time(now) { this.#checked(this.#module._cs_time(now)); }
  /** Keeps the deadlines that have passed. */
  expire() { this.#checked(this.#module._cs_expire()); }
  /** When something falls due by itself; null: never. */
  next_deadline() {
    return this.#checked(this.#module._cs_next_deadline(this.#at(result_at))) === status.CS_OK ? this.#result64() : null;
  }

  // ---- Regions ----
  open_region(name, { parent = 0n, by = 0n, place = 0, limits = null } = {}) {
    const bytes = this.#text(name);
    this.#clear(cs_region_spec.size);
    if (parent !== 0n) this.#put64(cs_region_spec.parent, parent);
    if (by !== 0n) this.#put64(cs_region_spec.by, by);
    if (place !== 0) this.#put32(cs_region_spec.place, place);
    if (limits !== null) this.#put_limits(limits);
    this.#checked(this.#module._cs_region_open(this.#struct, this.#at(text_at), bytes, this.#at(result_at)));
    return this.#result64();
  }
  #put_limits({ deadline = 0n, polls = 0n, cost = 0n, cleanup = 0n, cleanup_polls = 0n, priority = 0, keep_going = false }) {
    this.#put64(cs_region_spec.deadline, deadline);
    this.#put64(cs_region_spec.polls, polls);
    this.#put64(cs_region_spec.cost, cost);
    this.#put64(cs_region_spec.cleanup, cleanup);
    this.#put64(cs_region_spec.cleanup_polls, cleanup_polls);
    this.#put32(cs_region_spec.priority, priority);
    this.#put32(cs_region_spec.on_failure, keep_going ? abi.cs_on_failure.CS_KEEP_GOING : abi.cs_on_failure.CS_CANCEL_SIBLINGS);
  }
  close_region(region) { this.#checked(this.#module._cs_region_close(region)); }
  on_close(region, label, token) {
    const bytes = this.#text(label);
    this.#checked(this.#module._cs_region_on_close(region, this.#at(text_at), bytes, token));
  }
  region_state(region) {
    this.#checked(this.#module._cs_region_state_of(region, this.#at(result_at)));
    return region_states[this.#result32()];
  }

  // ---- Tasks ----
  spawn(region, name, { by = 0n, is_body = false, place = 0 } = {}) {
    const bytes = this.#text(name);
    this.#put64(cs_task_spec.region, region);
    this.#put64(cs_task_spec.by, by);
    this.#put32(cs_task_spec.role, is_body ? abi.cs_task_role.CS_ROLE_BODY : abi.cs_task_role.CS_ROLE_MEMBER);
    this.#put32(cs_task_spec.place, place);
    this.#checked(this.#module._cs_task_spawn(this.#struct, this.#at(text_at), bytes, this.#at(result_at)));
    return this.#result64();
  }
  task_state(task) {
    this.#checked(this.#module._cs_task_state_of(task, this.#at(result_at)));
    return task_states[this.#result32()];
  }
  /** True, once: the task is to stop here. */
  must_stop(task) { return this.#checked(this.#module._cs_task_checkpoint(task)) === status.CS_STOP; }
  task_ran(task, duration) { this.#checked(this.#module._cs_task_ran(task, duration)); }
  task_waits(task, reason, what, label) {
    const on = number_of(wait_reasons, reason, 'reason');
    const bytes = this.#text(label);
    this.#checked(this.#module._cs_task_waits(task, on, what, this.#at(text_at), bytes));
  }
  task_waits_for_region(task, region) { this.#checked(this.#module._cs_task_waits_for_region(task, region)); }
  /** False: a quota around the task has not that much left, and was cancelled for it. */
  spend(task, cost) { return this.#checked(this.#module._cs_task_spend(task, cost)) === status.CS_OK; }
  shield(task) { this.#checked(this.#module._cs_task_shield(task)); }
  unshield(task) { this.#checked(this.#module._cs_task_unshield(task)); }
  on_exit(task, label) {
    const bytes = this.#text(label);
    this.#checked(this.#module._cs_task_on_exit(task, this.#at(text_at), bytes));
  }
  /** True: the exit registered last is to run now. */
  finalize(task) { return this.#checked(this.#module._cs_task_finalize(task)) === status.CS_OK; }
  exit_ran(task, how, message = '') {
    const bytes = this.#text(message);
    this.#checked(this.#module._cs_task_exit_ran(task, how, this.#at(text_at), bytes));
  }
  end_task(task, how, message = '') {
    const bytes = this.#text(message);
    this.#checked(this.#module._cs_task_end(task, how, this.#at(text_at), bytes));
  }
  /** The outcome; null: a notice will bring it. */
  join(task, by) { return this.#checked(this.#module._cs_task_join(task, by)) === status.CS_OK ? this.outcome() : null; }
  stop_joining(task) { this.#checked(this.#module._cs_task_join_stop(task)); }

  // ---- Cancellation ----
  cancel(target, message, { kind = 'user', by = 0n, place = 0 } = {}) {
    const number = number_of(cancel_kinds, kind, 'kind');
    const bytes = this.#text(message);
    this.#put64(cs_cancel_spec.target, target);
    this.#put64(cs_cancel_spec.by, by);
    this.#put32(cs_cancel_spec.kind, number);
    this.#put32(cs_cancel_spec.place, place);
    this.#checked(this.#module._cs_cancel(this.#struct, this.#at(text_at), bytes, this.#at(result_at)));
    return `c${this.#result64()}`;
  }
  /** Why a region or a task is cancelled; null: it is not. */
  why(handle) { return this.#checked(this.#module._cs_why(handle)) === status.CS_OK ? this.outcome().cancellation : null; }

  // ---- Obligations ----
  reserve(region, kind, label, { task = 0n, place = 0 } = {}) {
    const number = number_of(obligation_kinds, kind, 'kind');
    const bytes = this.#text(label);
    this.#put64(cs_obligation_spec.region, region);
    this.#put64(cs_obligation_spec.task, task);
    this.#put32(cs_obligation_spec.kind, number);
    this.#put32(cs_obligation_spec.place, place);
    this.#checked(this.#module._cs_obligation_reserve(this.#struct, this.#at(text_at), bytes, this.#at(result_at)));
    return this.#result64();
  }
  commit(obligation, by = 0n) { this.#checked(this.#module._cs_obligation_commit(obligation, by)); }
  abort(obligation, by = 0n) { this.#checked(this.#module._cs_obligation_abort(obligation, by)); }

  // ---- What is there to be read ----
  /** `{kind, handle, token}`, with `outcome` where one came with it; null: none waits. */
  take_notice() {
    if (this.#checked(this.#module._cs_notice_take(this.#struct)) === status.CS_NOTHING) return null;
    const notice = {
      kind: notice_kinds[this.#get32(cs_notice.kind)],
      handle: this.#get64(cs_notice.handle),
      token: this.#get32(cs_notice.token),
    };
    if (notice.kind === 'joined' || notice.kind === 'region_closed') notice.outcome = this.outcome();
    return notice;
  }
  outcome() {
    this.#checked(this.#module._cs_outcome_read(this.#struct));
    const kind = outcome_kinds[this.#get32(cs_outcome.kind)];
    const length = this.#get32(cs_outcome.chain_length);
    const message = this.#given(this.#get32(cs_outcome.message_at), this.#get32(cs_outcome.message_bytes));
    let cancellation = null;
    for (let index = length - 1; index >= 0; --index) cancellation = this.#link(index, cancellation);
    return new Outcome({ kind, message: kind === 'ok' ? null : message, cancellation });
  }
  #link(index, cause) {
    this.#checked(this.#module._cs_chain_read(index, this.#struct));
    const get = (field) => this.#get64(cs_cancellation[field]);
    const text = (name) => this.#given(this.#get32(cs_cancellation[`${name}_at`]), this.#get32(cs_cancellation[`${name}_bytes`]));
    const line = this.#get32(cs_cancellation.line);
    return new Cancellation({
      id: `c${get('id')}`,
      kind: cancel_kinds[this.#get32(cs_cancellation.kind)],
      target: id_of(get('target')),
      originRegion: id_of(get('origin_region')),
      originTask: id_of(get('origin_task')),
      requestedAt: get('requested_at'),
      deadline: get('deadline') || null,
      message: text('message') || null,
      where: line === 0 ? null : `${text('file')}:${line}`,
      truncated: this.#get32(cs_cancellation.truncated) === 1,
      superseded: get('superseded') ? `c${get('superseded')}` : null,
      cause,
    });
  }
  counts() {
    this.#checked(this.#module._cs_counts_read(this.#struct));
    const counts = {};
    for (const [name, offset] of Object.entries(cs_counts)) if (name !== 'size') counts[name] = Number(this.#get64(offset));
    return counts;
  }

  // ---- The trace ----
  place(file, line) {
    const bytes = this.#text(file);
    this.#checked(this.#module._cs_place(this.#at(text_at), bytes, line, this.#at(result_at)));
    return this.#result32();
  }
  mark(region, task, label) {
    const bytes = this.#text(label);
    this.#checked(this.#module._cs_mark(region, task, this.#at(text_at), bytes));
  }
  /** Lines of JSON as bytes, the caller's own; empty when nothing was recorded since the last time. */
  take_trace() {
    const answer = this.#module._cs_trace_take(this.#at(result_at), this.#at(result_at + 8));
    if (this.#checked(answer) === status.CS_NOTHING) return new Uint8Array(0);
    const at = this.#memory.getUint32(this.#at(result_at), true);
    const bytes = this.#memory.getUint32(this.#at(result_at + 8), true);
    return this.#module.HEAPU8.slice(at, at + bytes);
  }
  end_trace() { this.#checked(this.#module._cs_trace_end()); }

  // ---- Memory ----
  get memory_bytes() { return this.#module.HEAPU8.length; }
  #checked(answer) {
    if (answer < status.CS_NOT_ATTACHED) return answer;
    const at = this.#module._cs_message(this.#at(result_at));
    const sentence = this.#decoder.decode(this.#module.HEAPU8.slice(at, at + this.#result32()));
    const code = Object.keys(status).find((name) => status[name] === answer).slice('CS_'.length).toLowerCase();
    throw new (error_of[answer] ?? RefusedError)(code, sentence);
  }
  #reserve(bytes) {
    if (bytes <= this.#scratch_bytes) return;
    this.#scratch = this.#module._cs_scratch(bytes);
    this.#scratch_bytes = bytes;
  }
  /** Puts a text where texts go; gives its length in bytes. Before a struct is filled, since the memory may move. */
  #text(text) {
    this.#reserve(text_at + worst_bytes * text.length);
    const at = this.#at(text_at);
    const { written } = this.#encoder.encodeInto(text, this.#module.HEAPU8.subarray(at, this.#scratch + this.#scratch_bytes));
    return written;
  }
  #given(at, bytes) {
    if (bytes === 0) return '';
    const from = this.#module._cs_texts(this.#at(result_at)) + at;
    return this.#decoder.decode(this.#module.HEAPU8.slice(from, from + bytes));
  }
  /** Memory that has grown leaves the old view of it empty. */
  get #memory() {
    if (this.#bytes.length === 0) {
      this.#bytes = this.#module.HEAPU8;
      this.#view = new DataView(this.#bytes.buffer);
    }
    return this.#view;
  }
  get #struct() { return this.#scratch + struct_at; }
  #at(offset) { return this.#scratch + offset; }
  #clear(size) { if (this.#memory) this.#bytes.fill(0, this.#struct, this.#struct + size); }
  #put64(offset, value) { this.#memory.setBigUint64(this.#struct + offset, value, true); }
  #put32(offset, value) { this.#memory.setUint32(this.#struct + offset, value, true); }
  #get64(offset) { return this.#memory.getBigUint64(this.#struct + offset, true); }
  #get32(offset) { return this.#memory.getUint32(this.#struct + offset, true); }
  #result64() { return this.#memory.getBigUint64(this.#at(result_at), true); }
  #result32() { return this.#memory.getUint32(this.#at(result_at), true); }
}
