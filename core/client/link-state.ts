/** Where the link to the server stands. `lost` and `closed` are final. */
export type LinkState =
  | { readonly kind: "connecting" }
  | {
      readonly kind: "ready";
      /** How many times it was restored. */
      readonly resumes: number;
    }
  | {
      readonly kind: "recovering";
      readonly reason: string;
      /** How long it will be tried, ms. */
      readonly triedForMs: number;
    }
  | { readonly kind: "lost"; readonly reason: string }
  | { readonly kind: "closed" };
