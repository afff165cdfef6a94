/** The value below which a share `p` of them lies; NaN of none. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Four significant digits: more than that is noise. */
export function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : value;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Milliseconds of latencies as microseconds, at two quantiles, under a common name. */
export function microseconds(name: string, latencies: readonly number[]): Record<string, number> {
  return {
    [`${name}p50_us`]: rounded(quantile(latencies, 0.5) * 1000),
    [`${name}p99_us`]: rounded(quantile(latencies, 0.99) * 1000),
  };
}

export function milliseconds(name: string, latencies: readonly number[]): Record<string, number> {
  return {
    [`${name}p50_ms`]: rounded(quantile(latencies, 0.5)),
    [`${name}p99_ms`]: rounded(quantile(latencies, 0.99)),
  };
}
