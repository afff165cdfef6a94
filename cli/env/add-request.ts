/** What `env add` was asked for, as typed. */
export interface AddRequest {
  readonly name: string;
  readonly url: string | undefined;
  readonly ssh: string | undefined;
  readonly jump: readonly string[];
  readonly port: string | undefined;
  readonly identity: string | undefined;
  readonly docker: string | undefined;
  readonly podman: string | undefined;
  readonly user: string | undefined;
  readonly kubectl: string | undefined;
  readonly namespace: string | undefined;
  readonly container: string | undefined;
  readonly context: string | undefined;
  readonly program: string | undefined;
  readonly programArgs: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string | undefined;
  /** Absent: to be found or put there. */
  readonly server: string | undefined;
  /** What is put there instead of ours. */
  readonly binary: string | undefined;
  readonly install: boolean;
  readonly dial: boolean;
  readonly tokenFile: string | undefined;
  readonly storeToken: boolean;
  readonly caFile: string | undefined;
  readonly connectTimeout: string | undefined;
  readonly initializeTimeout: string | undefined;
  readonly sessionTtl: string | undefined;
  readonly makeDefault: boolean;
  readonly json: boolean;
}

export type Place = "url" | "ssh" | "docker" | "podman" | "kubectl" | "program";

export const places: readonly Place[] = ["url", "ssh", "docker", "podman", "kubectl", "program"];

/** Flags that mean something only for some places, under the names they are typed by. */
export const flagPlaces: readonly (readonly [keyof AddRequest, string, readonly Place[]])[] = [
  ["jump", "--jump", ["ssh"]],
  ["port", "--port", ["ssh"]],
  ["identity", "--identity", ["ssh"]],
  ["user", "--user", ["docker", "podman"]],
  ["namespace", "--namespace", ["kubectl"]],
  ["container", "--container", ["kubectl"]],
  ["context", "--context", ["kubectl"]],
  ["programArgs", "--", ["program"]],
  ["env", "--env", ["ssh", "docker", "podman", "kubectl", "program"]],
  ["server", "--server", ["ssh", "docker", "podman", "kubectl"]],
  ["binary", "--binary", ["ssh", "docker", "podman", "kubectl", "program"]],
  ["dial", "--dial", ["ssh", "docker", "podman", "kubectl", "program"]],
  ["cwd", "--cwd", ["program"]],
  ["tokenFile", "--token-file", ["url"]],
  ["storeToken", "--store-token", ["url"]],
  ["caFile", "--ca-file", ["url"]],
  ["connectTimeout", "--connect-timeout", ["url"]],
];
