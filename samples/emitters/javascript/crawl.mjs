// Crawls a small web site with fetch and AbortControllers, and records it:  node crawl.mjs crawl.jsonl
import { createServer } from "node:http";
import { argv } from "node:process";
import { openTrace } from "./cancelscope.mjs";

const patience = 250; // ms for a page

const pages = { "/": "/news /gallery /archive", "/news": "nothing new", "/gallery": "/image/sea /image/gone /image/huge" };
pages["/image/sea"] = "blue";
const silent = new Set(["/archive", "/image/huge", "/mirror"]); // these never answer

const server = createServer((request, response) => {
  if (silent.has(request.url)) return;
  response.writeHead(request.url in pages ? 200 : 404).end(pages[request.url]);
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const site = `http://127.0.0.1:${server.address().port}`;

const get = async (path, signal) => {
  const answer = await fetch(site + path, { signal });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return body;
};

const trace = openTrace(argv[2], { name: "crawl.mjs", language: `JavaScript, Node.js ${process.version}` });
const crawl = trace.scope("crawl");

async function readPage(path) {
  const page = trace.scope(`page ${path}`, { parent: crawl, timeout: patience });
  try {
    return await page.run(path, (signal) => get(path, signal));
  } catch (error) {
    if (error.name !== "TimeoutError") throw error;
    return "(too slow)";
  } finally {
    page.close();
  }
}

// All images or none: the first that fails ends the others.
async function readGallery(path) {
  const links = await crawl.run(path, (signal) => get(path, signal));
  const gallery = trace.scope("gallery", { parent: crawl, failFast: true });
  const images = links.split(" ").map((link) => gallery.run(link, (signal) => get(link, signal)));
  try {
    return await Promise.all(images);
  } catch (error) {
    console.log("no gallery:", error.message);
    await Promise.allSettled(images);
  } finally {
    gallery.close();
  }
}

await crawl.run("crawler", async (signal) => {
  const mirror = trace.scope("mirror", { parent: crawl });
  const mirrored = mirror.run("/mirror", (signal) => get("/mirror", signal)).catch(() => console.log("no mirror"));
  const links = (await get("/", signal)).split(" ");
  await Promise.all(links.map((path) => (path === "/gallery" ? readGallery(path) : readPage(path))));
  mirror.abort("the pages are read");
  await mirrored;
  mirror.close();
});
crawl.close();
trace.end();
server.closeAllConnections();
server.close();
