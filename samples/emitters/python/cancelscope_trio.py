"""Records what a trio program starts, awaits and cancels, as a Cancelscope trace.

    with recording("crawl.jsonl"):
        trio.run(main)

The program itself stays as it is. One file, nothing but trio and the standard library: copy it. Tried with trio 0.22.

What becomes what:
  trio.run               the root region
  a nursery              a region, opened by the task that enters it
  a cancel scope         a region, with a deadline where it has one (move_on_after, fail_after)
  a task                 a task
  the block of either    a task of its own, because a scope cancels just that block and the task around it lives
                         on; the task around it waits for it and joins it
  CancelScope.cancel     a cancel, and one more for all that it reaches: trio's cancellation is a tree's, at once. What
                         is shielded is not reached

Tasks, their steps and what they park on come from trio's instruments; scopes have none, so their methods are wrapped.
"""

import contextlib
import json
import math
import os
import sys
import time
import traceback

import trio

STRENGTH = ["user", "timeout", "budget", "fail_fast", "race_lost", "parent", "shutdown"]
OUTCOMES = ["ok", "err", "cancelled", "panicked"]
HERE = (os.path.dirname(trio.__file__), __file__)
# What a coroutine of trio waits for, by the file it stands in.
WAITS = {"_timeouts.py": "timer", "_channel.py": "channel", "_sync.py": "permit", "_threads.py": "other",
         "_highlevel_socket.py": "io", "_highlevel_open_tcp_stream.py": "io", "_socket.py": "io", "_ssl.py": "io",
         "_subprocess.py": "io"}


class Region:
    def __init__(self, id, parent=None, opener=None, scope=None):
        self.id, self.parent, self.opener, self.scope = id, parent, opener, scope
        self.cancel = self.block = None
        self.members, self.state, self.outcome = [], "open", "ok"


class Work:
    """A task of the trace: a trio task, or the block of a nursery or scope."""

    def __init__(self, id, region):
        self.id, self.region = id, region
        self.cancel = self.draining = self.ended = False
        self.inner = []  # regions that it has open
        region.members.append(self)


class Trace(trio.abc.Instrument):
    def __init__(self, path, name):
        self.file = open(path, "w", encoding="utf-8", errors="replace")
        self.start, self.lines, self.counts = time.monotonic_ns(), [], {}
        self.running = None  # (work, since, place in lines) of what runs now
        self.frames = {}  # of each task: itself, then the blocks that it is in
        self.regions = {}  # by cancel scope
        self.failed = None  # whose error a nursery takes now
        self.birth = None  # the region of a task that Nursery.start makes
        self.write("trace", format="cancelscope", version=1, clock="monotonic", start_unix_ns=time.time_ns(),
                   producer={"name": name, "language": f"Python {sys.version.split()[0]} trio {trio.__version__}"})
        self.root = Region(self.new_id("r"))
        self.write("region_open", region=self.root.id, parent=None, name="trio.run")

    # ---- Lines ----

    def now(self):
        return time.monotonic_ns() - self.start

    def new_id(self, letter):
        self.counts[letter] = self.counts.get(letter, 0) + 1
        return f"{letter}{self.counts[letter]}" + ("" if letter == "c" else ".1")

    def write(self, ev, at=None, t=None, **fields):
        if ev != "trace":
            fields = {"t": self.now() if t is None else t, **fields}
        known = {key: value for key, value in fields.items() if value is not None or key == "parent"}
        self.lines.insert(len(self.lines) if at is None else at,
                          json.dumps({"ev": ev, **known}, ensure_ascii=False) + "\n")

    def switch(self, work):
        """Someone else runs now. That a work ran is known when it stops, and stands where it began."""
        now = self.now()
        if self.running:
            before, since, at = self.running
            self.write("task_run", at=at, t=since, task=before.id, dur=now - since)
        self.running = (work, now, len(self.lines)) if work else None
        if not work and len(self.lines) > 200:
            self.flush()

    def flush(self):
        self.file.write("".join(self.lines))
        self.file.flush()
        self.lines.clear()

    # ---- What trio tells ----

    def task_spawned(self, task):
        nursery = task.parent_nursery
        if nursery is None:
            return  # trio's own first task
        region, self.birth = self.birth or self.regions.get(nursery.cancel_scope, self.root), None
        name = task.name.removeprefix("__main__.")
        if name.startswith("trio."):
            name = name.rpartition(".")[2]
        self.frames[task] = [self.spawn(region, name, self.current())]
        if region.cancel:
            self.cancel(self.frames[task][0], "parent", region.cancel, region)

    def before_task_step(self, task):
        if task not in self.frames:
            return
        if isinstance(getattr(task._next_send, "error", None), trio.Cancelled):
            self.sees_cancellation(task)
        self.switch(self.frames[task][-1])

    def after_task_step(self, task):
        self.switch(None)
        if task in self.frames and task._next_send_fn is None:
            self.park(task)

    def park(self, task):
        """The outermost coroutine of trio is what the program called."""
        inner = task.coro
        while hasattr(inner, "cr_code") and not inner.cr_code.co_filename.startswith(HERE):
            inner = inner.cr_await
        work, file = self.frames[task][-1], inner.cr_code.co_filename if hasattr(inner, "cr_code") else ""
        if file == __file__ and work.inner:
            self.write("task_wait", task=work.id, on="join", what=work.inner[-1].id)
        else:
            self.write("task_wait", task=work.id, on=WAITS.get(os.path.basename(file), "other"),
                       label=getattr(inner, "__qualname__", None))

    def sees_cancellation(self, task):
        for work in reversed(self.frames[task]):
            if work.cancel and not work.draining:
                work.draining = True
                self.write("cancel_phase", target=work.id, cancel=work.cancel, phase="draining")
            if work.region.scope and work.region.scope.shield:
                break

    # ---- Regions and work ----

    def current(self):
        try:
            return self.frames.get(trio.lowlevel.current_task(), [None])[-1]
        except RuntimeError:
            return None

    def spawn(self, region, name, by):
        work = Work(self.new_id("t"), region)
        self.write("task_spawn", task=work.id, region=region.id, name=name, by=by and by.id, src=place())
        return work

    def enter(self, task, name, scope, deadline=None):
        """A nursery or scope opens: a region, and its block as the innermost work of the task."""
        outer = self.frames[task][-1]
        region = self.regions[scope] = Region(self.new_id("r"), outer.region, outer, scope)
        self.write("region_open", region=region.id, parent=outer.region.id, name=name, by=outer.id, src=place(),
                   budget=deadline and {"deadline": deadline})
        region.block = self.spawn(region, "block of " + name, outer)
        outer.inner.append(region)
        if outer.cancel and not scope.shield:
            self.cancel(region, "parent", outer.cancel, outer.region)
        self.write("task_wait", task=outer.id, on="join", what=region.id)
        self.frames[task].append(region.block)
        self.switch(region.block)

    def leave_block(self, task, region, error):
        self.end(region.block, error)
        self.frames[task].remove(region.block)
        self.switch(self.frames[task][-1])
        if any(not member.ended for member in region.members):
            self.move(region, "closing")

    def close(self, region):
        for member in region.members:
            self.write("task_join", task=member.id, by=region.opener.id)
        self.move(region, "closed", outcome=region.outcome)
        region.opener.inner.remove(region)
        del self.regions[region.scope]

    def move(self, region, state, **fields):
        order = ["open", "closing", "draining", "closed"]
        if order.index(state) > order.index(region.state):
            region.state = state
            self.write("region_state", region=region.id, state=state, cancel=region.cancel, **fields)

    def end(self, work, error):
        work.ended, outcome = True, outcome_of(error)
        work.region.outcome = max(work.region.outcome, outcome, key=OUTCOMES.index)
        said = None if outcome in ("ok", "cancelled") else "".join(traceback.format_exception_only(error)).strip()
        self.write("task_end", task=work.id, outcome=outcome, error=said,
                   cancel=work.cancel or None if outcome == "cancelled" else None)

    # ---- Cancellation ----

    def cancel(self, target, kind, cause=None, origin=None, by=None):
        """A request, and all that it reaches: of a region its tasks, of a work the regions it has open."""
        effect = None
        if target.cancel:
            effect = "strengthened" if STRENGTH.index(kind) > STRENGTH.index(target.kind) else "absorbed"
        id = self.new_id("c")
        self.write("cancel", cancel=id, kind=kind, target=target.id, cause=cause, origin_region=origin and origin.id,
                   origin_task=by and by.id, effect=effect, src=place())
        if effect == "absorbed":
            return
        target.cancel, target.kind = id, kind
        if isinstance(target, Work):
            for region in target.inner:
                if not region.scope.shield:
                    self.cancel(region, "parent", id, target.region)
            return
        self.move(target, "draining")
        for member in target.members:
            if not member.ended:
                self.cancel(member, "parent", id, target)

    def requested(self, region, expired):
        """Somebody calls cancel() of a scope: its deadline, a nursery that takes an error, or the program."""
        if expired:
            self.cancel(region, "timeout", origin=region)
        elif self.failed:
            self.cancel(region, "fail_fast", origin=region, by=self.failed)
        else:
            by = self.current()
            self.cancel(region, "user", origin=by and by.region, by=by)


trace = None  # what is recorded now


def only_cancelled(error):
    if hasattr(error, "split"):
        return error.split(trio.Cancelled)[1] is None
    return isinstance(error, trio.Cancelled)


def outcome_of(error):
    if error is None:
        return "ok"
    return "cancelled" if only_cancelled(error) else "err" if isinstance(error, Exception) else "panicked"


def callers():
    frame = sys._getframe(2)
    while frame:
        if frame.f_code.co_filename != __file__:
            yield frame
        frame = frame.f_back


def users_frame():
    """The innermost that is neither trio's nor this file's; what trio does by itself has none."""
    return trace.current() and next((frame for frame in callers()
                 if not frame.f_code.co_filename.startswith(HERE) and "contextlib" not in frame.f_code.co_filename), None)


def place():
    frame = users_frame()
    return frame and f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}"


def titled(what, frame=None):
    frame = frame or users_frame()
    return f"{what} in {frame.f_code.co_name}" if frame else what


# ---- Around trio's methods ----

Nursery, Manager = trio.Nursery, trio._core._run.NurseryManager
plain = {name: getattr(owner, name) for owner, name in [
    (trio.CancelScope, "__enter__"), (trio.CancelScope, "__exit__"), (trio.CancelScope, "cancel"),
    (Manager, "__aenter__"), (Manager, "__aexit__"),
    (Nursery, "_child_finished"), (Nursery, "_add_exc"), (Nursery, "start")]}


def enter_scope(scope):
    """Scopes that trio makes for itself, as in its sleep, are none of the program's."""
    task, caller = trio.lowlevel.current_task(), next(callers()).f_code
    own = caller.co_filename.startswith(HERE) and not caller.co_name.startswith("fail_")
    if own or task not in trace.frames:
        return plain["__enter__"](scope)
    deadline = deadline_of(scope)
    trace.enter(task, titled("timeout" if deadline else "scope"), scope, deadline)
    entered = plain["__enter__"](scope)
    if scope.cancel_called and not trace.regions[scope].cancel:  # before it was entered, nobody knows by whom
        trace.cancel(trace.regions[scope], "user")
    return entered


def deadline_of(scope):
    now = trace.now()  # read before trio's clock: a deadline may seem early by that, never late
    left = getattr(scope, "relative_deadline", math.inf)  # since trio 0.27
    if left == math.inf:
        left = scope.deadline - trio.current_time()
    return None if left == math.inf else max(1, now + int(left * 1e9))


def exit_scope(scope, kind, error, tb):
    if region := trace.regions.get(scope):
        trace.leave_block(trio.lowlevel.current_task(), region, error)
        trace.close(region)
    return plain["__exit__"](scope, kind, error, tb)


def cancel_scope(scope, *reason, **more):
    region = trace.regions.get(scope)
    if region and not getattr(region, "asked", False):
        region.asked = True
        by_trio = next(callers()).f_code.co_filename.startswith(HERE)
        if not (region.cancel and trace.failed is cancelled_already):
            trace.requested(region, by_trio and trio.current_time() >= scope.deadline)
    return plain["cancel"](scope, *reason, **more)


cancelled_already = object()  # in place of who failed: what leaves the block is but the cancellation from outside


def take_error(nursery, error, *more):
    before = trace.failed
    if only_cancelled(error):
        trace.failed = cancelled_already
    elif before is None and (region := trace.regions.get(nursery.cancel_scope)):
        trace.failed = region.block
    try:
        return plain["_add_exc"](nursery, error, *more)
    finally:
        trace.failed = before


def finish_child(nursery, task, outcome):
    work = trace.frames.pop(task, [None])[0]
    if work:
        trace.end(work, getattr(outcome, "error", None))
    trace.failed = work
    try:
        return plain["_child_finished"](nursery, task, outcome)
    finally:
        trace.failed = None
        if work and work.region is trace.root:
            trace.write("task_join", task=work.id)  # trio.run returns its outcome


async def enter_nursery(manager):
    nursery = await plain["__aenter__"](manager)
    task, caller = trio.lowlevel.current_task(), next(callers())
    if task in trace.frames and caller.f_code is not plain["start"].__code__:
        trace.enter(task, titled("nursery", caller), nursery.cancel_scope)
    return nursery


async def exit_nursery(manager, kind, error, tb):
    region = trace.regions.get(manager._scope)
    if region:
        trace.leave_block(trio.lowlevel.current_task(), region, error)
    try:
        return await plain["__aexit__"](manager, kind, error, tb)
    finally:
        if region:
            trace.close(region)


async def start_child(nursery, *args, **options):
    trace.birth = trace.regions.get(nursery.cancel_scope)
    return await plain["start"](nursery, *args, **options)


def install(methods):
    for owner, names in [(trio.CancelScope, ["__enter__", "__exit__", "cancel"]), (Manager, ["__aenter__", "__aexit__"]),
                         (Nursery, ["_child_finished", "_add_exc", "start"])]:
        for name in names:
            type.__setattr__(owner, name, methods[name])


@contextlib.contextmanager
def recording(path, name=None):
    """Records whatever trio does meanwhile, in this thread."""
    global trace
    trace = Trace(path, name or os.path.basename(sys.argv[0]))
    install({"__enter__": enter_scope, "__exit__": exit_scope, "cancel": cancel_scope, "__aenter__": enter_nursery,
             "__aexit__": exit_nursery, "_child_finished": finish_child, "_add_exc": take_error, "start": start_child})
    plain_run = trio.run
    trio.run = lambda *args, instruments=(), **options: plain_run(*args, instruments=[*instruments, trace], **options)
    try:
        yield
    finally:
        trio.run = plain_run
        install(plain)
        if all(member.ended for member in trace.root.members):
            trace.move(trace.root, "closed", outcome=trace.root.outcome)
        trace.write("end")
        trace.flush()
        trace.file.close()
