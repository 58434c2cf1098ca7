// What every browser test needs: the built site on loopback, a real Chromium, and a list of what went wrong on the page.
//
//     test("a dropped trace is shown", async () => {
//       await withPage({}, async ({ page, problems }) => {
//         …
//         assert.deepEqual(problems, []);
//       });
//     });
//
// CANCELSCOPE_SITE names another folder than build/wasm/site, CHROMIUM another browser than /usr/bin/chromium.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const sourceDir = fileURLToPath(new URL("../..", import.meta.url));
export const siteDir = process.env.CANCELSCOPE_SITE ?? path.join(sourceDir, "build/wasm/site");
export const screenshotDir = path.join(siteDir, "../screenshots");

const contentTypes = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** Serves files on loopback, on a port that is free. `folders` maps the first part of a path to a folder: "" is the site. */
export async function serve(folders = { "": siteDir }) {
  const server = http.createServer((request, response) => {
    const file = locate(folders, decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("content-type", contentTypes[path.extname(file)] ?? "application/octet-stream");
    fs.createReadStream(file).pipe(response);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
  };
}

function locate(folders, pathname) {
  const [, first, rest] = /^\/([^/]*)(.*)$/.exec(pathname);
  const [folder, name] = rest && first in folders ? [folders[first], rest] : [folders[""], pathname];
  const file = path.join(folder, name.endsWith("/") ? `${name}index.html` : name);
  const inside = file.startsWith(path.join(folder, path.sep));
  return inside && fs.statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

/** Chromium without a window. Its WebGL is drawn by the processor; it chooses that by itself. */
export function launchBrowser() {
  const asRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      // Chromium refuses to sandbox for root, and containers give it a shared memory too small for a canvas.
      ...(asRoot ? ["--no-sandbox"] : []),
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

/**
 * Opens a page of the site, hands it to `use`, and closes everything whatever happens.
 *
 * `use` receives { page, problems, url }: a Playwright page; the errors that reached its console, its uncaught
 * exceptions and failed requests, as they come; and the site's address.
 * Options: `address`, relative to the site ("?trace=data/a.jsonl"); `scale`, device pixels for each CSS pixel;
 * `viewport`; `folders`, what else to serve (as in `serve`); `firstTime`, as somebody who was never here; `reducedMotion`,
 * "no-preference" for who likes things to move.
 */
export async function withPage({ address = "", scale = 1, viewport = { width: 1280, height: 800 }, folders = {}, firstTime = false, reducedMotion = "reduce" }, use) {
  const server = await serve({ "": siteDir, ...folders });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport, deviceScaleFactor: scale, reducedMotion });
    if (!firstTime) await page.addInitScript(() => { try { localStorage.setItem("cancelscope.hint", "read"); } catch { /* no page of ours */ } });
    const problems = watch(page);
    await page.goto(new URL(address, server.url).href);
    await use({ page, problems, url: server.url });
  } finally {
    await browser.close();
    await server.close();
  }
}

function watch(page) {
  const problems = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`exception: ${error}`));
  page.on("requestfailed", (request) => problems.push(`request: ${request.url()} ${request.failure()?.errorText}`));
  return problems;
}

/** Writes a picture of the page to build/wasm/screenshots/NAME.png, for people to look at; returns its path. */
export async function screenshot(page, name) {
  fs.mkdirSync(screenshotDir, { recursive: true });
  const file = path.join(screenshotDir, `${name}.png`);
  await page.screenshot({ path: file });
  return file;
}
