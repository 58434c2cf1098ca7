// The runtime within a Worker: runs a program and posts what became of it.
import { createRuntime } from '/package/cancelscope.mjs';

const runtime = await createRuntime({ name: 'worker' });
const outcome = await runtime.run('in a worker', { deadline: 5 }, (context) => context.sleep(60_000));
postMessage({ kind: outcome.cancellation.root.kind, left: runtime.counts().regions });
