// What the tests of the JavaScript runtime share: the package as it was built, and its trace as events.

import { pathToFileURL } from 'node:url';

const built = process.env.CANCELSCOPE_PACKAGE;
if (!built) throw new Error('set CANCELSCOPE_PACKAGE to the package as built: build/wasm/package/cancelscope');

export const cancelscope = await import(pathToFileURL(`${built}/cancelscope.mjs`));
export const { createRuntime } = cancelscope;

const decoder = new TextDecoder();

/** The events recorded since the last time. */
export const events_of = (runtime) =>
  decoder.decode(runtime.takeTrace()).split('\n').filter(Boolean).map((line) => JSON.parse(line));

export const nothing_left = { regions: 0, tasks: 0, obligations: 0 };
export const left_in = (runtime) => {
  const { regions, tasks, obligations } = runtime.counts();
  return { regions, tasks, obligations };
};

/** A promise and its ends. */
export const deferred = () => {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};
