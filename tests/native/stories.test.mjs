// The stories in the native window, with the mouse and the keyboard of the display that it is on: DISPLAY says which.
import { after, before, test } from "node:test";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkout } from "../stories/incidents.mjs";
import { stories } from "../stories/stories.mjs";
import { nativePlace } from "./window.mjs";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cancelscope-stories-"));
let incident;
before(() => { incident = checkout(folder); });
after(() => fs.rmSync(folder, { recursive: true }));
for (const { name, walk } of stories) test(name, () => walk(nativePlace(), incident));
