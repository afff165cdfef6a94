import type { Network } from "../policy/sandbox-policy.ts";
import { assembleBpf, type BpfStep } from "./assemble-bpf.ts";
import { type ArgumentTest, type CallRule, callRules, type Surroundings } from "./call-rules.ts";
import * as linux from "./linux-constants.ts";
import { lastJudgedSyscall, type Machine, syscallNumbers } from "./syscall-numbers.ts";

/** Bytes of `struct seccomp_data`: int nr, u32 arch, u64 instruction_pointer, u64 args[6]. */
const numberOffset = 0;
const archOffset = 4;
const argumentsOffset = 16;

/** Calls from `first` up to the next range have this end. */
interface Range {
  readonly first: number;
  readonly end: BpfStep;
}

const allow: BpfStep = { op: "return", value: linux.SECCOMP_RET_ALLOW };
const kill: BpfStep = { op: "return", value: linux.SECCOMP_RET_KILL_PROCESS };

function fail(errno: number): BpfStep {
  return { op: "return", value: linux.SECCOMP_RET_ERRNO | errno };
}

/**
 * The filter of a sandboxed process, as `bwrap --seccomp` and seccomp(2) take it: what is refused gets EPERM (ENOSYS
 * where libraries fall back on that alone), the rest goes through. Calls newer than those that were judged do not exist.
 * A foreign architecture ends the process, and so do x32 numbers: no program that belongs here makes them, and each
 * would be a second name of a refused call.
 *
 * The number is found by halving, some 7 comparisons for every call; what goes through whatever its arguments are, Linux
 * (5.11 and later) answers from a bitmap and does not run the program. Nobody may write to what is returned.
 */
export function seccompProgram(
  network: Network,
  machine: Machine,
  surroundings: Surroundings = "namespaces",
): Uint8Array {
  const key = `${network} ${machine} ${surroundings}`;
  const program = made.get(key) ?? makeProgram(callRules(network, surroundings), machine);
  made.set(key, program);
  return program;
}

/** Each is made once: it takes longer than all arguments of a bubblewrap. */
const made = new Map<string, Uint8Array>();

function makeProgram(rules: ReadonlyMap<string, CallRule>, machine: Machine): Uint8Array {
  const checks: BpfStep[] = [];
  const ends = new Map<number, BpfStep>();
  for (const [name, rule] of rules) {
    const number = syscallNumbers[machine][name];
    // A call that this machine does not have.
    if (number === undefined) continue;
    ends.set(number, endOf(name, rule));
    if (rule.kind === "allowIf")
      checks.push({ op: "label", name }, ...checkArguments(name, rule.alternatives));
  }
  return assembleBpf([
    { op: "load", offset: archOffset },
    { op: "ifEqual", value: linux.AUDIT_ARCH[machine], yes: "ours" },
    kill,
    { op: "label", name: "ours" },
    { op: "load", offset: numberOffset },
    ...halve(rangesOf(ends, machine)),
    ...checks,
  ]);
}

function endOf(name: string, rule: CallRule): BpfStep {
  return rule.kind === "refuse" ? fail(rule.errno) : { op: "jump", to: name };
}

/** Covers every number, in order; neighbours that end alike are one range. */
function rangesOf(ends: ReadonlyMap<number, BpfStep>, machine: Machine): readonly Range[] {
  const ranges: Range[] = [];
  const add = (first: number, end: BpfStep): void => {
    const last = ranges.at(-1);
    if (last === undefined || JSON.stringify(last.end) !== JSON.stringify(end)) ranges.push({ first, end });
  };
  for (let number = 0; number <= lastJudgedSyscall; number++) add(number, ends.get(number) ?? allow);
  add(lastJudgedSyscall + 1, fail(linux.ENOSYS));
  if (machine === "x64") {
    add(linux.X32_SYSCALL_BIT, kill);
    // -1 is what tracers and programs write for "no call".
    add(0xffff_ffff, fail(linux.ENOSYS));
  }
  return ranges;
}

/** A search tree over the ranges; what a number belongs to stands where its search ends. */
function halve(ranges: readonly Range[]): BpfStep[] {
  const middle = ranges[ranges.length >> 1];
  const only = ranges[0];
  if (middle === undefined || only === undefined) throw new Error("no range to search in");
  if (ranges.length === 1) return [only.end];
  const upper = `from ${middle.first}`;
  return [
    { op: "ifAtLeast", value: middle.first, yes: upper },
    ...halve(ranges.slice(0, ranges.length >> 1)),
    { op: "label", name: upper },
    ...halve(ranges.slice(ranges.length >> 1)),
  ];
}

function checkArguments(name: string, alternatives: readonly (readonly ArgumentTest[])[]): BpfStep[] {
  const steps: BpfStep[] = [];
  for (const [index, tests] of alternatives.entries()) {
    const next = `${name} otherwise ${index}`;
    for (const [place, test] of tests.entries())
      steps.push(...check(test, { next, passed: `${next} past ${place}` }));
    steps.push(allow, { op: "label", name: next });
  }
  return [...steps, fail(linux.EPERM)];
}

function check(test: ArgumentTest, labels: { readonly next: string; readonly passed: string }): BpfStep[] {
  const { next, passed } = labels;
  const offset = argumentsOffset + test.argument * 8 + (test.half === "high" ? 4 : 0);
  const steps: BpfStep[] = [{ op: "load", offset }];
  if (test.mask !== 0xffff_ffff) steps.push({ op: "and", value: test.mask });
  const hit = test.is === "oneOf" ? passed : next;
  const miss = test.is === "oneOf" ? next : passed;
  for (const value of test.values) steps.push({ op: "ifEqual", value, yes: hit });
  return [...steps, { op: "jump", to: miss }, { op: "label", name: passed }];
}
