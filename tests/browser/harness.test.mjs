// The harness itself: what it must notice, it notices.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import test from "node:test";
import { launchBrowser, serve, withPage } from "./harness.mjs";

async function withFolder(files, use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cancelscope-harness-"));
  try {
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
    await use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test("a site is served from its folder, and nothing from outside of it", async () => {
  await withFolder({ "index.html": "<p>here</p>", "secret": "out of reach" }, async (outer) => {
    const folder = path.join(outer, "site");
    fs.mkdirSync(folder);
    fs.renameSync(path.join(outer, "index.html"), path.join(folder, "index.html"));
    const server = await serve({ "": folder });
    try {
      assert.equal(await (await fetch(server.url)).text(), "<p>here</p>");
      assert.equal((await fetch(new URL("missing.html", server.url))).status, 404);
      assert.equal((await fetch(new URL("%2e%2e%2fsecret", server.url))).status, 404);
    } finally {
      await server.close();
    }
  });
});

test("a page that works has no problems", async () => {
  await withFolder({ "index.html": '<link rel="icon" href="data:,"><p>here</p>' }, async (folder) => {
    await withPage({ folders: { "": folder } }, async ({ page, problems }) => {
      assert.equal(await page.textContent("p"), "here");
      assert.deepEqual(problems, []);
    });
  });
});

test("console errors, exceptions and missing files are problems", async () => {
  const html = `<script>console.error("bad"); setTimeout(() => { throw new Error("worse"); });</script><img src="gone.png">`;
  await withFolder({ "index.html": html }, async (folder) => {
    await withPage({ folders: { "": folder } }, async ({ page, problems }) => {
      await page.waitForLoadState("load");
      assert.ok(problems.some((problem) => problem.includes("bad")));
      assert.ok(problems.some((problem) => problem.includes("worse")));
      assert.ok(problems.some((problem) => problem.includes("404")));
    });
  });
});

test("the browser draws WebGL 2", async () => {
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    assert.ok(await page.evaluate(() => document.createElement("canvas").getContext("webgl2") !== null));
  } finally {
    await browser.close();
  }
});
