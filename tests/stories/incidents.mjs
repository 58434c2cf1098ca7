// The traces that the stories are told on, made in a folder:
//   file       the trace; other: another run of the same program; damaged: the same, with something wrong in it
//   drained    a task that was cancelled and cleaned up, what is typed to find it, and its name
//   stale      a trace in which an old handle was presented
//   heldUp     a region that one task kept from closing
import fs from "node:fs";
import path from "node:path";
import { ask, commandLine, programBeside, run, sourceDir } from "./command_line.mjs";

/** The order service on virtual time: the same trace every time. */
export function checkout(folder) {
  const orders = path.join(sourceDir, "samples/checkout/orders.jsonl");
  const fewer = path.join(folder, "fewer-orders.jsonl");
  fs.writeFileSync(fewer, fs.readFileSync(orders, "utf8").split("\n").slice(0, 120).join("\n") + "\n");
  const [file, other, damaged, stale] = ["checkout.jsonl", "other.jsonl", "damaged.jsonl", "stale-handle.jsonl"].map((name) => path.join(folder, name));
  const program = programBeside("checkout", "CHECKOUT");
  run(program, "--orders", orders, "--output", file, "--virtual-time");
  run(program, "--orders", fewer, "--output", other, "--virtual-time");
  run(commandLine(), "run", "stale-handle", "--output", stale);
  const lines = fs.readFileSync(file, "utf8").split("\n");
  lines[1000] = lines[1000].slice(0, 20) + lines[1001];
  fs.writeFileSync(damaged, lines.slice(0, 30_000).join("\n").slice(0, -30));
  return { file, other, damaged, stale, drained: drainedTask(file), heldUp: heldUpRegion(file) };
}

/** A million events, made with their answers. */
export function million(folder) {
  const generator = programBeside("trace_generator", "TRACE_GENERATOR");
  const [file, other, damaged] = ["million.cst", "another-million.cst", "damaged.cst"].map((name) => path.join(folder, name));
  run(generator, "--events", "1000000", file);
  run(generator, "--events", "1000000", "--seed", "2", other);
  const bytes = fs.readFileSync(file);
  bytes[Math.floor(bytes.length / 2)] ^= 0x55;
  fs.writeFileSync(damaged, bytes);
  const known = JSON.parse(fs.readFileSync(`${file}.answers.json`, "utf8"));
  const chains = Object.keys(known.explain);
  const id = chains[Math.floor(chains.length / 2)];
  return { file, other, damaged, stale: file, drained: { id, typed: id, name: ask("explain", file, id).name }, heldUp: known.held_up[0].region };
}

/** A task that drained and completed, of the name that the fewest tasks have: a person would find it by that. */
function drainedTask(file) {
  const names = new Map(ask("events", file, "ev = task_spawn").events.map(({ task, name }) => [task, name]));
  const bearers = (name) => [...names.values()].filter((other) => other === name).length;
  const draining = new Set();
  const found = [];
  for (const { target, phase } of ask("events", file, "ev = cancel_phase").events) {
    if (phase === "draining") draining.add(target);
    if (phase === "completed" && names.has(target) && draining.has(target)) found.push(target);
  }
  const [id] = found.sort((a, b) => bearers(names.get(a)) - bearers(names.get(b)));
  return { id, typed: names.get(id), name: names.get(id) };
}

/** One that went over its clean-up budget kept its region open. */
function heldUpRegion(file) {
  for (const { target } of ask("check", file).findings.filter(({ code }) => code === "over-budget")) {
    const { region } = ask("explain", file, target);
    if (ask("explain", file, region).shutdown?.held_up_by === target) return region;
  }
  throw new Error("Nobody held a region up.");
}
