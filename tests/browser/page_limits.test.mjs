// What the page asks of a browser and of a network, and what becomes of it where that is not there.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import zlib from "node:zlib";
import { launchBrowser, screenshot, serve, siteDir } from "./harness.mjs";
import { withInspector } from "./inspector.mjs";

/** A megabyte: a few seconds on a slow line. */
const mostBytes = 1_000_000;

test(`everything that the first picture needs is at most ${mostBytes} bytes, compressed, fonts and all`, async () => {
  await withInspector({}, async (inspector, problems) => {
    await inspector.settled();
    const fetched = await inspector.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
    const files = ["/index.html", ...fetched].map((name) => path.join(siteDir, name));
    assert.ok(files.some((file) => file.endsWith(".wasm")), `${files}`);
    const sizes = files.map((file) => [path.basename(file), zlib.gzipSync(fs.readFileSync(file), { level: 9 }).length]);
    const sum = sizes.reduce((sum, [, size]) => sum + size, 0);
    assert.ok(sum <= mostBytes, `${sum} bytes: ${sizes.map(([name, size]) => `${name} ${size}`).join(", ")}`);
    console.log(`    ${sum} bytes: ${sizes.map(([name, size]) => `${name} ${size}`).join(", ")}`);
    assert.deepEqual(problems, []);
  });
});

test("letters that take several keys, or no key, arrive where one types", async () => {
  await withInspector({}, async (inspector, problems) => {
    const name = "größe čaj Ωμέγα журнал";
    const lines = [
      { ev: "trace", format: "cancelscope", version: 1 },
      { ev: "region_open", t: 0, region: "r0.1", parent: null, name: "service" },
      { ev: "task_spawn", t: 10, task: "t0.1", region: "r0.1", name },
      { ev: "task_spawn", t: 20, task: "t1.1", region: "r0.1", name: "grosse" },
      { ev: "end", t: 30 },
    ];
    await inspector.drop({ name: "names.jsonl", bytes: new TextEncoder().encode(lines.map((line) => JSON.stringify(line) + "\n").join("")) });
    await inspector.until((state) => state.trace === "names.jsonl");
    await inspector.press("Control+p");
    await inspector.page.waitForFunction(() => document.activeElement.id === "typing");
    for (const typed of ["größe", " ča", "j Ω", "μέγα ж"]) await inspector.type(typed);
    const hit = await inspector.shown("finder", "hit", "t0.1");
    assert.equal(hit.text, name);
    assert.deepEqual((await inspector.state()).visible.filter(({ role }) => role === "hit").length, 1);
    await screenshot(inspector.page, "typed-accents");
    const corner = await inspector.page.evaluate(() => document.getElementById("canvas").getBoundingClientRect().top);
    assert.equal(corner, 0, "the page does not scroll to where one types");

    // An input method: nothing arrives before the word is whole.
    await inspector.press("Escape");
    await inspector.page.waitForFunction(() => document.activeElement.id === "canvas");
    await inspector.press("Control+p");
    await inspector.page.waitForFunction(() => document.activeElement.id === "typing");
    const session = await inspector.page.context().newCDPSession(inspector.page);
    await session.send("Input.imeSetComposition", { text: "журн", selectionStart: 4, selectionEnd: 4 });
    await session.send("Input.insertText", { text: "журнал" });
    await inspector.shown("finder", "hit", "t0.1");
    await inspector.press("Enter");
    await inspector.until((state) => state.selection === "t0.1");
    await inspector.page.waitForFunction(() => document.activeElement.id === "canvas");
    assert.deepEqual(problems, []);
  });
});

test("a step moves the timeline there, the state is of its end at once, and then nothing is drawn", async () => {
  await withInspector({ address: "?trace=data/go-context.jsonl#zoom=0,1000", reducedMotion: "no-preference" }, async (inspector, problems) => {
    await inspector.until((state) => state.trace === "go-context.jsonl");
    await inspector.settled();
    await inspector.page.evaluate(() => {
      window.passed = [];
      const look = () => {
        const { moving, window: shown, frame } = window.cancelscope.state();
        window.passed.push({ moving, from: shown.from, frame: frame.count });
        requestAnimationFrame(look);
      };
      look();
    });
    await inspector.press("End");
    await inspector.page.waitForFunction(() => window.passed.some(({ moving }) => moving) && !window.passed.at(-1).moving);
    const passed = await inspector.page.evaluate(() => window.passed);
    const way = passed.slice(passed.findIndex(({ moving }) => moving));
    assert.ok(new Set(way.map(({ frame }) => frame)).size > 1, "more than one picture of the way");
    assert.equal(new Set(way.map(({ from }) => from)).size, 1, "the window in the state is where it goes to");
    await inspector.settled();
    const before = (await inspector.state()).frame.count;
    await inspector.page.evaluate(async () => { for (let i = 0; i < 20; ++i) await new Promise((drawn) => requestAnimationFrame(drawn)); });
    assert.equal((await inspector.state()).frame.count, before);
    assert.deepEqual(problems, []);
  });
});

test("who wants less motion gets none, and may change their mind", async () => {
  await withInspector({ address: "?trace=data/go-context.jsonl#zoom=0,1000", reducedMotion: "reduce" }, async (inspector, problems) => {
    await inspector.until((state) => state.trace === "go-context.jsonl");
    const movesAfter = () => inspector.page.evaluate(() => (window.cancelscope.step("last"), window.cancelscope.state().moving));
    assert.equal(await movesAfter(), false);
    await inspector.press("Home");
    await inspector.page.emulateMedia({ reducedMotion: "no-preference" });
    assert.equal(await movesAfter(), true);
    assert.deepEqual(problems, []);
  });
});

test("a graphics context that was lost is made anew, and shows the same picture", async () => {
  await withInspector({}, async (inspector, problems) => {
    await inspector.dropData("asyncio.jsonl");
    await inspector.select("t5.1");
    await inspector.page.mouse.move(2, 2);
    await inspector.settled();
    const before = await inspector.page.screenshot();
    await inspector.page.evaluate(async () => {
      const canvas = document.getElementById("canvas");
      const happened = (what) => new Promise((done) => canvas.addEventListener(what, done, { once: true }));
      const lender = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
      const lost = happened("webglcontextlost");
      lender.loseContext();
      await lost;
      // The browser gives a context back only once everybody has heard of the loss.
      await new Promise((turn) => setTimeout(turn));
      const restored = happened("webglcontextrestored");
      lender.restoreContext();
      await restored;
    });
    await inspector.settled();
    assert.ok((await inspector.page.screenshot()).equals(before), "pixel by pixel");
    assert.deepEqual(problems, []);
  });
});

for (const [what, script, sentence] of [
  ["WebGL 2", () => { HTMLCanvasElement.prototype.getContext = () => null; }, /WebGL 2, which this browser does not offer/],
  ["WebAssembly exceptions", () => { delete WebAssembly.Tag; }, /WebAssembly with exceptions, which this browser does not offer/],
]) {
  test(`a browser without ${what} gets a sentence`, async () => {
    const server = await serve();
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      await page.addInitScript(script);
      await page.goto(server.url);
      await page.waitForFunction(() => document.getElementById("headline").textContent === "Cancelscope cannot start here.");
      assert.match(await page.textContent("#detail"), sentence);
      assert.ok(await page.isVisible("#curtain"));
    } finally {
      await browser.close();
      await server.close();
    }
  });
}

test("a browser that cannot read the page's script gets a sentence", async () => {
  const server = await serve();
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.route("**/page.mjs", (route) => route.fulfill({ contentType: "text/javascript", body: "class { what is this }" }));
    await page.goto(server.url);
    await page.waitForFunction(() => /may be too old/.test(document.getElementById("detail").textContent));
  } finally {
    await browser.close();
    await server.close();
  }
});
