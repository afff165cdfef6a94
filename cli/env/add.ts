import type { Command } from "../command.ts";
import { command } from "../command.ts";

const summary = "Add an environment";

/** The words behind `--` are the program's own, so that they need no quoting. */
const add: Command = {
  summary,
  execute(raw) {
    const end = raw.indexOf("--");
    const own = end < 0 ? raw : raw.slice(0, end);
    return addCommand(end < 0 ? [] : raw.slice(end + 1)).execute(own);
  },
};

export default add;

const addCommand = (programArgs: readonly string[]): Command =>
  command({
    name: "codex-env env add",
    summary,
    usage: ["codex-env env add [FLAGS] NAME", "codex-env env add [FLAGS] NAME --program PROGRAM -- ARGS"],
    args: {
      name: { type: "positional", description: "Its name: letters, digits, - and _" },
      url: { type: "string", valueHint: "URL", description: "A server at ws://, wss:// or unix://" },
      ssh: { type: "string", valueHint: "USER@HOST", description: "A server that ssh starts" },
      jump: {
        type: "string",
        valueHint: "HOST",
        repeat: true,
        description: "A host to go through, for --ssh",
      },
      port: {
        type: "string",
        valueHint: "PORT",
        description: "Port of ssh, where its configuration has another",
      },
      identity: { type: "string", valueHint: "FILE", description: "Private key for --ssh" },
      docker: { type: "string", valueHint: "CONTAINER", description: "A running container of Docker" },
      podman: { type: "string", valueHint: "CONTAINER", description: "A running container of Podman" },
      user: { type: "string", valueHint: "USER", description: "Who to be in --docker and --podman" },
      kubectl: { type: "string", valueHint: "POD", description: "A pod of Kubernetes" },
      namespace: { type: "string", valueHint: "NAME", description: "Namespace of --kubectl" },
      container: { type: "string", valueHint: "NAME", description: "Container of --kubectl" },
      context: { type: "string", valueHint: "NAME", description: "Context of --kubectl" },
      program: { type: "string", valueHint: "PROGRAM", description: "Any program that speaks on its stdio" },
      env: {
        type: "string",
        valueHint: "NAME=VALUE",
        repeat: true,
        description: "A variable for the program",
      },
      cwd: { type: "string", valueHint: "DIR", description: "Directory for --program" },
      server: {
        type: "string",
        valueHint: "PATH",
        description: "The codex-env that is there already, for --ssh and containers",
      },
      binary: {
        type: "string",
        valueHint: "FILE",
        description: "The codex-env to put there (default: this one, or that of its release directory)",
      },
      install: {
        type: "boolean",
        default: true,
        description: "Put codex-env there unless it is there already",
      },
      dial: { type: "boolean", description: "Have other clients go through codex-env dial" },
      "token-file": { type: "string", valueHint: "FILE", description: "File with the token for --url" },
      "store-token": {
        type: "boolean",
        description: "Copy the token into environments.toml, where Codex finds it too",
      },
      "ca-file": {
        type: "string",
        valueHint: "FILE",
        description: "PEM of an authority to trust for wss://",
      },
      "connect-timeout": { type: "string", valueHint: "SECONDS", description: "For the connection of --url" },
      "initialize-timeout": {
        type: "string",
        valueHint: "SECONDS",
        description: "For the server's first answer",
      },
      "session-ttl": {
        type: "string",
        valueHint: "SECONDS",
        description: "How long commands outlive a cut link",
      },
      default: { type: "boolean", description: "Make it the default" },
      json: { type: "boolean", description: "Print JSON" },
    },
    notes: [
      "Say where it is in one way: --url, --ssh, --docker, --podman, --kubectl or --program.",
      "The entry serves Codex as well. ssh asks for nothing: keys and known hosts have to be set up before.",
    ],
    examples: [
      "codex-env env add box --ssh me@devbox --jump gate",
      "codex-env env add web --podman web --user dev",
      "codex-env env add far --url wss://box.example:8765 --token-file token.txt",
      "codex-env env add jail --program nsenter -- -t 4711 -a \\",
      "  codex-env serve --listen stdio",
    ],
    async run({ args }) {
      const { addEnvironment } = await import("./add-environment.ts");
      return await addEnvironment({
        ...args,
        tokenFile: args["token-file"],
        storeToken: args["store-token"],
        caFile: args["ca-file"],
        connectTimeout: args["connect-timeout"],
        initializeTimeout: args["initialize-timeout"],
        sessionTtl: args["session-ttl"],
        makeDefault: args.default,
        programArgs,
      });
    },
  });
