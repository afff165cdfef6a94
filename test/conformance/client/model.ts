/** What the published client asks its model, as far as a script looks at it. */
export interface ModelRequest {
  readonly index: number;
  readonly input: readonly InputItem[];
  /** Tool outputs by call id, as text. */
  readonly outputs: Readonly<Record<string, string>>;
}

export interface InputItem {
  readonly type?: string;
  readonly call_id?: string;
  readonly output?: unknown;
  readonly content?: readonly { readonly text?: string }[];
}

export interface ToolCall {
  readonly kind: "function" | "custom";
  readonly id: string;
  readonly name: string;
  /** JSON text of a function's arguments, or the input of a custom tool. */
  readonly input: string;
}

/** What the model answers: calls of tools, or its last word. */
export type Turn = { readonly calls: readonly ToolCall[] } | { readonly final: string };
export type ModelScript = (request: ModelRequest) => Turn | Promise<Turn>;

export const callTool = (id: string, name: string, args: unknown): ToolCall => ({
  kind: "function",
  id,
  name,
  input: JSON.stringify(args),
});

export const runCommand = (id: string, cmd: string, more: Readonly<Record<string, unknown>> = {}): ToolCall =>
  callTool(id, "exec_command", { cmd, ...more });

export const applyPatch = (id: string, ...lines: readonly string[]): ToolCall => ({
  kind: "custom",
  id,
  name: "apply_patch",
  input: ["*** Begin Patch", ...lines, "*** End Patch", ""].join("\n"),
});

/** A tool's output as text, whichever of its shapes the client used. */
export function outputText(output: unknown): string {
  if (output === undefined || output === null) return "";
  if (typeof output === "string") return output;
  if (Array.isArray(output)) return output.map(partText).join("\n");
  if (typeof output === "object" && "content" in output) return String(output.content);
  return JSON.stringify(output);
}

function partText(part: unknown): string {
  if (typeof part !== "object" || part === null) return JSON.stringify(part);
  if ("text" in part) return String(part.text);
  if ("image_url" in part) return `[image ${String(part.image_url).slice(0, 40)}]`;
  return JSON.stringify(part);
}

function itemOf(call: ToolCall, status: string) {
  const { id, name, input } = call;
  if (call.kind === "custom")
    return { type: "custom_tool_call", id: `ctc_${id}`, call_id: id, name, input, status };
  return { type: "function_call", id: `fc_${id}`, call_id: id, name, arguments: input, status };
}

/** The server-sent events of one turn. */
function eventsOf(turn: Turn, index: number): readonly Readonly<Record<string, unknown>>[] {
  const id = `resp_${index}`;
  const usage = {
    input_tokens: 10,
    input_tokens_details: null,
    output_tokens: 5,
    output_tokens_details: null,
    total_tokens: 15,
  };
  const items =
    "final" in turn
      ? [messageItem(turn.final, index)]
      : turn.calls.map((call) => [itemOf(call, "in_progress"), itemOf(call, "completed")] as const);
  const output = items.flatMap(([added, done], at) => [
    { type: "response.output_item.added", output_index: at, item: added },
    { type: "response.output_item.done", output_index: at, item: done },
  ]);
  return [
    { type: "response.created", response: { id } },
    ...output,
    { type: "response.completed", response: { id, usage } },
  ];
}

function messageItem(text: string, index: number) {
  const item = { type: "message", role: "assistant", id: `msg_${index}` };
  return [
    { ...item, content: [] },
    { ...item, content: [{ type: "output_text", text }] },
  ] as const;
}

export interface ScriptedModel {
  readonly url: string;
  readonly requests: readonly ModelRequest[];
  stop(): void;
}

async function bodyText(request: Request): Promise<string> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  const plain = request.headers.get("content-encoding") === "zstd" ? Bun.zstdDecompressSync(bytes) : bytes;
  return new TextDecoder().decode(plain);
}

/** A stand-in for the Responses API on this machine: every answer comes from the script. */
export function startModel(script: ModelScript): ScriptedModel {
  const requests: ModelRequest[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const text = await bodyText(request);
      if (!new URL(request.url).pathname.endsWith("/responses"))
        return Response.json({ models: [], data: [] });
      // The client's own format; a script looks at tool outputs and texts only, and tolerates their absence.
      const input = (JSON.parse(text) as { input?: InputItem[] }).input ?? [];
      const outputs = input.filter((item) => item.call_id !== undefined && item.output !== undefined);
      const asked: ModelRequest = {
        index: requests.length,
        input,
        outputs: Object.fromEntries(outputs.map((item) => [item.call_id, outputText(item.output)])),
      };
      requests.push(asked);
      const events = eventsOf(await script(asked), asked.index);
      const body = events
        .map((event) => `event: ${event["type"]}\ndata: ${JSON.stringify(event)}\n\n`)
        .join("");
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  });
  return { url: `http://127.0.0.1:${server.port}/v1`, requests, stop: () => void server.stop(true) };
}
