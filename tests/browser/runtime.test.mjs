// The runtime's package in a real page: what node cannot show.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import http from "node:http";
import path from "node:path";
import { after, before, describe, it } from "node:test";

import { launchBrowser, serve, sourceDir } from "./harness.mjs";

const packageDir = process.env.CANCELSCOPE_PACKAGE ?? path.join(sourceDir, "build/wasm/package/cancelscope");

/** A server of WebSockets that takes every hand offered, and tells of each that is withdrawn. */
async function serveSockets() {
  const server = http.createServer();
  const closed = [];
  server.on("upgrade", (request, socket) => {
    const key = crypto.createHash("sha1").update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key.digest("base64")}\r\n\r\n`);
    socket.on("data", (bytes) => {
      const isClose = (bytes[0] & 0x0f) === 8;
      if (!isClose) return;
      closed.push(request.url);
      socket.end(Buffer.from([0x88, 2, 0x03, 0xe8])); // closed, 1000
    });
    socket.on("error", () => {});
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `ws://127.0.0.1:${server.address().port}`, closed, close: () => { server.close(); server.closeAllConnections(); } };
}

describe("the runtime in a page", () => {
  let browser;
  let server;
  let sockets;
  let page;
  let problems;

  before(async () => {
    [browser, server, sockets] = await Promise.all([
      launchBrowser(),
      serve({ package: packageDir, "": path.join(sourceDir, "tests/browser/runtime") }),
      serveSockets(),
    ]);
    page = await browser.newPage();
    problems = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => { if (message.type() === "error") problems.push(message.text()); });
    await page.goto(server.url);
    await page.evaluate(async () => { window.cs = await import("/package/cancelscope.mjs"); });
  });
  after(async () => {
    await browser.close();
    await server.close();
    sockets.close();
  });

  it("runs, ends by a deadline, and leaves nothing", async () => {
    const [kind, left] = await page.evaluate(async () => {
      const runtime = await cs.createRuntime();
      const outcome = await runtime.run("checkout", { deadline: 5 }, (context) => context.sleep(60_000));
      return [outcome.cancellation.root.kind, runtime.counts()];
    });
    assert.equal(kind, "timeout");
    assert.deepEqual(left, { regions: 0, tasks: 0, obligations: 0, leaked: 0, refused: 0, dropped: 0 });
    assert.deepEqual(problems, []);
  });

  it("closes a scope at the end of a block that uses it", async () => {
    const state = await page.evaluate(() => new Function("cs", `return (async () => {
      const runtime = await cs.createRuntime();
      let kept;
      {
        await using scope = runtime.scope("block");
        kept = scope;
        scope.spawn("t", (context) => context.sleep(1));
      }
      return kept.state;
    })()`)(cs));
    assert.equal(state, "closed");
  });

  it("works in a Worker", async () => {
    const said = await page.evaluate(() => new Promise((resolve, reject) => {
      const worker = new Worker("/worker.mjs", { type: "module" });
      worker.onmessage = ({ data }) => { worker.terminate(); resolve(data); };
      worker.onerror = (why) => reject(new Error(why.message));
    }));
    assert.deepEqual(said, { kind: "timeout", left: 0 });
  });

  it("ends a WebSocket with its scope, and the server sees it close", async () => {
    const fate = await page.evaluate(async (url) => {
      const runtime = await cs.createRuntime();
      const scope = runtime.scope("s");
      const socket = scope.webSocket(`${url}/orders`);
      await new Promise((open) => { socket.onopen = open; });
      const closed = new Promise((close) => { socket.onclose = close; });
      await scope.close();
      await closed;
      return [socket.readyState, new TextDecoder().decode(runtime.takeTrace()).match(/"obligation_end".*"how":"(\w+)"/)[1]];
    }, sockets.url);
    assert.deepEqual(fate, [3, "aborted"]);
    assert.deepEqual(sockets.closed, ["/orders"]);
  });

  it("ends a Worker with its scope", async () => {
    const [before_close, after_close] = await page.evaluate(async () => {
      const runtime = await cs.createRuntime();
      const scope = runtime.scope("s");
      const worker = scope.worker("/forever.mjs", { type: "module" });
      let heard = 0;
      await new Promise((here) => { worker.onmessage = () => { ++heard; here(); }; });
      await scope.close();
      const until_close = heard;
      await new Promise((later) => setTimeout(later, 60));
      return [until_close, heard];
    });
    assert.ok(before_close > 0);
    assert.ok(after_close - before_close <= 1, `${after_close - before_close} messages came after the close`);
  });

  it("survives a runaway producer, and its memory returns to where it was", async () => {
    const [first, last, dropped] = await page.evaluate(async () => {
      const runtime = await cs.createRuntime({ traceRoom: 1 << 16 });
      const round = async () => {
        const scope = runtime.scope("round", { keepGoing: true });
        for (let i = 0; i < 500; ++i) scope.spawn(`task ${i}`, async (context) => { context.checkpoint(); });
        await scope.close();
      };
      for (let i = 0; i < 20; ++i) await round();
      const size = runtime.memoryBytes;
      for (let i = 0; i < 100; ++i) await round();
      return [size, runtime.memoryBytes, runtime.counts().dropped];
    });
    assert.equal(last, first);
    assert.ok(dropped > 0);
  });
});
