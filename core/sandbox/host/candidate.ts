/** A bubblewrap that was looked for, before it is asked what it can do. */
export type Candidate =
  | {
      readonly kind: "found";
      readonly path: string;
      /** Another one when the file is another one. */
      readonly identity: string;
      /** Opens the very file that was verified, for reading and execution. Throws SandboxRefusal if it changed. */
      open(): number;
    }
  | { readonly kind: "absent" | "refused"; readonly reason: string };
