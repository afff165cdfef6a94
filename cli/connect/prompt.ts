import { formatDuration } from "../terminal/format.ts";
import { sanitise } from "../terminal/sanitise.ts";

export interface PromptFacts {
  readonly environment: string;
  readonly cwd: string;
  readonly home: string | undefined;
  readonly lastExit: number;
  readonly lastDurationMs: number;
  readonly linkIsUp: boolean;
}

/** Below this a duration is zero to the eye, ms. */
const visibleMs = 50;
const maxDirectory = 40;

/** `[exit 3 · 1.2s] devbox:~/src> `; exit code and duration only when they are not zero. */
export function renderPrompt({
  environment,
  cwd,
  home,
  lastExit,
  lastDurationMs,
  linkIsUp,
}: PromptFacts): string {
  const facts = [
    ...(linkIsUp ? [] : ["no link"]),
    ...(lastExit === 0 ? [] : [`exit ${lastExit}`]),
    ...(lastDurationMs < visibleMs ? [] : [formatDuration(lastDurationMs)]),
  ];
  const before = facts.length === 0 ? "" : `[${facts.join(" · ")}] `;
  return `${before}${sanitise(environment)}:${sanitise(shorten(cwd, home))}> `;
}

function shorten(cwd: string, home: string | undefined): string {
  const inHome = home !== undefined && home !== "/" && (cwd === home || cwd.startsWith(`${home}/`));
  const path = inHome ? `~${cwd.slice(home.length)}` : cwd;
  return path.length <= maxDirectory ? path : `…${path.slice(path.length - maxDirectory + 1)}`;
}
