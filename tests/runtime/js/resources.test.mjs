// What a scope owns ends with it, and is an obligation in its trace while it lives.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';

import { cancelscope, createRuntime, deferred, events_of, left_in, nothing_left } from './support.mjs';

const { RefusedError } = cancelscope;

/** What became of each obligation, by its label. */
const fates = (events) => {
  const label = new Map(events.filter((e) => e.ev === 'obligation').map((e) => [e.obligation, e.label]));
  return Object.fromEntries(events.filter((e) => e.ev === 'obligation_end').map((e) => [label.get(e.obligation), e.how]));
};

describe('a request', () => {
  let server;
  let address;
  let hung_up;
  let asked;

  before(async () => {
    server = createServer((request, response) => {
      if (request.url === '/price') return response.end('40');
      asked.resolve();
      request.on('close', () => hung_up.resolve()); // anything else is never answered
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    address = `http://127.0.0.1:${server.address().port}`;
  });
  after(() => server.close());

  it('gives its answer, and is an obligation that was kept', async () => {
    const runtime = await createRuntime();
    const outcome = await runtime.run('shop', async (context) => (await context.fetch(`${address}/price`)).text());
    assert.equal(outcome.value, '40');
    assert.deepEqual(fates(events_of(runtime)), { 'GET /price': 'committed' });
    assert.deepEqual(left_in(runtime), nothing_left);
  });

  it('is ended when its task is asked to stop: the server sees that nobody waits any more', async () => {
    hung_up = deferred();
    asked = deferred();
    const runtime = await createRuntime();
    const scope = runtime.scope('shop');
    const task = scope.spawn('ask', (context) => context.fetch(`${address}/never`));
    const joined = task.join();
    await asked.promise;
    task.cancel('changed my mind');
    assert.equal((await joined).kind, 'cancelled');
    await hung_up.promise;
    await scope.close();
  });

  it('of a scope is ended when the scope is cancelled', async () => {
    hung_up = deferred();
    asked = deferred();
    const runtime = await createRuntime();
    const scope = runtime.scope('shop');
    const answer = scope.fetch(`${address}/never`);
    const failed = assert.rejects(answer, /cancelled \(user\): closing/);
    await asked.promise;
    scope.cancel('closing');
    await failed;
    await hung_up.promise;
    await scope.closed;
    assert.deepEqual(left_in(runtime), nothing_left);
  });

  it('that cannot be made is err, not a mistake in the code', async () => {
    const runtime = await createRuntime();
    const outcome = await runtime.run('shop', (context) => context.fetch('http://127.0.0.1:1/nobody'));
    assert.equal(outcome.kind, 'err');
    assert.match(outcome.message, /GET \/nobody failed/);
  });
});

describe('what a scope owns', () => {
  it('timers: one that fires is kept, one that does not is ended with the scope', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const fired = deferred();
    let ticks = 0;
    scope.setTimeout(fired.resolve, 1);
    scope.setTimeout(() => assert.fail('it outlived its scope'), 50);
    scope.setInterval(() => { ++ticks; }, 1);
    await fired.promise;
    await scope.close();
    const ticked = ticks;
    await new Promise((resolve) => { setTimeout(resolve, 80); });
    assert.equal(ticks, ticked);
    assert.deepEqual(fates(events_of(runtime)), {
      'timer of 1 ms': 'committed', 'timer of 50 ms': 'aborted', 'interval of 1 ms': 'aborted',
    });
  });

  it('a channel: its ports are closed', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const { port1, port2 } = scope.messageChannel();
    port2.postMessage('hello');
    const [said] = await once(port1, 'message');
    assert.equal(said.data ?? said, 'hello');
    const closed = once(port1, 'close');
    await scope.close();
    await closed; // and this process can end
    assert.deepEqual(left_in(runtime), nothing_left);
  });

  it('a stream: its source is told that nobody reads any more', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const told = deferred();
    const stream = new ReadableStream({ pull: (c) => c.enqueue(1), cancel: told.resolve });
    assert.equal((await scope.reader(stream).read()).value, 1);
    await scope.close();
    assert.match(await told.promise, /scope has closed/);
  });

  it('a stream that ended by itself was kept', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const reader = scope.reader(new ReadableStream({ start: (c) => c.close() }));
    await reader.closed;
    await scope.close();
    assert.deepEqual(fates(events_of(runtime)), { ReadableStream: 'committed' });
  });

  it('listeners hear nothing after it', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    const target = new EventTarget();
    let heard = 0;
    scope.listen(target, 'order', () => { ++heard; });
    target.dispatchEvent(new Event('order'));
    await scope.close();
    target.dispatchEvent(new Event('order'));
    assert.equal(heard, 1);
  });

  it('ends last in, first out, after all tasks, also when one of them cannot be ended', async () => {
    const runtime = await createRuntime();
    const scope = runtime.scope('s', { keepGoing: true });
    const order = [];
    scope.own('resource', 'first', () => order.push('first'));
    scope.own('resource', 'broken', () => { order.push('broken'); throw new Error('will not go'); });
    scope.own('resource', 'last', () => order.push('last'));
    scope.spawn('t', async (context) => { await context.sleep(1); order.push('task'); });
    const outcome = await scope.close();
    assert.deepEqual(order, ['task', 'last', 'broken', 'first']);
    assert.equal(outcome.kind, 'err');
    assert.match(outcome.message, /will not go/);
    assert.deepEqual(left_in(runtime), nothing_left);
  });

  it('cannot be what the host does not offer, and says so', async (t) => {
    if (typeof Worker === 'function') return t.skip('this host has workers');
    const runtime = await createRuntime();
    const scope = runtime.scope('s');
    assert.throws(() => scope.worker('w.mjs'), (why) => why instanceof RefusedError && /no Worker here/.test(why.message));
    await scope.close();
  });
});
