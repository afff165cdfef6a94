import type { ArgumentDefinitions, ArgumentValues } from "../arguments/definition.ts";

/** Where a command is to go and how its link is kept, as typed. */
export interface LinkRequest {
  /** The environment by its name. */
  readonly environment: string | undefined;
  readonly url: string | undefined;
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
  readonly resume: boolean;
  readonly sessionTtl: string | undefined;
}

/** What was asked of the link holds for another environment too; where it goes and with which secret does not. */
export function linkTo(
  environment: string,
  { resume, sessionTtl }: Pick<LinkRequest, "resume" | "sessionTtl">,
): LinkRequest {
  return { environment, url: undefined, tokenFile: undefined, caFile: undefined, resume, sessionTtl };
}

/** The flags of a {@link LinkRequest}, the same for every command that goes to an environment. */
export const linkFlags = {
  environment: {
    type: "string",
    alias: "e",
    valueHint: "NAME",
    description: "The environment by its name (default: the one of codex-env env default)",
  },
  url: { type: "string", valueHint: "URL", description: "ws://, wss:// or unix://, in place of a name" },
  "token-file": {
    type: "string",
    valueHint: "FILE",
    description: "File that holds the token for a URL (or set CODEX_ENV_TOKEN)",
  },
  "ca-file": {
    type: "string",
    valueHint: "FILE",
    description: "PEM of an authority to trust for wss://",
  },
  resume: { type: "boolean", default: true, description: "Restore a link that was cut" },
  "session-ttl": {
    type: "string",
    valueHint: "SECONDS",
    description: "How long the session may outlive a cut link (connect 3600, else 600)",
  },
} as const satisfies ArgumentDefinitions;

/** What the flags say. */
export function linkRequest(args: ArgumentValues<typeof linkFlags>): LinkRequest {
  return {
    environment: args.environment,
    url: args.url,
    tokenFile: args["token-file"],
    caFile: args["ca-file"],
    resume: args.resume,
    sessionTtl: args["session-ttl"],
  };
}
