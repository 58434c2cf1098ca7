// What somebody does who has an incident at hand, on the trace of a real program: samples/checkout.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import test from "node:test";
import { screenshot, sourceDir } from "./harness.mjs";
import { commandLine, explained, withFolder, withInspector } from "./inspector.mjs";

/** The order service on virtual time: the same trace every time. */
function withCheckout(use) {
  return withFolder(async (folder) => {
    const file = path.join(folder, "checkout.jsonl");
    execFileSync(path.join(path.dirname(commandLine()), "checkout"), ["--orders", path.join(sourceDir, "samples/checkout/orders.jsonl"), "--output", file, "--virtual-time"]);
    await withInspector({ folders: { data: folder }, viewport: { width: 1440, height: 900 } }, async (inspector, problems) => {
      await inspector.page.evaluate(() => window.cancelscope.open("data/checkout.jsonl"));
      await use(inspector, file);
      assert.deepEqual(problems, []);
    });
  });
}

const visible = async (inspector, panel, role) => {
  await inspector.settled();
  return (await inspector.state()).visible.filter((item) => item.panel === panel && item.role === role);
};

test("from the worst finding to whom, why, the cause, and a text for the ticket", async () => {
  await withCheckout(async (inspector, file) => {
    const [worst] = await visible(inspector, "findings", "finding");
    await inspector.click(worst);
    const { subject, why } = await inspector.until((state, id) => state.subject === id, worst.id);
    assert.ok(why.cause.length > 0, "what is worst in checkout was under cancellation");
    await inspector.page.keyboard.press("ArrowUp");
    await inspector.until((state, cancels) => cancels.includes(state.selection), why.cause);
    for (let i = 1; i < why.cause.length; ++i) await inspector.page.keyboard.press("ArrowUp");
    const state = await inspector.until((state, root) => state.selection === root, why.cause[0]);
    assert.equal(state.subject, subject, "Why stays with whom it was about");

    await inspector.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    const link = (await visible(inspector, "why", "link")).find((item) => item.text === "Markdown");
    await inspector.click(link);
    await inspector.until((state) => state.notice?.includes("Markdown"));
    const text = await inspector.page.evaluate(() => navigator.clipboard.readText());
    assert.equal(text.trim(), execFileSync(commandLine(), ["explain", file, subject, "--markdown"], { encoding: "utf8" }).replaceAll(file, "data/checkout.jsonl").replace("data/checkout.jsonl", "checkout.jsonl").trim());
    await screenshot(inspector.page, "story-finding");
  });
});

test("a task found by name, through its phases, and back to when it still ran", async () => {
  await withCheckout(async (inspector, file) => {
    // One whose clean-up took time.
    const line = execFileSync(commandLine(), ["events", file, "ev = cancel_phase and phase = draining", "--json"], { encoding: "utf8" });
    let told;
    for (const { target } of JSON.parse(line).events) {
      told = await inspector.explain(target);
      if (told.target.startsWith("t") && told.phases.completed > told.phases.draining) break;
    }
    const { target, name, phases } = told;
    assert.deepEqual(told, explained(file, target));
    await inspector.page.keyboard.press("Control+p");
    await inspector.page.keyboard.type(name);
    const hits = await visible(inspector, "finder", "hit");
    assert.ok(hits.length > 0 && hits[0].text === name);
    await inspector.page.keyboard.press("Escape");
    assert.equal(await inspector.select(target), true);

    await inspector.page.evaluate((t) => window.cancelscope.seek(t), phases.requested - 1);
    const times = [];
    for (let i = 0; i < 12; ++i) {
      if (!(await inspector.step("next"))) break;
      times.push((await inspector.state()).cursor);
    }
    for (const phase of [phases.draining, phases.completed]) assert.ok(times.includes(phase), `${phase} among ${times}`);

    await inspector.page.evaluate((t) => window.cancelscope.seek(t), phases.requested - 1);
    await inspector.until((state, t) => state.cursor === t, phases.requested - 1);
    const row = await inspector.shown("tree", "row", target);
    assert.equal(row.text, name);
    await screenshot(inspector.page, "story-phases");
  });
});

test("from nothing selected to the request that hit most, and whom it hit", async () => {
  await withCheckout(async (inspector, file) => {
    await inspector.page.keyboard.press("Escape");
    const [first] = await visible(inspector, "why", "root");
    await inspector.click(first);
    await inspector.until((state, id) => state.selection === id, first.id);
    const told = await inspector.explain(first.id);
    assert.deepEqual(told, explained(file, first.id));
    assert.ok(told.effects.tasks >= 1, JSON.stringify(told.effects));
    await screenshot(inspector.page, "story-root");
  });
});
