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
    "no connection: nothing answers, the token is refused, the configuration cannot be used, or environments are disabled",
  ],
  [ExitCode.linkLost, "the link was lost and the session could not be resumed, or the server was ended"],
  [ExitCode.startRefused, "the server refused to start the command"],
  [ExitCode.exitUnknown, "the command's own exit code is not known, or its output could not be written"],
];

type Row = readonly [code: string, meaning: string];

/** Rows for `--help`: of those codes that can occur. */
export function exitCodeRows(codes: readonly ExitCode[]): readonly Row[] {
  return meanings.filter(([code]) => codes.includes(code)).map(([code, meaning]) => [`${code}`, meaning]);
}

/** The same where a command's own code is passed on. */
export function passedOnExitCodes(codes: readonly ExitCode[] = Object.values(ExitCode)): readonly Row[] {
  return [...exitCodeRows(codes), ["other", "the command's own; 128 + n when signal n ended it"]];
}
