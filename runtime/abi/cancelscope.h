/* The kernel's C ABI: regions, tasks, cancellations and obligations for a consumer that shares no types with us, as a page's
 * JavaScript does (runtime/js).
 *
 * A consumer attaches first, with the version it was written for and the fingerprint of this very file, which the build
 * computes from every enumerator, field and signature below (describe.py). One that does not fit is refused with the reason,
 * and so is every other call before: nothing has changed then.
 *
 * Handles carry slot, generation and kind in 64 bits. One that names nothing live, or another kind, is refused by every
 * function, precisely, with a `stale` event in the trace and no other change. How something ended, and why, the kernel says
 * wherever it can know; a caller says only what its own code did.
 *
 * Ownership: memory that a call gives stays the runtime's and is good until the next call that gives some. Texts are UTF-8, a
 *            pointer and a number of bytes, copied before a call returns. 0 stands for what is absent: a handle, a limit.
 * Threading: one thread. Time: ns since the trace began, told by the consumer (cs_time); it never goes back.
 * Failure:   a cs_status; `cs_message` has the sentence.
 *
 * This file is data, too: one declaration, field or enumerator a line, no macros, fixed-width types, no padding. describe.py
 * says so where it isn't.
 */
#ifndef CANCELSCOPE_ABI_H
#define CANCELSCOPE_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A consumer of another major version is refused, and one of a newer minor. */
enum cs_version {
  CS_MAJOR = 1,
  CS_MINOR = 0
};

enum cs_status {
  CS_OK = 0,
  CS_NOTHING = 1, /* there is none, or none yet */
  CS_STOP = 2, /* the task is to stop here and to clean up */
  CS_NOT_ATTACHED = 3,
  CS_ALREADY_ATTACHED = 4,
  CS_OTHER_MAJOR = 5,
  CS_NEWER_MINOR = 6,
  CS_OTHER_FINGERPRINT = 7,
  CS_STALE = 8, /* the handle names nothing that lives */
  CS_OTHER_KIND = 9, /* the handle is of another kind */
  CS_INVALID = 10, /* an argument means nothing */
  CS_REFUSED = 11 /* not in this state */
};

enum cs_region_state {
  CS_REGION_OPEN = 0,
  CS_REGION_CLOSING = 1,
  CS_REGION_DRAINING = 2,
  CS_REGION_FINALIZING = 3,
  CS_REGION_CLOSED = 4
};

enum cs_task_state {
  CS_TASK_RUNNING = 0,
  CS_TASK_REQUESTED = 1,
  CS_TASK_DRAINING = 2,
  CS_TASK_FINALIZING = 3,
  CS_TASK_COMPLETED = 4
};

enum cs_outcome_kind {
  CS_OUTCOME_OK = 0,
  CS_OUTCOME_ERR = 1,
  CS_OUTCOME_CANCELLED = 2,
  CS_OUTCOME_PANICKED = 3
};

enum cs_cancel_kind {
  CS_CANCEL_USER = 0,
  CS_CANCEL_TIMEOUT = 1,
  CS_CANCEL_BUDGET = 2,
  CS_CANCEL_FAIL_FAST = 3,
  CS_CANCEL_RACE_LOST = 4,
  CS_CANCEL_PARENT = 5,
  CS_CANCEL_SHUTDOWN = 6
};

enum cs_wait_reason {
  CS_WAIT_TIMER = 0,
  CS_WAIT_CHANNEL = 1,
  CS_WAIT_JOIN = 2,
  CS_WAIT_IO = 3,
  CS_WAIT_PERMIT = 4,
  CS_WAIT_OTHER = 5
};

enum cs_obligation_kind {
  CS_OBLIGATION_PERMIT = 0,
  CS_OBLIGATION_ACK = 1,
  CS_OBLIGATION_LEASE = 2,
  CS_OBLIGATION_IO = 3,
  CS_OBLIGATION_RESOURCE = 4,
  CS_OBLIGATION_OTHER = 5
};

/* What a task's failure means for the others in its region. */
enum cs_on_failure {
  CS_CANCEL_SIBLINGS = 0,
  CS_KEEP_GOING = 1
};

enum cs_task_role {
  CS_ROLE_MEMBER = 0,
  CS_ROLE_BODY = 1 /* its region closes when it completes, and is cancelled when it fails */
};

/* What the code of a task's body, or of a finalizer, did in the end. */
enum cs_body_end {
  CS_RETURNED = 0,
  CS_FAILED = 1, /* an expected failure, with its words */
  CS_PANICKED = 2, /* something that should not have happened, with its words */
  CS_UNWOUND = 3 /* it stopped because its task was cancelled; the kernel knows by what */
};

enum cs_notice_kind {
  CS_NOTICE_WAKE = 0, /* a request wants the task's attention: run it, wherever it waits */
  CS_NOTICE_DESTROYED = 1, /* the task was given up and has ended; its code runs no more on its behalf */
  CS_NOTICE_JOINED = 2, /* the task has ended and is released; its outcome is the one that cs_outcome_read gives now */
  CS_NOTICE_REGION_CLOSED = 3, /* likewise */
  CS_NOTICE_FINALIZE = 4 /* the region's finalizer `token` is due; it runs as the task `handle`, to be ended like any other */
};

/* `name`, `version`: the consumer's program, for the trace's header. */
struct cs_attachment {
  uint64_t fingerprint;
  uint64_t start_unix_ns;
  uint32_t major;
  uint32_t minor;
  uint32_t traced; /* 0: nothing is recorded */
  uint32_t trace_room; /* bytes of trace that may wait to be taken; what has no room is counted as dropped. 0: 4 MiB */
};

struct cs_region_spec {
  uint64_t parent; /* 0: a root */
  uint64_t by; /* the task that opens it */
  uint64_t deadline; /* a moment */
  uint64_t polls;
  uint64_t cost;
  uint64_t cleanup; /* ns that clean-up under it may take */
  uint64_t cleanup_polls; /* polls that each task's clean-up may take */
  uint32_t priority; /* 0 to 255 */
  uint32_t on_failure;
  uint32_t place;
  uint32_t reserved; /* 0 */
};

struct cs_task_spec {
  uint64_t region;
  uint64_t by;
  uint32_t role;
  uint32_t place;
};

/* Who asks, and how: `user`, `race_lost` and `shutdown` are a caller's to say; of the other kinds the kernel knows better. Its
 * region, and the cause of what a task asks for while it is itself cancelled, the kernel finds. */
struct cs_cancel_spec {
  uint64_t target; /* a region or a task */
  uint64_t by;
  uint32_t kind;
  uint32_t place;
};

struct cs_obligation_spec {
  uint64_t region;
  uint64_t task;
  uint32_t kind;
  uint32_t place;
};

/* How a task or a region ended. Texts are offsets into the area that cs_texts gives. */
struct cs_outcome {
  uint32_t kind;
  uint32_t chain_length; /* requests, of a cancelled one: the one in effect first, the root cause last */
  uint32_t message_at;
  uint32_t message_bytes;
};

struct cs_cancellation {
  uint64_t id;
  uint64_t target;
  uint64_t origin_region;
  uint64_t origin_task;
  uint64_t superseded; /* the id of the weaker request that it took over from */
  uint64_t requested_at;
  uint64_t deadline; /* when the clean-up must be over; 0: nothing bounds it */
  uint32_t kind;
  uint32_t truncated; /* 1: it had a cause, which is not kept */
  uint32_t message_at;
  uint32_t message_bytes;
  uint32_t file_at;
  uint32_t file_bytes;
  uint32_t line; /* 0: not known */
  uint32_t reserved; /* 0 */
};

struct cs_notice {
  uint64_t handle;
  uint32_t kind;
  uint32_t token;
};

struct cs_counts {
  uint64_t regions; /* that live now; so the next two */
  uint64_t tasks;
  uint64_t obligations;
  uint64_t leaked; /* obligations, ever */
  uint64_t refused; /* handles, ever */
  uint64_t dropped; /* events, ever */
};

/* ---- Attaching. These may be called before. ---- */
uint64_t cs_fingerprint(void);
/* Room for at least so many bytes of arguments, the consumer's to fill until it asks again. Null where there is no memory. */
void* cs_scratch(uint32_t bytes);
uint32_t cs_attach(const struct cs_attachment* with, const char* name, uint32_t name_bytes);
/* The sentence to the last status that was a refusal. */
const char* cs_message(uint32_t* bytes);

/* ---- Time ---- */
/* It is `now`, for all that is told from here on. */
uint32_t cs_time(uint64_t now);
/* Keeps the deadlines that have passed. Apart from cs_time, so that nothing ends in the middle of a caller's own step. */
uint32_t cs_expire(void);
/* When cs_expire has something to do next; CS_NOTHING: never. */
uint32_t cs_next_deadline(uint64_t* at);

/* ---- Regions ---- */
uint32_t cs_region_open(const struct cs_region_spec* spec, const char* name, uint32_t name_bytes, uint64_t* region);
uint32_t cs_region_close(uint64_t region);
/* `token` comes back with CS_NOTICE_FINALIZE when nothing lives under the region any more, the last registered first. */
uint32_t cs_region_on_close(uint64_t region, const char* label, uint32_t label_bytes, uint32_t token);
uint32_t cs_region_state_of(uint64_t region, uint32_t* state);

/* ---- Tasks ---- */
uint32_t cs_task_spawn(const struct cs_task_spec* spec, const char* name, uint32_t name_bytes, uint64_t* task);
uint32_t cs_task_state_of(uint64_t task, uint32_t* state);
/* CS_STOP, once: a request has come, and the task is draining from now on. */
uint32_t cs_task_checkpoint(uint64_t task);
/* It ran since the moment told last, for so many ns: that is what the time is now. */
uint32_t cs_task_ran(uint64_t task, uint64_t duration);
/* It waits, for `what` where that has a handle. */
uint32_t cs_task_waits(uint64_t task, uint32_t reason, uint64_t what, const char* label, uint32_t label_bytes);
/* From now on requests to the task go on to the region, whose close it awaits; 0 ends that. */
uint32_t cs_task_waits_for_region(uint64_t task, uint64_t region);
/* Takes from the quotas around the task; CS_NOTHING: one has not that much left, was cancelled, and nothing was taken. */
uint32_t cs_task_spend(uint64_t task, uint64_t cost);
uint32_t cs_task_shield(uint64_t task);
uint32_t cs_task_unshield(uint64_t task);
uint32_t cs_task_on_exit(uint64_t task, const char* label, uint32_t label_bytes);
/* The body is over. CS_OK: the exit registered last is to be run now, and cs_task_exit_ran called; CS_NOTHING: none is left. */
uint32_t cs_task_finalize(uint64_t task);
uint32_t cs_task_exit_ran(uint64_t task, uint32_t how, const char* message, uint32_t message_bytes);
/* Body and exits are over. */
uint32_t cs_task_end(uint64_t task, uint32_t how, const char* message, uint32_t message_bytes);
/* CS_OK: the task is released, and its outcome is there to be read. CS_NOTHING: it has not ended; CS_NOTICE_JOINED will hand
 * its outcome over. One may wait. `by`: the task that waits, or 0 from outside of all tasks. */
uint32_t cs_task_join(uint64_t task, uint64_t by);
/* Whoever waits to join the task gives that up. */
uint32_t cs_task_join_stop(uint64_t task);

/* ---- Cancellation ---- */
/* Asks; `cancel` is the id of the request in effect then. */
uint32_t cs_cancel(const struct cs_cancel_spec* spec, const char* message, uint32_t message_bytes, uint64_t* cancel);
/* Why a region or a task is cancelled, as an outcome to be read; CS_NOTHING: it is not. */
uint32_t cs_why(uint64_t handle);

/* ---- Obligations ---- */
uint32_t cs_obligation_reserve(const struct cs_obligation_spec* spec, const char* label, uint32_t label_bytes, uint64_t* obligation);
uint32_t cs_obligation_commit(uint64_t obligation, uint64_t by);
uint32_t cs_obligation_abort(uint64_t obligation, uint64_t by);

/* ---- What is there to be read ---- */
/* The notice that has waited longest, taken; CS_NOTHING: none waits. */
uint32_t cs_notice_take(struct cs_notice* notice);
/* The outcome that cs_task_join, cs_why or cs_notice_take came with last. Of what failed, the words. */
uint32_t cs_outcome_read(struct cs_outcome* outcome);
uint32_t cs_chain_read(uint32_t index, struct cs_cancellation* cancellation);
const char* cs_texts(uint32_t* bytes);
uint32_t cs_counts_read(struct cs_counts* counts);

/* ---- The trace ---- */
/* A number for a line of the consumer's source, to be given where a `place` is asked for. */
uint32_t cs_place(const char* file, uint32_t file_bytes, uint32_t line, uint32_t* place);
uint32_t cs_mark(uint64_t region, uint64_t task, const char* label, uint32_t label_bytes);
/* What was recorded since the last time, as whole lines of JSON; CS_NOTHING: no byte. */
uint32_t cs_trace_take(const char** lines, uint32_t* bytes);
/* The trace's last line. Nothing is recorded after it. */
uint32_t cs_trace_end(void);

#ifdef __cplusplus
}
#endif

#endif
