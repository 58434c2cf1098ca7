// A trace of a million events in the tab. TRACE_GENERATOR names the program that makes it, or it is the one that was built.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { screenshot, sourceDir } from "./harness.mjs";
import { withFolder, withInspector } from "./inspector.mjs";

test("a million events open, are explained, searched and zoomed through in few vertices", async () => {
  await withFolder(async (folder) => {
    const generator = process.env.TRACE_GENERATOR ?? path.join(sourceDir, "build/dev/bin/trace_generator");
    execFileSync(generator, ["--events", "1000000", path.join(folder, "million.cst")]);
    const known = JSON.parse(fs.readFileSync(path.join(folder, "million.cst.answers.json"), "utf8"));
    await withInspector({ folders: { data: folder } }, async (inspector, problems) => {
      await inspector.page.evaluate(() => window.cancelscope.open("data/million.cst"));
      const { counts, findings } = await inspector.state();
      assert.equal(counts.events, known.stats.events);
      assert.equal(counts.tasks, known.stats.tasks);
      assert.equal(findings.total, Object.values(known.findings).reduce((sum, count) => sum + count, 0));
      await inspector.settled();
      await screenshot(inspector.page, "million");

      const chains = Object.entries(known.explain);
      const [task, { chain, kinds }] = chains[Math.floor(chains.length / 2)];
      const told = await inspector.explain(task);
      assert.deepEqual(told.chain.map(({ cancel }) => cancel), chain);
      assert.deepEqual(told.chain.map(({ kind }) => kind), kinds);

      // By its id, to its lane, and as deep as it goes.
      await inspector.page.keyboard.press("Control+p");
      await inspector.page.keyboard.type(task);
      await inspector.shown("finder", "hit", task);
      await inspector.page.keyboard.press("Enter");
      await inspector.until((state, task) => state.selection === task && state.subject === task, task);
      const vertices = [];
      await inspector.page.mouse.move(700, 300);
      for (let i = 0; i < 12; ++i) {
        await inspector.page.mouse.wheel(0, i < 6 ? 400 : -400);
        await inspector.settled();
        vertices.push((await inspector.state()).frame.vertices);
      }
      assert.ok(Math.max(...vertices) <= 60_000, `vertices a frame: ${vertices.join(" ")}`);

      // Before its request it ran, or waited.
      const { phases } = told;
      await inspector.page.evaluate((t) => window.cancelscope.seek(t), phases.requested - 1);
      const row = await inspector.shown("tree", "row", task);
      assert.match(row.text, new RegExp(told.name));
      await screenshot(inspector.page, "million-task");
      assert.deepEqual(problems, []);
    });
  });
});
