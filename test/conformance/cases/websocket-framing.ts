import { writeFileSync } from "node:fs";
import { Opcode } from "../../support/raw/frame.ts";
import type { RawSocket } from "../../support/raw/raw-socket.ts";
import { sleep } from "../../support/wait.ts";
import type { WireClient } from "../../support/wire-client.ts";
import { addTo, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";

export const websocketFramingCases: Case[] = [];
const add = addTo(websocketFramingCases);

const MiB = 1 << 20;
const status = (id: number) => JSON.stringify({ id, method: "environment/status" });

interface Waiting {
  readonly ms?: number;
  /** Frames to wait for. */
  readonly want?: number;
}

async function readyLink(t: CaseContext): Promise<WireClient> {
  const client = await t.raw();
  await client.initialize();
  await sleep(20);
  client.frames.length = 0;
  return client;
}

/** What comes back, frame by frame, after `act` on a link that has done its handshake. */
async function frames(
  t: CaseContext,
  act: (socket: RawSocket) => void,
  { ms = 1000, want = 1 }: Waiting = {},
) {
  const client = await readyLink(t);
  act(client.socket);
  await client.waitFor(() => client.closed || client.frames.length >= want, ms).catch(() => {});
  await sleep(20);
  const shown = client.frames.map(({ fin, opcode, payload }) => {
    const text = payload.length > 300 ? `<${payload.length} bytes>` : payload.toString();
    return [fin ? "fin" : "more", opcode, opcode === Opcode.close ? payload.toString("hex") : text];
  });
  return { frames: shown, ended: client.socket.ended };
}

const toTheEnd: Waiting = { ms: 1500, want: 9 };

add("ws.ping", (t) => frames(t, (s) => s.send(9, "hello")));
add("ws.ping_empty", (t) => frames(t, (s) => s.send(9, "")));
add("ws.ping_125", (t) => frames(t, (s) => s.send(9, "h".repeat(125))));
add("ws.ping_126_too_long", (t) => frames(t, (s) => s.send(9, "h".repeat(126)), toTheEnd));
add("ws.pong_unsolicited", (t) =>
  frames(t, (s) => {
    s.send(10, "x");
    s.send(1, status(1));
  }),
);
add("ws.close_empty", (t) => frames(t, (s) => s.send(8, ""), toTheEnd));
add("ws.close_1000", (t) => frames(t, (s) => s.send(8, Buffer.from([3, 232])), toTheEnd));
add("ws.unmasked_frame", (t) => frames(t, (s) => s.send(1, status(1), { mask: false }), toTheEnd));
add("ws.reserved_bit", (t) => frames(t, (s) => s.send(1, status(1), { reserved: 4 }), toTheEnd));
add("ws.bad_opcode", (t) => frames(t, (s) => s.send(3, "x"), toTheEnd));
add("ws.continuation_without_start", (t) => frames(t, (s) => s.send(0, "x"), toTheEnd));
add("ws.invalid_utf8_text", (t) => frames(t, (s) => s.send(1, Buffer.from([0xff, 0xfe])), toTheEnd));
add("ws.text_request", (t) => frames(t, (s) => s.send(1, status(1))));
add("ws.binary_request_gets_text_reply", (t) => frames(t, (s) => s.send(2, status(1))));
for (const [name, opcode] of [
  ["ws.fragmented_text", Opcode.text],
  ["ws.fragmented_binary", Opcode.binary],
] as const) {
  add(name, (t) =>
    frames(t, (s) => {
      s.send(opcode, status(1).slice(0, 5), { fin: false });
      s.send(0, status(1).slice(5));
    }),
  );
}
add("ws.fragmented_with_ping_inside", (t) =>
  frames(
    t,
    (s) => {
      s.send(1, status(1).slice(0, 5), { fin: false });
      s.send(9, "p");
      s.send(0, status(1).slice(5));
    },
    { want: 2 },
  ),
);
add("ws.two_frames_two_requests", (t) =>
  frames(
    t,
    (s) => {
      s.send(1, status(1));
      s.send(1, status(2));
    },
    { want: 2 },
  ),
);

/** A status request padded to exactly so many bytes. */
function padded(bytes: number): Buffer {
  const message = (pad: string) => JSON.stringify({ id: 1, method: "environment/status", pad });
  return Buffer.from(message("x".repeat(bytes - message("").length)));
}

const inFragments = (bytes: number) => (socket: RawSocket) => {
  const message = padded(bytes);
  const step = 8 * MiB;
  for (let at = 0; at < message.length; at += step) {
    socket.send(at ? 0 : 1, message.subarray(at, at + step), { fin: at + step >= message.length });
  }
};

type Seen = Awaited<ReturnType<typeof frames>>;
const countOnly = (seen: Seen) => ({ replies: seen.frames.length, ended: seen.ended });

add("ws.frame_16MiB_ok", (t) => frames(t, (s) => s.send(1, padded(16 * MiB)), { ms: 10000 }));
add("ws.frame_16MiB_plus_1", async (t) =>
  countOnly(await frames(t, (s) => s.send(1, padded(16 * MiB + 1)), { ms: 10000, want: 1 })),
);
add("ws.message_64MiB_fragmented_ok", (t) => frames(t, inFragments(64 * MiB), { ms: 20000 }));
add("ws.message_64MiB_plus_1_fragmented", async (t) =>
  countOnly(await frames(t, inFragments(64 * MiB + 1), { ms: 20000, want: 1 })),
);
add("ws.large_reply_is_one_frame", async (t) => {
  writeFileSync(t.path("big"), Buffer.alloc(18 * MiB));
  const client = await readyLink(t);
  client.sendJson({ id: 1, method: "fs/readFile", params: { path: t.uri("big") } });
  await client.waitFor(() => client.frames.some((frame) => frame.fin && frame.opcode !== 9), 15000);
  return client.frames.map((frame) => [
    frame.fin,
    frame.opcode,
    frame.payload.length > 1000 ? frame.payload.length : "short",
  ]);
});
add(
  "ws.server_ping_every_30s",
  async (t) => {
    const client = await readyLink(t);
    const start = performance.now();
    const at: number[] = [];
    const pings = () => client.frames.filter((frame) => frame.opcode === Opcode.ping);
    while (performance.now() - start < 95000 && !client.socket.ended) {
      await sleep(50);
      while (at.length < pings().length) at.push(Math.round((performance.now() - start) / 1000));
    }
    return {
      pingSeconds: at,
      payloads: pings().map((frame) => frame.payload.toString("hex")),
      ended: client.socket.ended,
    };
  },
  { slow: true, timeoutMs: 120000 },
);
