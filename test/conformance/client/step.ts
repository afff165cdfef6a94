import type { ModelRequest, ModelScript, Turn } from "./model.ts";

/** One thing the model makes the client do, and what must have come back when the client asks again. */
export interface Step {
  readonly name: string;
  readonly turn: (notes: StepNotes) => Turn | Promise<Turn>;
  /** What is wrong with the outputs; undefined when nothing is. */
  readonly check?: (output: (id: string) => string, notes: StepNotes) => string | undefined;
}

/** What later steps need from earlier ones. */
export interface StepNotes {
  readonly workspace: string;
  readonly sessions: Map<string, number>;
}

export const theEnd: Step = { name: "final message", turn: () => ({ final: "done" }) };

/** The number under which the client knows a command that is still running. */
export function rememberSession(id: string, output: string, notes: StepNotes): void {
  const number = /session ID (\d+)/.exec(output)?.[1];
  if (number !== undefined) notes.sessions.set(id, Number(number));
}

export function missing(text: string, ...wanted: readonly string[]): string | undefined {
  const absent = wanted.filter((each) => !text.includes(each));
  return absent.length > 0
    ? `missing ${JSON.stringify(absent)} in ${JSON.stringify(text.slice(0, 2000))}`
    : undefined;
}

export interface ScriptedTurn {
  readonly script: ModelScript;
  /** What went wrong, in words; complete once the client has ended. */
  problems(): readonly string[];
}

/** A model script that walks through steps and checks each when the client comes back with its outputs. */
export function scripted(steps: readonly Step[], workspace: string): ScriptedTurn {
  const notes: StepNotes = { workspace, sessions: new Map() };
  const problems: string[] = [];
  let next = 0;
  const checkLast = (request: ModelRequest) => {
    const step = steps[next - 1];
    const wrong = step?.check?.((id) => request.outputs[id] ?? "", notes);
    if (step && wrong) problems.push(`${step.name}: ${wrong}`);
  };
  return {
    script: (request) => {
      checkLast(request);
      const step = steps[next++];
      return step ? step.turn(notes) : { final: "the script is over" };
    },
    problems: () => {
      const unasked = steps.slice(next).map((step) => `the client never came to: ${step.name}`);
      return [...problems, ...unasked];
    },
  };
}
