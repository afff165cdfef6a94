import manifest from "../package.json" with { type: "json" };

/** Our own version, as `--version` prints it. The protocol version that we answer with is another thing. */
export const version: string = manifest.version;
