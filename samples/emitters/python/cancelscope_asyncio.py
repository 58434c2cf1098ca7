"""Records what an asyncio program starts, awaits and cancels, as a Cancelscope trace.

    with recording("crawl.jsonl"):
        asyncio.run(main())

The program itself stays as it is. One file, the standard library alone, Python 3.11 and newer: copy it. Tasks of a
task factory of the program's own (asyncio.eager_task_factory too) are not seen.

What becomes what:
  asyncio.run             the root region; loose tasks are its own, because the loop cancels them at the end
  asyncio.TaskGroup       a region, opened by the task that enters it
  asyncio.timeout         a region with a deadline
  asyncio.Task            a task
  the block of a group    a task of its own, because a group or a timeout cancels just that block and the task
  or of a timeout         around it lives on; the task around it waits for it and joins it
  Task.cancel             a cancel. It is asked for by whoever called; without a current task nobody is named
"""

import asyncio
import collections.abc
import contextlib
import json
import os
import sys
import time
import traceback

STRENGTH = ["user", "timeout", "budget", "fail_fast", "race_lost", "parent", "shutdown"]
OUTCOMES = ["ok", "err", "cancelled", "panicked"]
HERE = (os.path.dirname(asyncio.__file__), __file__)
# What a coroutine of asyncio waits for, by the file it stands in.
WAITS = {"queues.py": "channel", "locks.py": "permit", "streams.py": "io", "base_events.py": "io",
         "selector_events.py": "io", "proactor_events.py": "io", "subprocess.py": "io"}


class Region:
    def __init__(self, id, parent=None, opener=None):
        self.id, self.parent, self.opener = id, parent, opener
        self.cancel = self.block = None
        self.members, self.state, self.outcome = [], "open", "ok"


class Work:
    """A task of the trace: an asyncio task, or the block of a group or timeout."""

    def __init__(self, id, region):
        self.id, self.region = id, region
        self.cancel = self.draining = self.ended = self.joined = False
        self.inner = []  # regions that it has open
        region.members.append(self)


class Trace:
    def __init__(self, path, name):
        self.file = open(path, "w", encoding="utf-8", errors="replace")
        self.start, self.lines, self.counts = time.monotonic_ns(), [], {}
        self.running = None  # (work, since, place in lines) of what runs now
        self.reaching = None  # (kind, cause, origin region) of the cancels that the library makes now
        self.told = None  # the task whose cancel() is the library's way to reach a block, which is told already
        self.birth = {}  # name, and of a group's the region, of the task that is being made
        self.write("trace", format="cancelscope", version=1, clock="monotonic", start_unix_ns=time.time_ns(),
                   producer={"name": name, "language": f"Python {sys.version.split()[0]} asyncio"})
        self.root = Region(self.new_id("r"))
        self.write("region_open", region=self.root.id, parent=None, name="asyncio.run")

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

    # ---- Regions and work ----

    def spawn(self, region, name, by):
        work = Work(self.new_id("t"), region)
        self.write("task_spawn", task=work.id, region=region.id, name=name, by=by and by.id, src=place())
        return work

    def enter(self, task, name, deadline=None):
        """A group or timeout opens: a region, and its block as the innermost work of the task."""
        outer = task.frames[-1]
        region = Region(self.new_id("r"), outer.region, outer)
        self.write("region_open", region=region.id, parent=outer.region.id, name=name, by=outer.id, src=place(),
                   budget=deadline and {"deadline": max(0, int(deadline * 1e9) - self.start)})
        region.block = self.spawn(region, "block of " + name, outer)
        outer.inner.append(region)
        if outer.cancel and not outer.draining:  # what is seen at the next await is seen within
            self.cancel(region, "parent", outer.cancel, outer.region)
        self.write("task_wait", task=outer.id, on="join", what=region.id)
        task.frames.append(region.block)
        self.switch(region.block)
        return region

    def leave_block(self, task, region, error):
        self.end(region.block, error)
        task.frames.remove(region.block)
        self.switch(task.frames[-1])
        self.join(region.block, region.opener)
        if any(not member.ended for member in region.members):
            self.move(region, "closing")

    def close(self, region):
        for member in region.members:
            self.join(member, region.opener)
        self.move(region, "closed", outcome=region.outcome)
        if region.opener:
            region.opener.inner.remove(region)

    def move(self, region, state, **fields):
        order = ["open", "closing", "draining", "closed"]
        if order.index(state) > order.index(region.state):
            region.state = state
            self.write("region_state", region=region.id, state=state, cancel=region.cancel, **fields)

    def end(self, work, error, cancelled=False):
        if work.ended:
            return
        work.ended, outcome = True, outcome_of(error, cancelled)
        work.region.outcome = max(work.region.outcome, outcome, key=OUTCOMES.index)
        said = None if error is None or outcome == "cancelled" else "".join(
            traceback.format_exception_only(error)).strip()
        handed_on = getattr(error, "cancelscope_cancel", None)
        self.write("task_end", task=work.id, outcome=outcome, error=said,
                   cancel=(work.cancel or handed_on) if outcome == "cancelled" else None)

    def join(self, work, by):
        if work.ended and not work.joined:
            work.joined = True
            self.write("task_join", task=work.id, by=by and by.id)

    # ---- Cancellation ----

    def cancel(self, target, kind, cause=None, origin=None, by=None, message=None):
        """A request, and what it reaches at once: of a region its block, of a work the regions it has open."""
        effect = None
        if target.cancel:
            stronger = strength(kind) > strength(target.kind)
            effect = "strengthened" if stronger else "absorbed"
        id = self.new_id("c")
        self.write("cancel", cancel=id, kind=kind, target=target.id, cause=cause, origin_region=origin and origin.id,
                   origin_task=by and by.id, message=message, effect=effect, src=place())
        if effect == "absorbed":
            return target.cancel
        target.cancel, target.kind = id, kind
        if isinstance(target, Work):
            for region in target.inner:
                self.cancel(region, "parent", id, target.region)
            return id
        self.move(target, "draining")
        if target.block and not target.block.ended:
            self.cancel(target.block, "parent", id, target)
        return id

    def requested(self, task, message, caller):
        """Somebody calls task.cancel(). Returns what tasks that it awaits are reached by."""
        if task is self.told:
            return task.frames[-1].cancel
        kind, cause, origin, by = "user", None, None, current()
        if self.reaching:
            (kind, cause, origin), by = self.reaching, None
        elif caller == "_cancel_and_wait":  # wait_for, before Python 3.12
            kind, cause = ("awaiter", by.cancel) if by and by.cancel else ("timeout", None)
        return self.cancel(task.frames[0], kind, cause, origin or (by and by.region), by, message)

    @contextlib.contextmanager
    def during(self, reaching=None, told=None):
        before, self.reaching, self.told = (self.reaching, self.told), reaching, told
        try:
            yield
        finally:
            self.reaching, self.told = before


trace = None  # what is recorded now


def strength(kind):
    return STRENGTH.index(kind) if kind in STRENGTH else 0


def outcome_of(error, cancelled):
    if cancelled or isinstance(error, asyncio.CancelledError):
        return "cancelled"
    return "ok" if error is None else "err" if isinstance(error, Exception) else "panicked"


def current():
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return None
    return task.frames[-1] if isinstance(task, Task) else None


def users_frame():
    """The innermost that is neither asyncio's nor this file's; what the loop does by itself has none."""
    frame = sys._getframe(1) if current() else None
    while frame and frame.f_code.co_filename.startswith(HERE):
        frame = frame.f_back
    return frame


def place():
    frame = users_frame()
    return frame and f"{os.path.basename(frame.f_code.co_filename)}:{frame.f_lineno}"


def titled(what):
    frame = users_frame()
    return f"{what} in {frame.f_code.co_qualname}" if frame else what


class Steps(collections.abc.Coroutine):
    """A task's coroutine, step by step: when it runs, what it parks on, when it sees a cancellation."""

    def __init__(self, coro):
        self.coro, self.task = coro, None

    def send(self, value):
        return self.step(self.coro.send, value)

    def throw(self, *error):
        if isinstance(error[0], asyncio.CancelledError) or error[0] is asyncio.CancelledError:
            for work in self.task.frames:
                if work.cancel and not work.draining:
                    work.draining = True
                    trace.write("cancel_phase", target=work.id, cancel=work.cancel, phase="draining")
        return self.step(self.coro.throw, *error)

    def close(self):
        self.coro.close()

    def __await__(self):
        return self.coro.__await__()

    def step(self, resume, *value):
        outer = trace.running and trace.running[0]  # an eager task steps within another's step
        trace.switch(self.task.frames[-1])
        error, parked = None, None
        try:
            parked = resume(*value)
            return parked
        except BaseException as raised:
            error = raised
            raise
        finally:
            if error is not None:
                done = None if isinstance(error, StopIteration) else error
                trace.end(self.task.frames[0], done, cancelled=done is None and self.task._must_cancel)
            trace.switch(outer)
            if parked is not None:
                self.park(parked)

    def park(self, future):
        """The outermost coroutine of asyncio is what the program called."""
        inner = self.coro
        while hasattr(inner, "cr_code") and not inner.cr_code.co_filename.startswith(HERE):
            inner = inner.cr_await
        work, name, on, what = self.task.frames[-1], getattr(inner, "__qualname__", None), "other", None
        file = inner.cr_code.co_filename if hasattr(inner, "cr_code") else ""
        if isinstance(future, Task):
            on, what = "join", future.frames[0].id
        elif file == __file__ and work.inner:
            on, what, name = "join", work.inner[-1].id, None
        else:
            on = "timer" if name == "sleep" else WAITS.get(os.path.basename(file), on)
        trace.write("task_wait", task=work.id, on=on, what=what, label=name)


PlainTask, PlainGroup, PlainTimeout = asyncio.Task, asyncio.TaskGroup, asyncio.timeouts.Timeout
plain_create_task, plain_cancel_all = asyncio.create_task, asyncio.runners._cancel_all_tasks


class Task(PlainTask):
    def __init__(self, coro, *, name=None, **options):
        birth, trace.birth = trace.birth, {}
        steps = Steps(coro)
        title = birth.get("name") or name or getattr(coro, "__qualname__", None)
        self.frames = [trace.spawn(birth.get("region", trace.root), title, current())]
        steps.task = self
        super().__init__(steps, name=name, **options)

    def cancel(self, msg=None):
        if self.done():
            return super().cancel(msg)
        cancel = trace.requested(self, msg, sys._getframe(1).f_code.co_name)
        with trace.during(reaching=("awaiter", cancel, self.frames[0].region)):
            return super().cancel(msg)

    def taken(self, by):
        if self.done():
            trace.join(self.frames[0], by)

    def result(self):
        self.taken(current())
        return super().result()

    def exception(self):
        if self.frames[0].region is trace.root:  # a group's tasks are joined by who opened the group
            self.taken(current())
        return super().exception()

    def __await__(self):
        try:
            return (yield from super().__await__())
        except asyncio.CancelledError as error:
            if self.done():
                error.cancelscope_cancel = self.frames[0].cancel
            raise
        finally:
            self.taken(current())


class TaskGroup(PlainGroup):
    async def __aenter__(self):
        await super().__aenter__()
        self.region = trace.enter(self._parent_task, titled("TaskGroup"))
        return self

    async def __aexit__(self, kind, error, tb):
        trace.leave_block(self._parent_task, self.region, error)
        try:
            return await super().__aexit__(kind, error, tb)
        finally:
            trace.close(self.region)

    def create_task(self, coro, *, name=None, **options):
        trace.birth = {"region": self.region, "name": name}
        return super().create_task(coro, name=name, **options)

    failed = None  # the task whose failure ends the group

    def _on_task_done(self, task):
        if not task.cancelled() and PlainTask.exception(task):
            self.failed = task.frames[0]
        with trace.during(told=self._parent_task):
            super()._on_task_done(task)

    def _abort(self):
        region = self.region
        cause = region.cancel or trace.cancel(region, "fail_fast", None, region, self.failed or region.block)
        with trace.during(reaching=("parent", cause, region)):
            super()._abort()


class Timeout(PlainTimeout):
    async def __aenter__(self):
        await super().__aenter__()
        self.region = trace.enter(self._task, titled("timeout"), self.when())
        return self

    async def __aexit__(self, kind, error, tb):
        trace.leave_block(self._task, self.region, error)
        trace.close(self.region)
        return await super().__aexit__(kind, error, tb)

    def _on_timeout(self):
        trace.cancel(self.region, "timeout", origin=self.region)
        with trace.during(told=self._task):
            super()._on_timeout()


def create_task(coro, *, name=None, **options):
    trace.birth = {"name": name}  # before Python 3.13 a task is named only after it was made
    try:
        return plain_create_task(coro, name=name, **options)
    finally:
        trace.birth = {}


def cancel_all_tasks(loop):
    """What asyncio.run does at its end to tasks that are still there."""
    alive = [task for task in asyncio.all_tasks(loop) if isinstance(task, Task)]
    cause = trace.cancel(trace.root, "shutdown", origin=trace.root) if alive else None
    with trace.during(reaching=cause and ("parent", cause, trace.root)):
        plain_cancel_all(loop)


def install(task, group, timeout, create, cancel_all):
    asyncio.create_task = asyncio.tasks.create_task = create
    asyncio.tasks.Task = asyncio.Task = task
    asyncio.TaskGroup = asyncio.taskgroups.TaskGroup = group
    asyncio.timeouts.Timeout = asyncio.Timeout = timeout
    asyncio.runners._cancel_all_tasks = cancel_all


@contextlib.contextmanager
def recording(path, name=None):
    """Records whatever asyncio does meanwhile, in this process' one event loop."""
    global trace
    trace = Trace(path, name or os.path.basename(sys.argv[0]))
    install(Task, TaskGroup, Timeout, create_task, cancel_all_tasks)
    try:
        yield
    finally:
        install(PlainTask, PlainGroup, PlainTimeout, plain_create_task, plain_cancel_all)
        if all(member.ended for member in trace.root.members):
            trace.move(trace.root, "closed", outcome=trace.root.outcome)
        trace.write("end")
        trace.flush()
        trace.file.close()
