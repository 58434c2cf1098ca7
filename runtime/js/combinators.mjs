// Several tasks, of which all are wanted, or one. Each opens a scope of its own, so nothing outlives it; losers are cancelled
// by the winner (`race_lost`) and drained before it returns.

import { Outcome } from './outcomes.mjs';

const rank = ['ok', 'err', 'cancelled', 'panicked'];

/** The worse of two; on a tie the earlier stays. */
export const worse = (a, b) => (rank.indexOf(b.kind) > rank.indexOf(a.kind) ? b : a);

/** `{name: body}`, or a list of bodies, as pairs. */
const pairs_of = (bodies) =>
  Array.isArray(bodies) ? bodies.map((body, index) => [body.name || `${index + 1}`, body]) : Object.entries(bodies);

/** The outcome of each, by its place in the list or its name; fails with the worst. */
export const all = (context, bodies) =>
  context.run('all', {}, async (inner) => {
    const tasks = pairs_of(bodies).map(([name, body]) => [name, inner.spawn(name, body)]);
    let worst = new Outcome({ kind: 'ok' });
    const values = Array.isArray(bodies) ? [] : {};
    for (const [index, [name, task]] of tasks.entries()) {
      const outcome = await inner.join(task);
      worst = worse(worst, outcome);
      values[Array.isArray(bodies) ? index : name] = outcome.value;
    }
    worst.unwrap();
    return values;
  });

/** The first to end, however it ends; with `wanted`, the first that ends so, or else the worst of all. */
const first = (context, label, bodies, wanted) =>
  context.run(label, { keepGoing: true }, async (inner) => {
    let winner = null;
    const tasks = pairs_of(bodies).map(([name, body]) => inner.spawn(name, body));
    for (const task of tasks)
      task.before_end = (how) => {
        if (winner || !wanted(how)) return;
        winner = task;
        for (const loser of tasks) if (loser !== task && !loser.is_over) loser.lose_to(task);
      };
    let won = null;
    let worst = new Outcome({ kind: 'ok' });
    for (const task of tasks) {
      const outcome = await inner.join(task);
      if (task === winner) won = outcome;
      else if (!winner || outcome.kind === 'panicked') worst = worse(worst, outcome);
    }
    if (worst.kind === 'panicked' || !won) worst.unwrap();
    return won.unwrap();
  });

const returned = 0;
export const race = (context, bodies) => first(context, 'race', bodies, () => true);
export const first_ok = (context, bodies) => first(context, 'first ok', bodies, (how) => how === returned);
