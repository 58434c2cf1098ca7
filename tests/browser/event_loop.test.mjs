// The runtime's event loop in a real page and in a Worker: what no test under node can see. The program is event_loop/program.cpp.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { siteDir, sourceDir, withPage } from "./harness.mjs";
import { commandLine, withFolder } from "./inspector.mjs";

const folders = {
  page: path.join(sourceDir, "tests/browser/event_loop"),
  module: path.join(siteDir, "../event_loop_page"),
};

function withProgram(use) {
  return withPage({ address: "page/page.html", folders }, async ({ page, problems }) => {
    await page.evaluate(async () => {
      const { default: make } = await import("/module/event_loop_page.mjs");
      window.over = new Promise((programOver) => { window.made = make({ programOver }); });
      window.program = await window.made;
      window.endTrace = () => window.program.UTF8ToString(window.program._end_trace());
    });
    await use(page);
    assert.deepEqual(problems, []);
  });
}

/** What the inspector says of it. */
async function findingsOf(trace) {
  return await withFolder((folder) => {
    const file = path.join(folder, "page.jsonl");
    fs.writeFileSync(file, trace);
    return JSON.parse(execFileSync(commandLine(), ["check", file, "--json"], { encoding: "utf8" })).findings;
  });
}

test("a page draws while a program computes, and its trace is sound", async () => {
  await withProgram(async (page) => {
    const { how, frames, trace } = await page.evaluate(async () => {
      let frames = 0;
      const draw = () => { ++frames; requestAnimationFrame(draw); };
      requestAnimationFrame(draw);
      window.program._start_program(1000);
      const how = await window.over;
      return { how, frames, trace: window.endTrace() };
    });
    assert.equal(how, "ok");
    const events = trace.trim().split("\n").map((line) => JSON.parse(line));
    const computed = events.filter((e) => e.ev === "task_run").reduce((sum, e) => sum + e.dur, 0);
    // At 60 frames a second it would be one in 17 ms; whoever starves the page lets it draw once or not at all.
    assert.ok(frames >= Math.max(3, computed / 100e6), `${frames} frames in ${computed / 1e6} ms of computing`);
    assert.ok(computed > 100e6, `too little to tell: ${computed} ns`);
    assert.deepEqual(await findingsOf(trace), []);
    const [request] = events.filter((e) => e.ev === "cancel" && e.kind === "timeout");
    assert.ok(request, "the answer that did not come");
    assert.equal(events.at(-1).ev, "end");
  });
});

test("a click cancels a program between two turns", async () => {
  await withProgram(async (page) => {
    await page.evaluate(() => {
      const button = document.body.appendChild(document.createElement("button"));
      button.textContent = "Stop";
      button.onclick = () => window.program._cancel_program();
      window.program._start_program(50_000);
    });
    await page.click("button");
    assert.equal(await page.evaluate(() => window.over), "a click");
  });
});

test("a program runs in a Worker, and its end may end the event loop", async () => {
  await withProgram(async (page) => {
    const { how, trace } = await page.evaluate(() => new Promise((ended, failed) => {
      const worker = new Worker("/page/worker.mjs", { type: "module" });
      worker.onmessage = ({ data }) => ended(data);
      worker.onerror = (error) => failed(new Error(error.message));
    }));
    assert.equal(how, "ok");
    assert.deepEqual(await findingsOf(trace), []);
  });
});
