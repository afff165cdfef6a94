/** SHA-256 of the bubblewrap that is built for each machine; a test holds the files to it. */
export const BUNDLED_DIGESTS: Readonly<Record<"x64" | "arm64", string | undefined>> = {
  x64: undefined,
  arm64: undefined,
};
