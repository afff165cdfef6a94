import { absent } from "../difference.ts";
import { type Signature, signEach } from "../signature.ts";

const saysWhy = "a peer whose link is dropped is told why first; the reference drops it without a word";

/** The link itself: HTTP, websocket framing, and messages that end it. */
export const linkDifferences: readonly Signature[] = [
  ...signEach(
    {
      cases: "http.root.upgrade_foreign_host",
      kind: "safer",
      reason: "a Host that is neither an address, localhost nor allowed is how DNS rebinding arrives",
    },
    {
      status: [101, 403],
      "headers[0]": [/^sec-websocket-accept: /, /^content-length: /],
      "headers[1]": ["upgrade: websocket", "content-type: text/plain; charset=utf-8"],
      body: ["", /^`Host` is neither/],
    },
  ),
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
  ...signEach(
    {
      cases: "ws.frame_16MiB_plus_1",
      kind: "lossless",
      reason: "one frame may be as large as a message, 64 MiB: fs/writeFile is not bound to 12 MiB",
    },
    {
      replies: [0, 1],
      ended: [true, false],
    },
  ),
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
  ...signEach(
    {
      cases: "ws.server_ping_every_30s",
      kind: "truer",
      reason:
        "pings every 5 s, and a peer that answers none is dropped within 20 s, so that its session can be resumed",
    },
    {
      "pingSeconds[0]": [30, 5],
      "pingSeconds[1]": [60, 10],
      "pingSeconds[2]": [90, absent],
      "payloads[2]": ["", absent],
      ended: [false, true],
    },
  ),
];
