// The interface in a real browser: from a dropped file to the cause of a cancellation.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import test from "node:test";
import { screenshot, sourceDir } from "./harness.mjs";
import { commandLine, dataDir, explained, readData, withFolder, withInspector } from "./inspector.mjs";

for (const scale of [1, 2]) {
  test(`a click on a cancelled task in a dropped trace shows the cause that the command line gives, at ${scale}×`, async () => {
    await withInspector({ scale, viewport: { width: 1440, height: 900 } }, async (inspector, problems) => {
      const opened = await inspector.dropData("asyncio.jsonl");
      // Another one than the page chose by itself.
      const wanted = opened.selection === "t5.1" ? "t4.1" : "t5.1";
      await inspector.click(await inspector.shown("tree", "row", wanted));
      const state = await inspector.until((state, id) => state.selection === id, wanted);

      const expected = explained(path.join(dataDir, "asyncio.jsonl"), wanted);
      assert.equal(expected.cancelled, true);
      assert.equal(state.why.root_cause, expected.root_cause.cancel);
      assert.deepEqual(await inspector.explain(wanted), expected);
      assert.equal((await inspector.shown("why", "root_cause", expected.root_cause.cancel)).id, expected.root_cause.cancel);
      assert.match((await inspector.shown("why", "sentence", wanted)).text, new RegExp(expected.name));
      assert.match(await inspector.page.textContent("#live"), new RegExp(expected.name));

      const canvas = await inspector.page.evaluate(() => {
        const { width, height } = document.getElementById("canvas");
        return { width, height };
      });
      assert.deepEqual(canvas, { width: 1440 * scale, height: 900 * scale });
      await screenshot(inspector.page, `asyncio-${scale}x`);
      assert.deepEqual(problems, []);
    });
  });
}

test("steps go along the chain to the root cause and back", async () => {
  await withInspector({}, async (inspector, problems) => {
    await inspector.dropData("go-context.jsonl");
    const { why, subject } = await inspector.state();
    assert.ok(why.cause.length >= 2, "a chain to step along");
    for (const cancel of [...why.cause].reverse()) {
      await inspector.page.keyboard.press("ArrowUp");
      await inspector.until((state, cancel) => state.selection === cancel, cancel);
    }
    assert.equal((await inspector.state()).subject, subject);
    assert.equal(await inspector.step("cause"), false);
    for (const cancel of why.cause.slice(1)) {
      assert.equal(await inspector.step("effect"), true);
      assert.equal((await inspector.state()).selection, cancel);
    }
    await inspector.page.keyboard.press("ArrowDown");
    await inspector.until((state, subject) => state.selection === subject, subject);
    assert.deepEqual(problems, []);
  });
});

test("events are stepped through by key, and Home and End go to the ends", async () => {
  await withInspector({}, async (inspector) => {
    await inspector.dropData("asyncio.jsonl");
    await inspector.page.keyboard.press("Home");
    await inspector.until((state) => state.cursor === 0);
    const { selection } = await inspector.state();
    await inspector.page.keyboard.press("ArrowRight");
    const first = await inspector.until((state) => state.cursor > 0);
    assert.equal(first.selection, selection);
    await inspector.page.keyboard.press("End");
    const last = await inspector.until((state, before) => state.cursor > before, first.cursor);
    await inspector.page.keyboard.press("Control+ArrowLeft");
    await inspector.until((state, end) => state.cursor <= end, last.cursor);
  });
});

test("the address copied into another tab shows the same picture", async () => {
  const address = "?trace=data/go-context.jsonl";
  const seen = {};
  await withInspector({ address }, async (inspector) => {
    await inspector.until((state) => state.trace === "go-context.jsonl");
    await inspector.select((await inspector.state()).why.cause[0]);
    await inspector.page.keyboard.press("z");
    await inspector.page.keyboard.press("ArrowLeft");
    await inspector.settled();
    seen.link = (await inspector.state()).link;
    await inspector.page.waitForFunction((link) => location.hash === `#${link}`, seen.link);
    seen.picture = await inspector.page.screenshot();
  });
  await withInspector({ address: `${address}#${seen.link}` }, async (inspector, problems) => {
    await inspector.until((state, link) => state.link === link, seen.link);
    await inspector.settled();
    assert.ok((await inspector.page.screenshot()).equals(seen.picture), "pixel by pixel");
    assert.deepEqual(problems, []);
  });
});

test("the theme that was chosen is there again after a reload", async () => {
  await withInspector({ address: "?trace=data/asyncio.jsonl" }, async (inspector, problems) => {
    await inspector.until((state) => state.trace === "asyncio.jsonl");
    assert.equal((await inspector.state()).theme, "dark");
    await inspector.page.keyboard.press("Control+p");
    await inspector.page.keyboard.type("light");
    await inspector.shown("finder", "hit", "");
    await inspector.page.keyboard.press("Enter");
    await inspector.until((state) => state.theme === "light");
    await inspector.page.reload();
    await inspector.page.evaluate(() => window.cancelscope.ready);
    await inspector.until((state) => state.theme === "light" && state.trace === "asyncio.jsonl");
    await inspector.settled();
    await screenshot(inspector.page, "asyncio-light");
    assert.deepEqual(problems, []);
  });
});

test("the panels are there again as they were arranged, after a reload", async () => {
  await withInspector({}, async (inspector, problems) => {
    await inspector.dropData("asyncio.jsonl");
    await inspector.page.keyboard.press("2");
    const { layout } = await inspector.until((state) => state.layout.includes("hide:tree"));
    await inspector.page.goto(new URL("?trace=data/asyncio.jsonl", inspector.page.url()).href);
    await inspector.page.evaluate(() => window.cancelscope.ready);
    await inspector.until((state, layout) => state.trace === "asyncio.jsonl" && state.layout === layout, layout);
    await inspector.settled();
    await screenshot(inspector.page, "layout-timeline");
    await inspector.page.keyboard.press("m");
    await inspector.until((state) => state.layout.includes("full:timeline"));
    assert.deepEqual((await inspector.state()).visible.filter((item) => item.panel === "why"), []);
    assert.deepEqual(problems, []);
  });
});

test("the gallery lists the samples, and one click opens one, address and all", async () => {
  await withFolder(async (folder) => {
    execFileSync(path.join(sourceDir, "tools/gallery"), [commandLine(), folder]);
    await withInspector({ folders: { samples: path.join(folder, "samples") } }, async (inspector, problems) => {
      await inspector.until((state) => state.visible.filter((item) => item.role === "offer").length > 10);
      await inspector.settled();
      await screenshot(inspector.page, "gallery");
      const offers = (await inspector.state()).visible.filter((item) => item.role === "offer");
      await inspector.click(offers.find((item) => item.text === "forensics"));
      const { counts } = await inspector.until((state) => state.trace === "forensics.cst" && state.loading === null);
      assert.ok(counts.cancels > 10);
      assert.match(inspector.page.url(), /\?trace=\/samples\/forensics\.cst/);
      await inspector.page.reload();
      await inspector.page.evaluate(() => window.cancelscope.ready);
      await inspector.until((state) => state.trace === "forensics.cst");
      await inspector.dropData("asyncio.jsonl");
      assert.doesNotMatch(inspector.page.url(), /trace=/, "what was dropped has no address");
      assert.deepEqual(problems, []);
    });
  });
});

test("a load that takes long shows how far it is, and Escape gives it up", async () => {
  await withInspector({}, async (inspector, problems) => {
    await inspector.dropData("asyncio.jsonl");
    await inspector.page.evaluate(() => {
      const lines = new TextEncoder().encode('{"ev":"mark","t":1,"label":"again"}\n'.repeat(1000));
      const header = new TextEncoder().encode('{"ev":"trace","format":"cancelscope","version":1}\n');
      const endless = new ReadableStream({ start: (to) => to.enqueue(header), pull: (to) => to.enqueue(lines) });
      window.fetch = async () => new Response(endless);
      window.gaveUp = window.cancelscope.open("/endless.jsonl").catch((error) => error.message);
    });
    await inspector.until((state) => state.loading?.events > 1000 && state.visible.some((item) => item.panel === "loading"));
    await screenshot(inspector.page, "loading");
    await inspector.page.keyboard.press("Escape");
    const state = await inspector.until((state) => state.loading === null);
    assert.match(await inspector.page.evaluate(() => window.gaveUp), /endless\.jsonl was not loaded: cancelled/);
    assert.equal(state.trace, "asyncio.jsonl");
    assert.match(state.notice, /cancelled/);
    assert.deepEqual(problems, []);
  });
});

test("keys that come faster than the screen is drawn are all taken", async () => {
  await withInspector({ address: "?trace=data/asyncio.jsonl" }, async (inspector, problems) => {
    await inspector.until((state) => state.trace === "asyncio.jsonl");
    // All in one turn of the event loop: no frame is drawn between them.
    await inspector.page.evaluate(() => {
      for (const type of ["keydown", "keyup"])
        for (const [key, keyCode] of type === "keydown" ? [["Control", 17], ["p", 80]] : [["p", 80], ["Control", 17]])
          window.dispatchEvent(new KeyboardEvent(type, { key, keyCode, code: key === "p" ? "KeyP" : "ControlLeft", ctrlKey: true, bubbles: true }));
      for (const key of "select nothing") {
        const code = key.toUpperCase().charCodeAt(0);
        for (const [type, number] of [["keydown", code], ["keypress", key.charCodeAt(0)], ["keyup", code]])
          window.dispatchEvent(new KeyboardEvent(type, { key, keyCode: number, charCode: type === "keypress" ? number : 0, bubbles: true }));
      }
    });
    await inspector.settled();
    const hits = (await inspector.state()).visible.filter((item) => item.role === "hit");
    assert.deepEqual(hits.map((item) => item.text), ["Select nothing: the trace at a glance"]);
    assert.deepEqual(problems, []);
  });
});

test("who is here for the first time is told how to begin, once", async () => {
  await withInspector({ address: "?trace=data/asyncio.jsonl", firstTime: true }, async (inspector, problems) => {
    await inspector.until((state) => state.visible.some((item) => item.panel === "hint"));
    await inspector.settled();
    await screenshot(inspector.page, "hint");
    await inspector.click(await inspector.shown("hint", "close", ""));
    await inspector.until((state) => !state.visible.some((item) => item.panel === "hint"));
    await inspector.page.reload();
    await inspector.page.evaluate(() => window.cancelscope.ready);
    await inspector.until((state) => state.trace === "asyncio.jsonl");
    await inspector.settled();
    assert.ok(!(await inspector.state()).visible.some((item) => item.panel === "hint"));
    assert.deepEqual(problems, []);
  });
});

test("a link to what the trace does not have says so and shows the rest", async () => {
  await withInspector({ address: "?trace=data/asyncio.jsonl#event=3&sel=t99.1" }, async (inspector) => {
    const state = await inspector.until((state) => state.notice !== null);
    assert.match(state.notice, /t99\.1/);
    assert.match(state.link, /^event=3&/);
  });
});

test("?trace= opens a trace by its address", async () => {
  await withInspector({ address: "?trace=data/asyncio.jsonl" }, async (inspector, problems) => {
    const state = await inspector.until((state) => state.trace === "asyncio.jsonl");
    assert.equal(state.counts.tasks, 5);
    assert.match(await inspector.page.title(), /asyncio\.jsonl/);
    assert.deepEqual(problems, []);
  });
});

test("?trace= that cannot be fetched says so in a sentence", async () => {
  await withInspector({ address: "?trace=data/missing.jsonl" }, async (inspector) => {
    const state = await inspector.until((state) => state.error !== null);
    assert.match(state.error, /“missing\.jsonl” could not be fetched.*404/);
    assert.equal(state.trace, null);
  });
});

test("what is no trace gets its sentence on the screen, and what was open stays", async () => {
  await withInspector({}, async (inspector, problems) => {
    await inspector.dropData("asyncio.jsonl");
    const before = await inspector.state();
    const bad = ["empty.jsonl", "picture.png", "newer-version.jsonl", "chrome-trace.json"];
    for (const name of bad) {
      await inspector.drop({ name, bytes: readData(name) });
      const state = await inspector.until((state, name) => state.error?.includes(name), name);
      assert.equal(state.trace, "asyncio.jsonl");
      assert.equal(state.selection, before.selection);
      assert.equal((await inspector.shown("banner", "error", "")).text, state.error);
      if (name === "picture.png") await screenshot(inspector.page, "bad-input");
    }
    assert.deepEqual(problems, []);
  });
});

test("a dropped folder is told apart from a trace", async () => {
  await withInspector({}, async (inspector, problems) => {
    await inspector.dropData("asyncio.jsonl");
    // A script cannot make a folder to drop: this is what a browser hands over for one.
    await inspector.page.evaluate(() => {
      const item = { kind: "file", getAsFile: () => new File([], "traces"), webkitGetAsEntry: () => ({ isDirectory: true, name: "traces" }) };
      const event = new Event("drop", { bubbles: true, cancelable: true });
      Object.defineProperty(event, "dataTransfer", { value: { items: [item], files: [] } });
      document.body.dispatchEvent(event);
    });
    const state = await inspector.until((state) => state.error !== null);
    assert.match(state.error, /“traces” is a folder/);
    assert.equal(state.trace, "asyncio.jsonl");
    assert.deepEqual(problems, []);
  });
});

test("a trace with broken lines, or cut off, is shown, its anomalies counted", async () => {
  await withInspector({}, async (inspector, problems) => {
    for (const [name, codes] of [
      ["broken-line.jsonl", ["bad-json"]],
      ["cut-off.jsonl", ["bad-json", "cut-off"]],
    ]) {
      const state = await inspector.dropData(name);
      assert.deepEqual(state.anomalies.list.map((anomaly) => anomaly.code), codes);
      const badge = await inspector.shown("bar", "anomalies", "");
      assert.equal(badge.text, codes.length === 1 ? "1 anomaly" : `${codes.length} anomalies`);
    }
    await screenshot(inspector.page, "cut-off");
    assert.deepEqual(problems, []);
  });
});

test("several files: two are compared, and the screen says that the others were left", async () => {
  await withInspector({}, async (inspector, problems) => {
    const [a, b] = ["asyncio.jsonl", "go-context.jsonl"].map(readData);
    await inspector.drop({ name: "a.jsonl", bytes: a }, { name: "b.jsonl", bytes: b }, { name: "c.jsonl", bytes: b });
    const state = await inspector.until((state) => state.notice !== null);
    assert.equal(state.trace, "a.jsonl");
    assert.equal(state.beside.name, "b.jsonl");
    assert.ok(state.beside.differences > 0);
    assert.match(state.notice, /3 files.*a\.jsonl.*b\.jsonl/);
    await inspector.shown("differences", "parting", "");
    await screenshot(inspector.page, "differences");
    assert.deepEqual(problems, []);
  });
});

test("two traces compared stand in the address, and swapping them swaps them there", async () => {
  await withInspector({ address: "?trace=data/asyncio.jsonl&with=data/go-context.jsonl" }, async (inspector, problems) => {
    const { beside } = await inspector.until((state) => state.beside !== null);
    assert.equal(beside.name, "go-context.jsonl");
    const there = (await inspector.state()).visible.find((item) => item.panel === "differences" && item.role === "b");
    await inspector.click(there);
    const state = await inspector.until((state) => state.trace === "go-context.jsonl");
    assert.equal(state.beside.name, "asyncio.jsonl");
    assert.equal(state.selection, there.id);
    assert.match(inspector.page.url(), /trace=\/?data\/go-context\.jsonl&with=\/?data\/asyncio\.jsonl/);
    assert.deepEqual(problems, []);
  });
});

test("a pasted trace is opened", async () => {
  await withInspector({}, async (inspector, problems) => {
    await inspector.page.evaluate((text) => {
      const transfer = new DataTransfer();
      transfer.setData("text/plain", text);
      window.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer }));
    }, readData("asyncio.jsonl").toString());
    await inspector.until((state) => state.trace === "pasted text");
    assert.deepEqual(problems, []);
  });
});

test("open() takes bytes, keeps its promise with the state, or breaks it with the sentence", async () => {
  await withInspector({}, async (inspector, problems) => {
    const [tasks, sentence] = await inspector.page.evaluate(async (bytes) => {
      const state = await window.cancelscope.open(new Uint8Array(bytes), "bytes.jsonl");
      const refusal = await window.cancelscope.open(new Uint8Array([1, 2, 3]), "noise").catch((error) => error.message);
      return [state.counts.tasks, refusal];
    }, [...readData("asyncio.jsonl")]);
    assert.equal(tasks, 5);
    assert.match(sentence, /noise/);
    assert.equal((await inspector.state()).trace, "bytes.jsonl");
    assert.deepEqual(problems, []);
  });
});

test("nothing is drawn while nothing changes", async () => {
  await withInspector({}, async (inspector) => {
    await inspector.dropData("asyncio.jsonl");
    await inspector.settled();
    const [before, after] = await inspector.page.evaluate(async () => {
      const count = () => window.cancelscope.state().frame.count;
      const before = count();
      for (let i = 0; i < 60; ++i) await new Promise((drawn) => requestAnimationFrame(drawn));
      return [before, count()];
    });
    assert.equal(after, before);
  });
});

test("the window follows the size of the tab, large and small", async () => {
  await withInspector({}, async (inspector, problems) => {
    await inspector.dropData("every-event.jsonl");
    for (const [width, height] of [[900, 600], [1920, 1080]]) {
      await inspector.page.setViewportSize({ width, height });
      await inspector.until((state, width) => {
        const right = Math.max(...state.visible.filter((item) => item.panel === "tree" || item.panel === "why").map((item) => item.rect[0] + item.rect[2]));
        return right <= width && right > width - 60;
      }, width);
      await inspector.settled();
      await screenshot(inspector.page, `every-event-${width}x${height}`);
    }
    assert.deepEqual(problems, []);
  });
});
