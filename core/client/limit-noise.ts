import { limits } from "../limits.ts";
import type { Noise } from "./noise.ts";

type Heard = (noise: Noise) => void;

/** Passes on so many lines and says once that there are more: a program may print without end. */
export function limitNoise(heard: Heard): Heard {
  let lines = 0;
  return (noise) => {
    lines++;
    if (lines <= limits.noiseLines) heard({ ...noise, text: noise.text.slice(0, limits.noiseLineBytes) });
    if (lines === limits.noiseLines + 1)
      heard({ from: noise.from, text: "(what else it says is not shown)" });
  };
}
