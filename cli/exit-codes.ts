/** Exit codes for failures of our own. A remote command's own code passes through, so these stand above 120. */
export const ExitCode = {
  usage: 121,
  notConnected: 122,
  linkLost: 123,
  startRefused: 124,
  exitUnknown: 125,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

const meanings: readonly (readonly [code: ExitCode, meaning: string])[] = [
  [ExitCode.usage, "bad usage"],
  [
    ExitCode.notConnected,
    "no connection: nothing answers, the token is refused, or environments are disabled",
  ],
  [ExitCode.linkLost, "the link was lost and the session could not be resumed, or the server was ended"],
  [ExitCode.startRefused, "the server refused to start the command"],
  [ExitCode.exitUnknown, "the command's own exit code is not known, or its output could not be written"],
];

/** The table for `--help`: of those codes that can occur. */
export function exitCodesList(codes: readonly ExitCode[]): string {
  return [
    "Exit codes of its own (each comes with a sentence on stderr):",
    ...meanings.filter(([code]) => codes.includes(code)).map(([code, meaning]) => `  ${code}  ${meaning}`),
  ].join("\n");
}

/** The same where a command's own code is passed on. */
export function exitCodesNote(codes: readonly ExitCode[] = Object.values(ExitCode)): string {
  return `${exitCodesList(codes)}\nAny other code is the command's; death by signal n is 128 + n.`;
}
