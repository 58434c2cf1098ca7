// The runtime as a JavaScript program sees it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { cancelscope, createRuntime, deferred, events_of, left_in, nothing_left } from './support.mjs';

const { CancelscopeError, Cancelled, HandshakeError, Panic, RefusedError, StaleHandleError } = cancelscope;

describe('the handshake', () => {
  for (const [name, claimed, code] of [
    ['another major version', { major: 9 }, 'other_major'],
    ['a newer minor version', { minor: 9 }, 'newer_minor'],
    ['another fingerprint', { fingerprint: 1n }, 'other_fingerprint'],
  ])
    it(`refuses ${name}, with the reason`, async () => {
      await assert.rejects(createRuntime({ claimed }), (why) => {
        assert.ok(why instanceof HandshakeError);
        assert.equal(why.code, code);
        assert.match(why.message, /: take /);
        return true;
      });
    });

  it('compares the fingerprint in all its 64 bits', async () => {
    const module = await import(`file://${process.env.CANCELSCOPE_PACKAGE}/abi.mjs`);
    assert.equal(typeof module.fingerprint, 'bigint');
    for (const bit of [0n, 31n, 32n, 53n, 63n])
      await assert.rejects(createRuntime({ claimed: { fingerprint: module.fingerprint ^ (1n << bit) } }), HandshakeError);
  });
});

describe('a task', () => {
  it('gives what its body returns to whoever joins it', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const outcome = await scope.spawn('t', async () => 42).join();
    assert.equal(outcome.kind, 'ok');
    assert.equal(outcome.value, 42);
    await scope.close();
    assert.deepEqual(left_in(runtime), nothing_left);
  });

  it('that throws an Error is err, and hands that very Error over', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const declined = new Error('card declined');
    const outcome = await scope.spawn('t', async () => { throw declined; }).join();
    assert.equal(outcome.kind, 'err');
    assert.equal(outcome.message, 'card declined');
    assert.equal(outcome.error, declined);
    assert.throws(() => outcome.unwrap(), declined);
    await scope.close();
  });

  it('whose code is wrong, or that says so, is panicked', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s', { keepGoing: true });
    for (const body of [async () => undefined.nothing, async () => { throw new Panic('must not be'); }, async () => { throw 'a string'; }])
      assert.equal((await scope.spawn('t', body).join()).kind, 'panicked');
    await scope.close();
  });

  it('that is cancelled while it waits stops there, cleans up, and ends with the whole chain', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('outer');
    const inner = scope.scope('inner');
    const order = [];
    const task = inner.spawn('t', async (context) => {
      try {
        await context.sleep(60_000);
      } catch (why) {
        order.push(why.constructor.name);
        await context.sleep(1); // clean-up may wait
        order.push('cleaned up');
        throw why;
      }
    });
    const joined = task.join();
    await Promise.resolve();
    scope.cancel('closing time');
    const outcome = await joined;
    assert.deepEqual(order, ['Cancelled', 'cleaned up']);
    assert.equal(outcome.kind, 'cancelled');
    assert.equal(outcome.cancellation.kind, 'parent');
    assert.equal(outcome.cancellation.root.kind, 'user');
    assert.equal(outcome.cancellation.root.message, 'closing time');
    assert.equal(outcome.cancellation.root.target, scope.id);
    assert.equal((await scope.closed).kind, 'ok');
    assert.deepEqual(left_in(runtime), nothing_left);
  });

  it('that is cancelled before it began never begins', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    let began = false;
    const task = scope.spawn('t', async () => { began = true; });
    const joined = task.join();
    task.cancel('too late');
    assert.equal((await joined).kind, 'cancelled');
    assert.equal(began, false);
    await scope.close();
  });

  it('that never waits with the runtime sees a request at its checkpoint, and its signal at once', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const gate = deferred();
    const seen = [];
    const task = scope.spawn('t', async (context) => {
      context.signal.addEventListener('abort', () => seen.push(context.signal.reason));
      await gate.promise;
      seen.push('went on');
      context.checkpoint();
      seen.push('not reached');
    });
    const joined = task.join();
    await new Promise(setImmediate);
    task.cancel('stop');
    assert.ok(seen[0] instanceof Cancelled);
    assert.equal(task.state, 'requested');
    gate.resolve();
    assert.equal((await joined).kind, 'cancelled');
    assert.equal(seen[1], 'went on');
    assert.equal(seen.length, 2);
    await scope.close();
  });

  it('that passes its signal on ends as cancelled when that rejects', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const task = scope.spawn('t', ({ signal }) =>
      new Promise((_, reject) => { signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError'))); }));
    const joined = task.join();
    await new Promise(setImmediate);
    task.cancel('stop');
    assert.equal((await joined).kind, 'cancelled');
    await scope.close();
  });

  it('can be joined once', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const task = scope.spawn('t', async () => {});
    const id = task.id;
    const first = task.join();
    await assert.rejects(task.join(), RefusedError);
    await first;
    await assert.rejects(task.join(), (why) => {
      assert.ok(why instanceof StaleHandleError);
      assert.match(why.message, new RegExp(`stale handle ${id.replace('.', '\\.')}`));
      return true;
    });
    assert.throws(() => task.cancel(), StaleHandleError);
    assert.equal(task.state, 'released');
    await scope.close();
  });

  it('cannot use its context once it is over', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    let kept;
    await scope.spawn('t', async (context) => { kept = context; }).join();
    assert.throws(() => kept.checkpoint(), RefusedError);
    await assert.rejects(kept.sleep(1), RefusedError);
    await scope.close();
  });

  it('runs its exits after its body, the last registered first, also when it was cancelled', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const order = [];
    const task = scope.spawn('t', async (context) => {
      context.onExit('first', async () => { order.push('first'); });
      context.onExit('second', async () => { await Promise.resolve(); order.push('second'); });
      await context.sleep(60_000);
    });
    const joined = task.join();
    await new Promise(setImmediate);
    task.cancel();
    assert.equal((await joined).kind, 'cancelled');
    assert.deepEqual(order, ['second', 'first']);
    await scope.close();
    const ran = events_of(runtime).filter((e) => e.ev === 'finalizer').map((e) => e.label);
    assert.deepEqual(ran, ['second', 'first']);
  });

  it('under a shield is not disturbed, and sees the request after it', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const gate = deferred();
    const order = [];
    const task = scope.spawn('t', async (context) => {
      await context.shield(async () => {
        await context.wait(gate.promise);
        order.push('whole');
      });
      order.push('after');
      await context.sleep(60_000);
    });
    const joined = task.join();
    await new Promise(setImmediate);
    task.cancel();
    order.push('asked');
    gate.resolve();
    assert.equal((await joined).kind, 'cancelled');
    assert.deepEqual(order.slice(0, 2), ['asked', 'whole']);
    await scope.close();
  });
});

describe('a scope', () => {
  it('waits for its tasks when it is closed, and gives the worst of what nobody joined', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s', { keepGoing: true });
    scope.spawn('ok', async () => 1);
    scope.spawn('fails', async () => { throw new Error('no stock'); });
    const outcome = await scope.close();
    assert.equal(outcome.kind, 'err');
    assert.equal(outcome.message, 'no stock');
    assert.equal(scope.state, 'closed');
  });

  it('cancels the others when one fails, and names who failed', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const sibling = scope.spawn('sibling', (context) => context.sleep(60_000));
    const joined = sibling.join();
    const failing = scope.spawn('failing', async () => { throw new Error('no stock'); });
    const { cancellation } = await joined;
    assert.equal(cancellation.root.kind, 'fail_fast');
    assert.equal(cancellation.root.originTask, failing.id);
    assert.match(cancellation.root.message, /no stock/);
    await scope.closed;
  });

  it('is cancelled by its deadline, whole', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('checkout', { deadline: 5 });
    const task = scope.scope('inner').spawn('charge card', (context) => context.sleep(60_000));
    const { cancellation } = await task.join();
    assert.equal(cancellation.root.kind, 'timeout');
    assert.match(cancellation.root.message, /deadline of 'checkout'/);
    await scope.closed;
    assert.deepEqual(left_in(runtime), nothing_left);
  });

  it('gives up clean-up that takes longer than it may, and closes all the same', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s', { cleanup: 5 });
    const task = scope.spawn('stubborn', async (context) => {
      try {
        await context.sleep(60_000);
      } finally {
        await context.wait(new Promise(() => {}));
      }
    });
    const joined = task.join();
    await new Promise(setImmediate);
    scope.cancel('enough');
    const outcome = await joined;
    assert.equal(outcome.kind, 'panicked');
    assert.match(outcome.message, /clean-up budget exhausted/);
    await scope.closed;
    assert.deepEqual(left_in(runtime), nothing_left);
    assert.ok(events_of(runtime).some((e) => e.ev === 'violation'));
  });

  it('closes the scopes in it, too', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('outer');
    const inner = scope.scope('middle').scope('inner');
    await scope.close();
    assert.equal(inner.state, 'closed');
    assert.deepEqual(left_in(runtime), nothing_left);
  });

  it('runs its finalizers one at a time when nothing lives in it any more', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const order = [];
    scope.onClose('first', async () => { order.push('first'); });
    scope.onClose('second', async (context) => { await context.sleep(1); order.push('second'); });
    scope.spawn('t', async (context) => { await context.sleep(1); order.push('task'); });
    await scope.close();
    assert.deepEqual(order, ['task', 'second', 'first']);
  });

  it('counts an obligation that nobody resolved as leaked', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    scope.reserve('lease', 'kept').commit();
    scope.reserve('lease', 'lost');
    await scope.close();
    assert.equal(runtime.counts().leaked, 1);
  });

  it('refuses what is no option, and says what is', async () => {
    const runtime = await createRuntime();
    assert.throws(() => runtime.scope('s', { timeout: 3 }), /no option 'timeout'.*deadline/);
  });

  it('is disposed of by closing it', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    await scope[Symbol.asyncDispose]();
    assert.equal(scope.state, 'closed');
  });
});

describe('running a body in a scope of its own', () => {
  it('gives its value when everything in it is over', async () => {
    const runtime = await createRuntime();
    let late = false;
    const outcome = await runtime.run('work', async (context) => {
      context.spawn('late', async (inner) => { await inner.sleep(2); late = true; });
      return 'done';
    });
    assert.equal(outcome.value, 'done');
    assert.equal(late, true);
  });

  it('cancels what is in it when the body fails, and says why: the worst that nobody joined', async () => {
    const runtime = await createRuntime();
    const outcome = await runtime.run('work', async (context) => {
      context.spawn('helper', (inner) => inner.sleep(60_000));
      throw new Error('no');
    });
    assert.equal(outcome.kind, 'cancelled'); // the helper's, which is worse than err
    assert.equal(outcome.cancellation.root.kind, 'fail_fast');
    assert.equal(outcome.message, 'work failed: no');
    assert.deepEqual(left_in(runtime), nothing_left);
  });

  it('is ended with whoever waits for it, and drained first', async () => {
    const runtime = await createRuntime();
    const order = [];
    const scope = runtime.scope('s');
    const task = scope.spawn('waits', async (context) => {
      try {
        await context.run('inner', async (inner) => {
          try {
            await inner.sleep(60_000);
          } finally {
            await inner.sleep(2);
            order.push('inner is clean');
          }
        });
      } finally {
        order.push('outer stops');
      }
    });
    const joined = task.join();
    await new Promise(setImmediate);
    task.cancel('stop');
    assert.equal((await joined).kind, 'cancelled');
    assert.deepEqual(order, ['inner is clean', 'outer stops']);
    await scope.close();
    assert.deepEqual(left_in(runtime), nothing_left);
  });

  it('with a timeout is cancelled when it takes longer, and only it', async () => {
    const runtime = await createRuntime();
    const outcome = await runtime.run('work', async (context) => {
      const inner = await context.timeout('slow', 3, (slow) => slow.sleep(60_000));
      assert.equal(inner.kind, 'cancelled');
      assert.equal(inner.cancellation.root.kind, 'timeout');
      return 'went on';
    });
    assert.equal(outcome.unwrap(), 'went on');
  });
});

describe('several tasks', () => {
  it('all: their values by name', async () => {
    const runtime = await createRuntime();
    const outcome = await runtime.run('work', async (context) =>
      (await context.all({ a: async () => 1, b: async (inner) => { await inner.sleep(1); return 2; } })).unwrap());
    assert.deepEqual(outcome.value, { a: 1, b: 2 });
  });

  it('all: one that fails ends the others, and is the root of what comes of it', async () => {
    const runtime = await createRuntime();
    const outcome = await runtime.run('work', (context) =>
      context.all([(inner) => inner.sleep(60_000), async () => { throw new Error('no stock'); }]));
    const all = outcome.value;
    assert.equal(all.kind, 'cancelled'); // the worst of both
    assert.equal(all.cancellation.root.kind, 'fail_fast');
    assert.match(all.message, /failed: no stock/);
    assert.deepEqual(left_in(runtime), nothing_left);
  });

  it('race: the first to end; losers name the winner and are drained before it returns', async () => {
    const runtime = await createRuntime();
    const order = [];
    let losers_why;
    const outcome = await runtime.run('work', async (context) => {
      const raced = await context.race({
        quick: async (inner) => { await inner.sleep(2); return 'quick'; },
        slow: async (inner) => {
          try {
            await inner.sleep(60_000);
          } catch (why) {
            losers_why = why.cancellation;
            await inner.sleep(2);
            order.push('loser is clean');
            throw why;
          }
        },
      });
      order.push('race returned');
      return raced.unwrap();
    });
    assert.equal(outcome.value, 'quick');
    assert.equal(losers_why.kind, 'race_lost');
    assert.match(losers_why.message, /'quick' was first/);
    assert.ok(losers_why.originTask);
    assert.deepEqual(order, ['loser is clean', 'race returned']);
  });

  it('firstOk: passes over those that fail', async () => {
    const runtime = await createRuntime();
    const outcome = await runtime.run('work', async (context) =>
      (await context.firstOk([async () => { throw new Error('no'); }, async (inner) => { await inner.sleep(1); return 'yes'; }])).unwrap());
    assert.equal(outcome.value, 'yes');
  });

  it('firstOk: the worst, where none is ok', async () => {
    const runtime = await createRuntime();
    const outcome = await runtime.run('work', async (context) =>
      (await context.firstOk([async () => { throw new Error('one'); }, async () => { throw new Error('two'); }])).unwrap());
    assert.equal(outcome.kind, 'err');
    assert.equal(outcome.message, 'one');
  });
});

describe('a budget', () => {
  it('of cost is spent by its tasks, and ends them when it is used up', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s', { cost: 10 });
    const outcome = await scope.spawn('t', async (context) => {
      for (;;) context.spend(3);
    }).join();
    assert.equal(outcome.kind, 'cancelled');
    assert.equal(outcome.cancellation.root.kind, 'budget');
    await scope.closed;
  });
});

describe('the trace', () => {
  it('names the program, its language and its interface, and never goes back in time', async () => {
    const runtime = await createRuntime({ name: 'shop' });
    await runtime.run('work', async (context) => { await context.sleep(1); context.mark('half'); });
    runtime.endTrace();
    const [header, ...events] = events_of(runtime);
    assert.equal(header.producer.name, 'shop');
    assert.equal(header.producer.language, 'JavaScript');
    assert.match(header.abi, /^[0-9a-f]{16}$/);
    assert.ok(Math.abs(header.start_unix_ns / 1e6 - Date.now()) < 60_000);
    assert.equal(events.at(-1).ev, 'end');
    for (let i = 1; i < events.length; ++i) assert.ok(events[i].t >= events[i - 1].t);
    assert.ok(events.some((e) => e.ev === 'mark' && e.label === 'half'));
  });

  it('tells the lines that asked, where that is wanted', async () => {
    const runtime = await createRuntime({ places: true });
    const scope = runtime.scope('s');
    scope.spawn('t', async () => {});
    await scope.close();
    const { src } = events_of(runtime).find((e) => e.ev === 'task_spawn');
    assert.match(src, /^runtime\.test\.mjs:\d+$/);
  });

  it('is bounded, and counts what had no room', async () => {
    const runtime = await createRuntime({ traceRoom: 500 });
    const scope = runtime.scope('s');
    for (let i = 0; i < 100; ++i) scope.mark('again');
    assert.ok(runtime.counts().dropped > 80);
    runtime.takeTrace();
    scope.mark('there is room');
    assert.equal(events_of(runtime)[0].ev, 'dropped');
    await scope.close();
  });

  it('is not recorded where it is not wanted', async () => {
    const runtime = await createRuntime({ trace: false });
    await runtime.run('work', async () => {});
    assert.equal(runtime.takeTrace().length, 0);
  });
});

describe('ten thousand scopes', () => {
  it('leave nothing behind, and use a slot again and again', async () => {
    const runtime = await createRuntime({ trace: false });
    for (let i = 0; i < 10_000; ++i) {
      const scope = runtime.scope('s');
      scope.spawn('t', async () => i);
      await scope.close();
    }
    assert.deepEqual(left_in(runtime), nothing_left);
    assert.match(runtime.scope('one more').id, /^r0\.10001$/);
  });
});

describe('errors', () => {
  it('are of one family, each with a code', () => {
    assert.ok(new Panic('x') instanceof CancelscopeError);
    assert.equal(new Panic('x').code, 'panicked');
    assert.equal(new Panic('x').name, 'Panic');
  });
});
