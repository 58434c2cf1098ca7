// What the command line answers. CANCELSCOPE names the program, or it is the one that was built; each question is asked once.
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const sourceDir = fileURLToPath(new URL("../..", import.meta.url));

/** The native program. */
export function commandLine() {
  const places = [process.env.CANCELSCOPE, "build/release/bin/cancelscope", "build/dev/bin/cancelscope"];
  const found = places.filter(Boolean).map((place) => path.resolve(sourceDir, place)).find((place) => fs.existsSync(place));
  if (!found) throw new Error("The program cancelscope is not built: cmake --build --preset release, or set CANCELSCOPE.");
  return found;
}

/** A program that was built beside it, or that its variable names. */
export function programBeside(name, variable) {
  return process.env[variable] ?? path.join(path.dirname(commandLine()), name);
}

const answers = new Map();

/** Its words. The status is 1 where `check` or `diff` found something. */
export function said(...request) {
  const key = JSON.stringify(request);
  if (!answers.has(key)) {
    const { stdout, stderr, status, error } = spawnSync(commandLine(), request, { encoding: "utf8", maxBuffer: 1 << 30 });
    if (error || status > 1) throw new Error(`${request.join(" ")}: ${error ?? stderr}`);
    answers.set(key, stdout);
  }
  return answers.get(key);
}

/** Its answer in JSON. */
export function ask(...request) {
  return JSON.parse(said(...request, "--json"));
}

export function run(program, ...request) {
  return execFileSync(program, request, { encoding: "utf8", maxBuffer: 1 << 30 });
}
