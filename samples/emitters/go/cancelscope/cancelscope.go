// Package cancelscope records trees of contexts and the goroutines that run under them, as a Cancelscope trace.
//
//	trace, err := cancelscope.Open("crawl.jsonl", "crawl")
//	ctx, page := trace.WithTimeout(ctx, 250*time.Millisecond, "page /news")
//	defer page.Close()
//	fetch := page.Go(ctx, "fetch /news", func(ctx context.Context) error { … })
//	err = fetch.Wait(ctx)
//
// One file, the standard library alone: copy it.
//
// What becomes what:
//
//	WithCancel, WithTimeout   a region, with a deadline where it has one. Its context is canceled with its parent's
//	Go                        a task, owned by the region; the context that it gets knows who runs
//	Cancel                    a cancel. The caller's context says who asked; context.Background() says that nobody knows
//	FailFast                  the first task of the region that fails cancels the others
//	Wait                      a join
//	Close                     the `defer cancel()` of Go: what is still below is canceled, the region closed when all is over
//
// Go does not say when a goroutine sees that its context is done, nor what it waits for: no phase is written between
// the request and the end of a task, and no wait but for Wait.
package cancelscope

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// Trace may be used from any goroutine; a lock orders the lines as the causes were.
type Trace struct {
	mutex  sync.Mutex
	out    io.WriteCloser
	start  time.Time
	counts map[string]int
	failed error // of writing; told by Close
}

type fields map[string]any

// Open begins the trace of a program of that name.
func Open(path, name string) (*Trace, error) {
	out, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	trace := &Trace{out: out, start: time.Now(), counts: map[string]int{}}
	producer := fields{"name": name, "language": "Go " + strings.TrimPrefix(runtime.Version(), "go")}
	trace.line(fields{"ev": "trace", "format": "cancelscope", "version": 1, "clock": "monotonic",
		"start_unix_ns": trace.start.UnixNano(), "producer": producer})
	return trace, nil
}

// Close ends the trace in order.
func (trace *Trace) Close() error {
	trace.mutex.Lock()
	defer trace.mutex.Unlock()
	trace.write("end", fields{})
	if err := trace.out.Close(); trace.failed == nil {
		trace.failed = err
	}
	return trace.failed
}

func (trace *Trace) line(what fields) {
	for key, value := range what {
		if value == "" {
			delete(what, key)
		}
	}
	line, err := json.Marshal(what)
	if err == nil {
		_, err = trace.out.Write(append(line, '\n'))
	}
	if trace.failed == nil {
		trace.failed = err
	}
}

// An empty string is a field that is absent. The lock is held.
func (trace *Trace) write(ev string, what fields) {
	what["ev"], what["t"] = ev, time.Since(trace.start).Nanoseconds()
	trace.line(what)
}

func (trace *Trace) newID(letter string) string {
	trace.counts[letter]++
	if letter == "c" {
		return fmt.Sprintf("c%d", trace.counts[letter])
	}
	return fmt.Sprintf("%s%d.1", letter, trace.counts[letter])
}

// Who runs, and in which region, as a context knows it.
type whereabouts struct {
	region *Region
	task   *Task
}
type whereaboutsKey struct{}

func of(ctx context.Context) whereabouts {
	where, _ := ctx.Value(whereaboutsKey{}).(whereabouts)
	return where
}

func (where whereabouts) taskID() string {
	if where.task == nil {
		return ""
	}
	return where.task.id
}

// Region is a context with what runs under it.
type Region struct {
	trace    *Trace
	id       string
	parent   *Region
	stop     context.CancelFunc
	timer    *time.Timer
	failFast bool
	cancel   string // the cancel in effect
	state    int
	worst    int
	closing  bool
	regions  map[*Region]struct{}
	tasks    map[*Task]struct{} // that are not over
}

// Task is a goroutine.
type Task struct {
	id     string
	region *Region
	cancel string
	err    error
	done   chan struct{}
}

var states = []string{"open", "closing", "draining", "closed"}
var outcomes = []string{"ok", "err", "cancelled", "panicked"}

// WithCancel opens a region below that of ctx; a root where ctx has none.
func (trace *Trace) WithCancel(ctx context.Context, name string) (context.Context, *Region) {
	return trace.open(ctx, name, 0)
}

// WithTimeout opens a region that is canceled when the time is over.
func (trace *Trace) WithTimeout(ctx context.Context, patience time.Duration, name string) (context.Context, *Region) {
	return trace.open(ctx, name, patience)
}

func (trace *Trace) open(ctx context.Context, name string, patience time.Duration) (context.Context, *Region) {
	trace.mutex.Lock()
	defer trace.mutex.Unlock()
	where := of(ctx)
	region := &Region{trace: trace, id: trace.newID("r"), parent: where.region,
		regions: map[*Region]struct{}{}, tasks: map[*Task]struct{}{}}
	opened := fields{"region": region.id, "parent": nil, "name": name, "by": where.taskID(), "src": place()}
	if patience > 0 {
		opened["budget"] = fields{"deadline": (time.Since(trace.start) + patience).Nanoseconds()}
	}
	if region.parent != nil {
		opened["parent"] = region.parent.id
		region.parent.regions[region] = struct{}{}
	}
	trace.write("region_open", opened)

	ctx, region.stop = context.WithCancel(ctx)
	if patience > 0 {
		region.timer = time.AfterFunc(patience, func() {
			trace.mutex.Lock()
			defer trace.mutex.Unlock()
			region.request("timeout", fields{"origin_region": region.id})
		})
	}
	if region.parent != nil && region.parent.cancel != "" {
		region.request("parent", fields{"cause": region.parent.cancel, "origin_region": region.parent.id})
	}
	return context.WithValue(ctx, whereaboutsKey{}, whereabouts{region, where.task}), region
}

// FailFast lets the first task that fails cancel the others.
func (region *Region) FailFast() *Region {
	region.failFast = true
	return region
}

// Go runs body in a goroutine of this region. A panic ends the program, as it always does.
func (region *Region) Go(ctx context.Context, name string, body func(context.Context) error) *Task {
	trace := region.trace
	trace.mutex.Lock()
	defer trace.mutex.Unlock()
	task := &Task{id: trace.newID("t"), region: region, done: make(chan struct{})}
	trace.write("task_spawn", fields{"task": task.id, "region": region.id, "name": name, "by": of(ctx).taskID(), "src": place()})
	region.tasks[task] = struct{}{}
	if region.cancel != "" {
		task.reach()
	}
	inner := context.WithValue(ctx, whereaboutsKey{}, whereabouts{region, task})
	go func() { task.over(body(inner)) }()
	return task
}

// Wait takes the task's outcome.
func (task *Task) Wait(ctx context.Context) error {
	trace, by := task.region.trace, of(ctx).taskID()
	trace.mutex.Lock()
	if by != "" {
		trace.write("task_wait", fields{"task": by, "on": "join", "what": task.id})
	}
	trace.mutex.Unlock()
	<-task.done
	trace.mutex.Lock()
	defer trace.mutex.Unlock()
	trace.write("task_join", fields{"task": task.id, "by": by})
	return task.err
}

func (task *Task) over(err error) {
	region := task.region
	trace := region.trace
	trace.mutex.Lock()
	defer trace.mutex.Unlock()
	outcome, cancel, said := 0, "", ""
	if task.cancel != "" && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		outcome, cancel = 2, task.cancel
	} else if err != nil {
		outcome, said = 1, err.Error()
	}
	trace.write("task_end", fields{"task": task.id, "outcome": outcomes[outcome], "cancel": cancel, "error": said})
	delete(region.tasks, task)
	if outcome == 1 && region.failFast && region.cancel == "" {
		region.request("fail_fast", fields{"origin_region": region.id, "origin_task": task.id})
	}
	if outcome > region.worst {
		region.worst = outcome
	}
	task.err = err
	close(task.done)
	region.closeIfDone()
}

// Cancel asks all below the region to stop. ctx is the caller's own: it says who asks.
func (region *Region) Cancel(ctx context.Context, why string) {
	region.trace.mutex.Lock()
	defer region.trace.mutex.Unlock()
	region.request("user", fields{"origin_task": of(ctx).taskID(), "message": why})
}

// Close says that nothing more comes. It does not wait.
func (region *Region) Close() {
	region.trace.mutex.Lock()
	defer region.trace.mutex.Unlock()
	region.closing = true
	if len(region.tasks)+len(region.regions) > 0 && region.cancel == "" {
		region.move(1, fields{})
		region.request("user", fields{"origin_region": region.id, "message": "closed with work left"})
	}
	region.stop()
	region.closeIfDone()
}

// The lock is held, here and below.
func (region *Region) request(kind string, origin fields) {
	if region.state == 3 {
		return
	}
	cancel := region.trace.newID("c")
	origin["cancel"], origin["kind"], origin["target"], origin["src"] = cancel, kind, region.id, place()
	if region.cancel != "" {
		origin["effect"] = "absorbed" // a context is canceled once
	}
	region.trace.write("cancel", origin)
	if region.cancel != "" {
		return
	}
	region.cancel = cancel
	region.move(2, fields{})
	for task := range region.tasks {
		task.reach()
	}
	for below := range region.regions {
		below.request("parent", fields{"cause": cancel, "origin_region": region.id})
	}
	region.stop() // after the trace knows; goroutines that wake write after us
}

func (task *Task) reach() {
	task.cancel = task.region.trace.newID("c")
	task.region.trace.write("cancel", fields{"cancel": task.cancel, "kind": "parent", "target": task.id,
		"cause": task.region.cancel, "origin_region": task.region.id})
}

func (region *Region) move(state int, more fields) {
	if state <= region.state {
		return
	}
	region.state = state
	more["region"], more["state"], more["cancel"] = region.id, states[state], region.cancel
	region.trace.write("region_state", more)
}

func (region *Region) closeIfDone() {
	if !region.closing || len(region.tasks)+len(region.regions) > 0 || region.state == 3 {
		return
	}
	if region.timer != nil {
		region.timer.Stop()
	}
	region.move(3, fields{"outcome": outcomes[region.worst]})
	if above := region.parent; above != nil {
		delete(above.regions, region)
		if region.worst > above.worst {
			above.worst = region.worst
		}
		above.closeIfDone()
	}
}

// The line of the program that called; none for what a timer does.
func place() string {
	for depth := 1; ; depth++ {
		_, file, line, ok := runtime.Caller(depth)
		if !ok || strings.Contains(file, "/src/runtime/") || strings.Contains(file, "/src/time/") {
			return ""
		}
		if filepath.Base(file) != "cancelscope.go" {
			return fmt.Sprintf("%s:%d", filepath.Base(file), line)
		}
	}
}
