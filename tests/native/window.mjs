// The native window as the place of stories (tests/stories): the program is started on the files, driven by real input events of
// the display it is on (xdotool), and asked what it shows (`cancelscope view --remote`).
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { commandLine } from "../stories/command_line.mjs";

const size = { width: 1440, height: 900 };

/** Far above what anything takes: a window that hangs ends the test. */
const patience = 120_000;

/** How xdotool calls the keys that are not called so everywhere. */
const keys = { ArrowUp: "Up", ArrowDown: "Down", ArrowLeft: "Left", ArrowRight: "Right", Control: "ctrl" };

const xdotool = (...request) => execFileSync("xdotool", request.map(String), { encoding: "utf8", timeout: patience }).trim();

class NativePerson {
  #program;
  #answers;
  #window;

  constructor(files, link, home) {
    const options = ["view", ...files, "--size", `${size.width}x${size.height}`, "--remote", ...(link ? ["--link", link] : [])];
    this.#program = spawn(commandLine(), options, { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, XDG_CONFIG_HOME: home } });
    this.#answers = readline.createInterface({ input: this.#program.stdout })[Symbol.asyncIterator]();
  }

  /** Gives it the keyboard, as a window manager would: there is none. */
  async begin() {
    await this.state();
    this.#window = xdotool("search", "--sync", "--onlyvisible", "--class", "cancelscope").split("\n")[0];
    xdotool("windowfocus", "--sync", this.#window);
  }

  async end() {
    const ended = new Promise((done) => this.#program.on("exit", (status, signal) => done({ status, signal })));
    this.#program.stdin.end();
    assert.deepEqual(await ended, { status: 0, signal: null }, "the window closes with the end of the requests");
  }

  async #call(request) {
    this.#program.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error("The window has closed.");
    return JSON.parse(value);
  }

  state() {
    return this.#call({ do: "state" });
  }

  async clipboard() {
    return (await this.#call({ do: "clipboard" })).text;
  }

  async until(condition, given) {
    for (const begun = Date.now(); ; await pause(10)) {
      const state = await this.state();
      if (condition(state, given)) return state;
      if (Date.now() - begun > patience) throw new Error(`This did not come true: ${condition}`);
    }
  }

  /** Between two answers it takes what input there is: where none of them brought a frame, everything asked for is on the screen. */
  async settled() {
    let last = -1;
    await this.until(({ frame, moving }) => {
      const quiet = frame.count === last && !moving;
      last = frame.count;
      return quiet;
    });
  }

  /** With Ctrl held before and after, as fingers do. */
  async press(key) {
    const parts = key.split("+").map((part) => keys[part] ?? part);
    const held = parts.slice(0, -1);
    for (const part of held) xdotool("keydown", part);
    await this.settled();
    xdotool("key", parts.at(-1));
    await this.settled();
    for (const part of held) xdotool("keyup", part);
    await this.settled();
  }

  async type(text) {
    for (const letter of text) {
      xdotool("type", letter);
      await this.settled();
    }
  }

  /** By so much as a hand would move it: SDL does not see a pointer that is put somewhere. The window is as large as the screen. */
  #point({ rect: [x, y, width, height] }) {
    const [, from, down] = /x:(\d+) y:(\d+)/.exec(xdotool("getmouselocation"));
    const by = [Math.round(x + width / 2) - from, Math.round(y + height / 2) - down];
    if (by[0] !== 0 || by[1] !== 0) xdotool("mousemove_relative", "--sync", "--", ...by);
  }

  /** The button goes down and up again only once the window has seen where the mouse is. */
  async click(item) {
    this.#point(item);
    await this.settled();
    xdotool("mousedown", 1);
    await this.settled();
    xdotool("mouseup", 1);
    await this.settled();
  }

  async wheel(item, steps) {
    this.#point(item);
    for (let i = 0; i < Math.abs(steps); ++i) xdotool("click", steps > 0 ? 4 : 5);
    await this.settled();
  }

  picture() {}
}

export function nativePlace() {
  return {
    async withPerson(files, use, link) {
      const home = fs.mkdtempSync(path.join(os.tmpdir(), "cancelscope-home-"));
      fs.mkdirSync(path.join(home, "cancelscope"));
      fs.writeFileSync(path.join(home, "cancelscope/preferences"), "hint = read\n");
      const person = new NativePerson(files, link, home);
      try {
        await person.begin();
        await person.until((state, two) => state.trace !== null && state.loading === null && (state.beside !== null) === two, files.length > 1);
        await use(person);
      } finally {
        await person.end();
        fs.rmSync(home, { recursive: true });
      }
    },
  };
}

