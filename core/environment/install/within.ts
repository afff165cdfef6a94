/** What the promise resolves to, or `late` after so many ms; then nobody waits for it any more. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | "late"> {
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(late.resolve, ms, "late");
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
