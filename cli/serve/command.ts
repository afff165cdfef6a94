import { command } from "../command.ts";
import { checkConcurrentRequests, clockSkew, sessionTtl } from "./serve-flags.ts";

export default command({
  name: "codex-env serve",
  summary: "Serve this machine to Codex as an exec-server",
  args: {
    listen: {
      type: "string",
      valueHint: "URL",
      default: "ws://127.0.0.1:0",
      description: "ws://IP:PORT, wss://IP:PORT, unix:///PATH or stdio",
    },
    "allow-host": {
      type: "string",
      valueHint: "NAME",
      repeat: true,
      description: "A name that the Host header may hold beside IP addresses and localhost",
    },
    "allow-unauthenticated": {
      type: "boolean",
      description: "Listen beyond this machine without --ws-auth: whoever reaches the port may run commands",
    },
    "tls-cert": { type: "string", valueHint: "FILE", description: "PEM certificate chain; serves wss://" },
    "tls-key": { type: "string", valueHint: "FILE", description: "PEM private key of --tls-cert" },
    "ws-auth": {
      type: "enum",
      options: ["capability-token", "signed-bearer-token"],
      description: "Ask clients for a token",
    },
    "ws-token-file": { type: "string", valueHint: "FILE", description: "The capability token" },
    "ws-token-sha256": { type: "string", valueHint: "HEX", description: "SHA-256 of the capability token" },
    "ws-shared-secret-file": {
      type: "string",
      valueHint: "FILE",
      description: "The secret that bearer tokens are signed with (HS256)",
    },
    "ws-issuer": {
      type: "string",
      valueHint: "NAME",
      description: "The issuer that bearer tokens must name",
    },
    "ws-audience": {
      type: "string",
      valueHint: "NAME",
      description: "The audience that bearer tokens must name",
    },
    "ws-max-clock-skew-seconds": {
      type: "string",
      valueHint: "SECONDS",
      description: "How far the issuer's clock may be off (default: 30)",
    },
    "session-ttl": {
      type: "string",
      valueHint: "SECONDS",
      default: "80",
      description: "How long a session waits for its client to come back",
    },
    "concurrent-requests": {
      type: "string",
      valueHint: "COUNT",
      default: "1",
      description: "Accepted for compatibility; requests never block one another",
    },
    "log-level": {
      type: "enum",
      options: ["debug", "info", "warn", "error"],
      default: "info",
      description: "The least that is logged on stderr",
    },
    "log-format": {
      type: "enum",
      options: ["text", "json"],
      default: "text",
      description: "Form of a log line",
    },
  },
  notes: [
    "Prints the bound URL alone on stdout. Ends with exit code 0 on SIGTERM, SIGINT, SIGHUP or, on stdio, at the end of input; every command that it started ends with it.",
    "Whoever may connect may do whatever this account may do.",
  ],
  examples: [
    "codex-env serve --listen ws://127.0.0.1:8765",
    "codex-env serve --listen unix:///run/user/1000/codex-env.sock",
    "codex-env serve --listen wss://0.0.0.0:8765 --tls-cert chain.pem \\",
    "  --tls-key key.pem --ws-auth capability-token --ws-token-file token.txt",
  ],
  async run({ args }) {
    checkConcurrentRequests(args["concurrent-requests"]);
    const options = {
      sessionTtlSeconds: sessionTtl(args["session-ttl"]),
      logLevel: args["log-level"],
      logFormat: args["log-format"],
      listen: {
        listen: args.listen,
        allowHosts: args["allow-host"],
        allowUnauthenticated: args["allow-unauthenticated"],
        tlsCert: args["tls-cert"],
        tlsKey: args["tls-key"],
        auth: {
          auth: args["ws-auth"],
          tokenFile: args["ws-token-file"],
          tokenSha256: args["ws-token-sha256"],
          sharedSecretFile: args["ws-shared-secret-file"],
          issuer: args["ws-issuer"],
          audience: args["ws-audience"],
          maxClockSkewSeconds: clockSkew(args["ws-max-clock-skew-seconds"]),
        },
      },
    } as const;
    const { serve } = await import("./serve.ts");
    return await serve(options);
  },
});
