// The stories in a browser: on the trace of a real program, and on one of a million events.
import { after, describe, test } from "node:test";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkout, million } from "../stories/incidents.mjs";
import { stories } from "../stories/stories.mjs";
import { browserPlace } from "./inspector.mjs";

for (const make of [checkout, million]) {
  describe(`on ${make.name}`, () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cancelscope-stories-"));
    let incident;
    const made = () => (incident ??= make(folder));
    after(() => fs.rmSync(folder, { recursive: true }));
    for (const { name, walk } of stories) test(name, () => walk(browserPlace(make.name), made()));
  });
}
