// Drives the inspector's page the way a user does, and looks at it through window.cancelscope.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { ask } from "../stories/command_line.mjs";
import { screenshot, sourceDir, withPage } from "./harness.mjs";

export { commandLine } from "../stories/command_line.mjs";

export const dataDir = path.join(sourceDir, "tests/data");

export function readData(name) {
  return fs.readFileSync(path.join(dataDir, name));
}

/** A folder that is gone when `use` is over; `use` receives its path. */
export async function withFolder(use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cancelscope-"));
  try {
    return await use(folder);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** What `cancelscope explain --json` answers. */
export function explained(file, id) {
  return ask("explain", file, id);
}

/** As withPage; `use` receives an InspectorPage that is ready to take traces. */
export function withInspector(options, use) {
  return withPage({ folders: { data: dataDir }, ...options }, async ({ page, problems }) => {
    await page.evaluate(() => window.cancelscope.ready);
    await use(new InspectorPage(page), problems);
  });
}

class InspectorPage {
  constructor(page) {
    this.page = page;
  }

  state() {
    return this.page.evaluate(() => window.cancelscope.state());
  }

  explain(id) {
    return this.page.evaluate((id) => window.cancelscope.explain(id), id);
  }

  select(id) {
    return this.page.evaluate((id) => window.cancelscope.select(id), id);
  }

  step(direction) {
    return this.page.evaluate((direction) => window.cancelscope.step(direction), direction);
  }

  /** Waits until the state is as wanted; the condition runs in the page and may use `given`. */
  async until(condition, given) {
    await this.page.waitForFunction(
      ([condition, given]) => new Function("state", "given", `return (${condition})(state, given)`)(window.cancelscope.state(), given),
      [condition.toString(), given],
    );
    return this.state();
  }

  /** Until everything asked for is on the screen: a frame later nothing more is drawn. */
  settled() {
    return this.page.evaluate(async () => {
      const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
      for (let last = -1, quiet = 0; quiet < 4; quiet = window.cancelscope.state().frame.count === last ? quiet + 1 : 0) {
        last = window.cancelscope.state().frame.count;
        await frame();
      }
    });
  }

  /** Drops files on the window, as the browser does: [{ name, bytes }]. */
  async drop(...files) {
    const plain = files.map(({ name, bytes }) => ({ name, bytes: [...bytes] }));
    await this.page.evaluate((files) => {
      const transfer = new DataTransfer();
      for (const { name, bytes } of files) transfer.items.add(new File([new Uint8Array(bytes)], name));
      const event = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
      document.getElementById("canvas").dispatchEvent(event);
    }, plain);
  }

  /** Drops files that the site serves, as many and as large as may be. */
  async dropServed(...addresses) {
    await this.page.evaluate(async (addresses) => {
      const transfer = new DataTransfer();
      for (const address of addresses) transfer.items.add(new File([await (await fetch(address)).blob()], address.split("/").pop()));
      document.getElementById("canvas").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    }, addresses);
  }

  async dropData(name) {
    await this.drop({ name, bytes: readData(name) });
    return this.until((state, name) => state.trace === name && state.loading === null, name);
  }

  /** What is shown in that panel and role, for that id. */
  async shown(panel, role, id) {
    await this.settled();
    const { visible } = await this.state();
    const found = visible.find((item) => item.panel === panel && item.role === role && item.id === id);
    if (!found) throw new Error(`The screen shows no ${role} “${id}” in ${panel}.`);
    return found;
  }

  async click(item) {
    const [x, y, width, height] = item.rect;
    await this.page.mouse.click(x + width / 2, y + height / 2);
  }

  press(key) {
    return this.page.keyboard.press(key);
  }

  type(text) {
    return this.page.keyboard.type(text);
  }

  /** Turns the wheel over it; steps below zero towards the reader. */
  async wheel(item, steps) {
    const [x, y, width, height] = item.rect;
    await this.page.mouse.move(x + width / 2, y + height / 2);
    await this.page.mouse.wheel(0, -100 * steps);
  }

  clipboard() {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }
}

/** A browser as the place of stories (tests/stories): what is opened is dropped, a link comes in the address. */
export function browserPlace(name) {
  return {
    async withPerson(files, use, link) {
      const folders = { data: path.dirname(files[0]) };
      const names = files.map((file) => path.basename(file));
      const address = link ? `?trace=data/${names[0]}#${link}` : "";
      await withInspector({ folders, address, viewport: { width: 1440, height: 900 }, reducedMotion: "no-preference" }, async (inspector, problems) => {
        await inspector.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
        inspector.picture = (what) => screenshot(inspector.page, `story-${name}-${what}`);
        if (!link) await inspector.dropServed(...names.map((file) => `data/${file}`));
        await inspector.until((state, [name, two]) => state.trace === name && state.loading === null && (state.beside !== null) === two, [names[0], names.length > 1]);
        await use(inspector);
        assert.deepEqual(problems, []);
      });
    },
  };
}
