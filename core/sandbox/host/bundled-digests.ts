/** SHA-256 of the bubblewrap in core/sandbox/bubblewrap/bundled for each machine; a test builds it anew and compares. */
export const bundledDigests = {
  x64: "b5e23be6ab0a485a4a394f129332c72571d118a5cc9a08dc7a3c5dcd6270d421",
  arm64: "81b841cc40d4ba6a0d32712ba97b0f6febbd1862e5bbf1240c386f1a6b84cd3b",
} as const;
