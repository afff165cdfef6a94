import { absent } from "../difference.ts";
import type { Signature } from "../signature.ts";

const saysWhy = "a peer whose link is dropped is told why first; the reference drops it without a word";

/** The link itself: HTTP, websocket framing, and messages that end it. */
export const linkDifferences: readonly Signature[] = [
  {
    cases: "http.root.upgrade_foreign_host",
    path: "*",
    reference: /.*/,
    ours: /403|Host|content-|text\/plain/,
    kind: "safer",
    reason: "a Host that is neither an address, localhost nor allowed is how DNS rebinding arrives",
  },
  {
    cases: "ws.close_*",
    path: "frames[0]",
    reference: absent,
    ours: /^\["fin",8,/,
    kind: "truer",
    reason: "a close frame is answered by one, as RFC 6455 asks",
  },
  {
    cases: "ws.*",
    path: "frames[0]",
    reference: absent,
    ours: /^\["fin",8,"03e[af]/,
    kind: "truer",
    reason: `a broken frame: close 1002 or 1007 with a sentence; ${saysWhy}`,
  },
  {
    cases: "ws.frame_16MiB_plus_1",
    path: "*",
    reference: /^(0|true)$/,
    ours: /^(1|false)$/,
    kind: "lossless",
    reason: "one frame may be as large as a message, 64 MiB: fs/writeFile is not bound to 12 MiB",
  },
  {
    cases: "ws.message_64MiB_plus_1_fragmented",
    path: "replies",
    reference: 0,
    ours: 1,
    kind: "truer",
    reason: `close 1009 with the limit; ${saysWhy}`,
  },
  {
    cases: "ws.large_reply_is_one_frame",
    path: "[0][2]",
    reference: 25165859,
    ours: "short",
    kind: "lossless",
    reason: "the published client drops the link on a frame over 16 MiB: an error names fs/open instead",
  },
  {
    cases: "rpc.*",
    path: "replies[0]",
    reference: absent,
    ours: /^\{"error":\{"code":-32600,"message":"(a response came|unexpected notification|initialized came)/,
    kind: "truer",
    reason: saysWhy,
  },
  {
    cases: "rpc.*",
    path: "connection",
    reference: "closed 1006",
    ours: "closed 1002",
    kind: "truer",
    reason: saysWhy,
  },
  {
    cases: "stdio.violation.*",
    path: "replies[0]",
    reference: absent,
    ours: /unexpected notification|a response came/,
    kind: "truer",
    reason: saysWhy,
  },
  {
    cases: "ws.server_ping_every_30s",
    path: "*",
    reference: /^(30|60|90||false)$/,
    ours: /^(5|10|<absent>|true)$/,
    kind: "truer",
    reason:
      "pings every 5 s, and a peer that answers none is dropped within 20 s, so that its session can be resumed",
  },
];
