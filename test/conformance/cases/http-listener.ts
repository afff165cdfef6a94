import { addTo, type Case } from "../case.ts";
import { bareRequest } from "./bare-request.ts";

export const httpListenerCases: Case[] = [];
const add = addTo(httpListenerCases);

type Headers = Readonly<Record<string, string>>;

const upgrade: Headers = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

const requests: readonly (readonly [name: string, method: string, path: string, headers?: Headers])[] = [
  ["readyz.get", "GET", "/readyz"],
  ["readyz.head", "HEAD", "/readyz"],
  ["readyz.post", "POST", "/readyz", { "Content-Length": "0" }],
  ["readyz.origin", "GET", "/readyz", { Origin: "http://localhost" }],
  ["readyz.foreign_host", "GET", "/readyz", { Host: "evil.example" }],
  ["readyz.upgrade_headers", "GET", "/readyz", upgrade],
  ["readyz.query", "GET", "/readyz?x=1"],
  ["readyz.trailing_slash", "GET", "/readyz/"],
  ["healthz", "GET", "/healthz"],
  ["root.plain_get", "GET", "/"],
  ["root.post", "POST", "/", { "Content-Length": "0" }],
  ["root.head", "HEAD", "/"],
  ["root.put_with_body", "PUT", "/", { "Content-Length": "0", "Content-Type": "text/plain" }],
  ["root.options", "OPTIONS", "/"],
  ["root.upgrade", "GET", "/", upgrade],
  ["root.upgrade_query", "GET", "/?a=b", upgrade],
  ["root.upgrade_origin", "GET", "/", { ...upgrade, Origin: "http://localhost" }],
  ["root.upgrade_origin_null", "GET", "/", { ...upgrade, Origin: "null" }],
  ["root.upgrade_origin_own_url", "GET", "/", { ...upgrade, Origin: "http://127.0.0.1" }],
  ["root.post_origin", "POST", "/", { "Content-Length": "0", Origin: "http://localhost" }],
  ["root.upgrade_foreign_host", "GET", "/", { ...upgrade, Host: "evil.example" }],
  ["root.upgrade_localhost_host", "GET", "/", { ...upgrade, Host: "localhost" }],
  ["root.upgrade_bad_version", "GET", "/", { ...upgrade, "Sec-WebSocket-Version": "12" }],
  ["root.upgrade_no_version", "GET", "/", { ...upgrade, "Sec-WebSocket-Version": "" }],
  ["root.upgrade_no_key", "GET", "/", { ...upgrade, "Sec-WebSocket-Key": "" }],
  ["root.upgrade_wrong_upgrade", "GET", "/", { ...upgrade, Upgrade: "h2c" }],
  [
    "root.upgrade_upper_case",
    "GET",
    "/",
    { ...upgrade, Upgrade: "WebSocket", Connection: "keep-alive, UPGRADE" },
  ],
  ["root.upgrade_subprotocol", "GET", "/", { ...upgrade, "Sec-WebSocket-Protocol": "codex" }],
  ["root.upgrade_deflate", "GET", "/", { ...upgrade, "Sec-WebSocket-Extensions": "permessage-deflate" }],
  ["root.upgrade_authorization_ignored", "GET", "/", { ...upgrade, Authorization: "Bearer whatever" }],
  ["other.get", "GET", "/nope"],
  ["other.post", "POST", "/nope", { "Content-Length": "0" }],
  ["other.origin", "GET", "/nope", { Origin: "http://localhost" }],
  ["other.upgrade", "GET", "/ws", upgrade],
  ["other.metrics", "GET", "/metrics"],
];
for (const [name, method, path, headers] of requests) {
  add(`http.${name}`, (t) => bareRequest(t.url, { method, path, headers: headers ?? {} }));
}
