// Eight stories of somebody with an incident at hand, walked with mouse and keyboard through whatever `place` they are told in:
// the page in a browser, or the native window. What is asserted stands on the screen, and is what the command line answers.
//
// A place offers withPerson(files, use, link): the files opened there, two of them side by side, and the person who looks at them.
// A person can press(key), type(text), click(item), wheel(item, steps), read clipboard(), and sees state(), settled() and
// until(condition, given), in which the condition is a function of state and given alone.
// An incident names traces: see incidents.mjs.
import assert from "node:assert/strict";
import path from "node:path";
import { ask, said } from "./command_line.mjs";

const plain = (text) => text.replace(/[`*]/g, "");

const seen = async (person, panel, role) => {
  await person.settled();
  return (await person.state()).visible.filter((item) => item.panel === panel && item.role === role);
};

const one = async (person, panel, role, id) => {
  const items = await seen(person, panel, role);
  const item = items.find((item) => id === undefined || item.id === id);
  assert.ok(item, `the screen shows a ${role} ${id ?? ""} in ${panel}, among ${items.map((item) => item.id).join(" ")}`);
  return item;
};

const selected = (person, id) => person.until((state, id) => state.selection === id, id);

/** Finds it by what is typed, takes that hit, and is there. */
async function find(person, typed, id) {
  await person.press("Control+p");
  await person.until((state) => state.visible.some((item) => item.panel === "finder"));
  await person.type(typed);
  // Down the list, as far as it has to be.
  let hit;
  for (let downs = 0; !hit && downs < 200; ++downs) {
    if (downs > 0) await person.press("ArrowDown");
    // What is drawn last may be half behind the list's edge.
    hit = (await seen(person, "finder", "hit")).slice(0, 10).find((item) => item.id === id);
  }
  assert.ok(hit, `${typed} finds ${id}`);
  await person.click(hit);
  await selected(person, id);
}

/** The row of the list of findings, wheeled to where it is out of sight. */
async function rowOf(person, finding) {
  for (let tries = 0; tries < 200; ++tries) {
    const rows = await seen(person, "findings", "finding");
    // The last may be half in sight.
    const row = rows.slice(0, -1).find((row) => row.id === finding.target && row.text === plain(finding.message));
    if (row) return row;
    await person.wheel(rows[1], -1);
  }
  throw new Error(`The list of findings shows no ${finding.code} of ${finding.target}.`);
}

export const stories = [
  {
    name: "from what looks worst to whom, why, its cause, and a text for the ticket",
    async walk(place, { file }) {
      await place.withPerson([file], async (person) => {
        const { findings } = ask("check", file);
        const [worst] = await seen(person, "findings", "finding");
        assert.equal(worst.text, plain(findings[0].message));
        // Down the list, to the first that a cancellation has to do with.
        let subject;
        for (const finding of findings) {
          await person.click(await rowOf(person, finding));
          const { why } = await person.until((state, id) => state.subject === id, finding.target);
          subject = finding.target;
          if (why.cause.length > 0) break;
        }
        const told = ask("explain", file, subject);
        assert.equal((await one(person, "why", "sentence", subject)).text, plain(told.summary));
        assert.equal((await one(person, "why", "root_cause")).id, told.root_cause.cancel);
        for (const { cancel } of told.chain) {
          await person.press("ArrowUp");
          await selected(person, cancel);
        }
        const { cursor, subject: still } = await person.state();
        assert.equal(cursor, told.root_cause.t);
        assert.equal(still, subject, "Why stays with whom it was about");

        await person.click((await seen(person, "why", "link")).find((link) => link.text === "Markdown"));
        await person.until((state) => state.notice?.includes("Markdown"));
        const name = path.basename(file);
        const text = (await person.clipboard()).replaceAll(file, name);
        assert.equal(text.trim(), said("explain", file, subject, "--markdown").replaceAll(file, name).trim());
        await person.picture("finding");
      });
    },
  },
  {
    name: "a task is found by name and followed through its phases, and back to when it still ran",
    async walk(place, { file, drained }) {
      await place.withPerson([file], async (person) => {
        const { phases } = ask("explain", file, drained.id);
        await find(person, drained.typed, drained.id);
        await one(person, "timeline", "lane", drained.id);
        await person.press("Home");
        await person.until((state) => state.cursor === 0);
        const times = [];
        for (let link = (await person.state()).link; (times.at(-1) ?? 0) < phases.completed; ) {
          await person.press("ArrowRight");
          const state = await person.until((state, link) => state.link !== link, link);
          assert.equal(state.selection, drained.id);
          times.push(state.cursor);
          link = state.link;
        }
        for (const phase of ["requested", "draining", "completed"])
          assert.ok(times.includes(phases[phase]), `${phase} at ${phases[phase]}, among the steps ${times}`);

        for (let state = await person.state(); state.cursor >= phases.requested; ) {
          await person.press("ArrowLeft");
          state = await person.until((state, link) => state.link !== link, state.link);
        }
        const then = await one(person, "tree", "state", drained.id);
        assert.match(then.text, /^(running|waiting)/, "it had not been asked to stop");
        assert.equal((await one(person, "tree", "row", drained.id)).text, drained.name);
        await person.picture("phases");
      });
    },
  },
  {
    name: "from nothing selected to the request that hit most, and all whom it hit, counted",
    async walk(place, { file }) {
      await place.withPerson([file], async (person) => {
        await person.press("Escape");
        await person.until((state) => state.selection === null);
        const [most] = await seen(person, "why", "root");
        await person.click(most);
        await selected(person, most.id);
        const { effects } = ask("explain", file, most.id);
        assert.ok(effects.tasks >= 1);
        const { text } = await one(person, "why", "effects", most.id);
        const count = (n, what) => new RegExp(`\\b${n.toLocaleString("en")} (other )?${what}`);
        assert.match(text, count(effects.tasks, "task"));
        await person.press("ArrowDown");
        const { selection } = await person.until((state, id) => state.selection !== id, most.id);
        assert.ok(ask("explain", file, selection).chain.some(({ cancel }) => cancel === most.id), `${most.id} led to ${selection}`);
        await person.picture("storm");
      });
    },
  },
  {
    name: "from the red mark of a stale handle to the event, and to who presented it",
    async walk(place, { stale }) {
      await place.withPerson([stale], async (person) => {
        await person.press("3");
        await person.until((state) => state.visible.some((item) => item.panel === "slots" && item.role === "stale"));
        const [mark] = await seen(person, "slots", "stale");
        await person.click(mark);
        const { selection, cursor } = await person.until((state) => state.link.includes("selevent="));
        const use = ask("events", stale, "ev = stale").events.find(({ id, t }) => id === selection && t === cursor);
        assert.ok(use, `${selection} was presented at ${cursor}`);
        const { text } = await one(person, "why", "presenter");
        assert.match(text, use.by ? /./ : /^$/);
        await person.click(await one(person, "header", "tab", "events"));
        const row = (await seen(person, "events", "row")).find(({ text }) => text.startsWith(`stale: stale handle ${use.id} refused for ${use.op}`));
        assert.ok(row, "the event stands in the table");
        await person.picture("stale");
        if (!use.by) return;
        await person.click(await one(person, "why", "presenter", use.by));
        await selected(person, use.by);
      });
    },
  },
  {
    name: "what a close had to wait for, and to the one that held it up",
    async walk(place, { file, heldUp }) {
      await place.withPerson([file], async (person) => {
        await find(person, heldUp, heldUp);
        const { shutdown } = ask("explain", file, heldUp);
        const { id, text } = await one(person, "why", "held_up");
        assert.equal(id, shutdown.held_up_by);
        assert.match(text, /held it up longest/);
        await person.click(await one(person, "why", "held_up_by", id));
        await selected(person, id);
        assert.equal((await one(person, "why", "sentence", id)).text, plain(ask("explain", file, id).summary));
        await person.picture("held-up");
      });
    },
  },
  {
    name: "a link shows a colleague the same",
    async walk(place, { file, drained }) {
      let mine;
      await place.withPerson([file], async (person) => {
        await find(person, drained.typed, drained.id);
        await person.press("ArrowUp");
        await person.until((state, id) => state.selection !== id, drained.id);
        await person.press("z");
        await person.settled();
        mine = await person.state();
      });
      await place.withPerson([file], async (colleague) => {
        const theirs = await colleague.until((state, link) => state.link === link, mine.link);
        assert.equal(theirs.why.sentence, mine.why.sentence);
        assert.deepEqual(theirs.window, mine.window);
        // How far I had scrolled the tree and the lanes is mine; who is selected is in sight for both.
        const told = ({ visible }) => visible.filter(({ panel }) => panel !== "tree" && panel !== "timeline");
        const inSight = ({ visible }) => visible.filter(({ role, id }) => ["state", "lane"].includes(role) && id === mine.subject).map(({ panel, text }) => [panel, text]);
        await colleague.settled();
        const seenByThem = await colleague.state();
        assert.deepEqual(told(seenByThem), told(mine));
        assert.deepEqual(inSight(seenByThem), inSight(mine));
        assert.equal(inSight(mine).length, 2, "in the tree and in the timeline");
      }, mine.link);
    },
  },
  {
    name: "two runs are compared: where they part, and what differs",
    async walk(place, { file, other }) {
      await place.withPerson([file, other], async (person) => {
        const { beside } = await person.until((state) => state.beside !== null);
        const told = ask("diff", file, other);
        assert.equal(beside.differences, told.differences.length);
        assert.match((await one(person, "differences", "parting")).text, /^They part ways in/);
        const rows = await seen(person, "differences", "row");
        assert.equal(rows[0].text, plain(told.differences[0].message));
        const [there] = await seen(person, "differences", "a");
        await person.click(there);
        await selected(person, there.id);
        await person.picture("compared");
      });
    },
  },
  {
    name: "a damaged file is read as far as it goes, and what is wrong with it is said",
    async walk(place, { damaged }) {
      await place.withPerson([damaged], async (person) => {
        const told = ask("check", damaged);
        assert.ok(told.anomalies.length > 0);
        const state = await person.state();
        assert.equal(state.counts.events, told.events);
        assert.deepEqual(state.anomalies.list, told.anomalies.slice(0, 100).map(({ line, code, message }) => ({ line, code, message: plain(message) })));
        const badge = await one(person, "bar", "anomalies");
        assert.match(badge.text, new RegExp(`^${told.anomalies.length} anomal`));
        await person.click(badge);
        const rows = await seen(person, "findings", "anomaly");
        assert.match(rows[0].text, new RegExp(`^Line ${told.anomalies[0].line}: `));
        await person.picture("damaged");
      });
    },
  },
];
