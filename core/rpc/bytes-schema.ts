import * as v from "valibot";

/** Canonical base64 of the wire, as bytes. */
export const bytesSchema = v.pipe(
  v.string(),
  v.rawTransform<string, Uint8Array>(({ dataset, addIssue, NEVER }) => {
    try {
      return Uint8Array.fromBase64(dataset.value, { lastChunkHandling: "strict" });
    } catch {
      addIssue({ message: "not base64" });
      return NEVER;
    }
  }),
);
