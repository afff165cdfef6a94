import { join } from "node:path";
import { WireClient, type WireClientOptions } from "../support/wire-client.ts";
import { type LaunchedServer, type LaunchOptions, launch } from "./launch.ts";
import type { Side } from "./side.ts";

/** What a case may use: clients of one server, a directory of its own, and further servers of the same kind. */
export class CaseContext {
  readonly url: string;
  readonly side: Side;
  readonly directory: string;
  readonly #clients: WireClient[] = [];
  readonly #servers: LaunchedServer[] = [];

  constructor(side: Side, url: string, directory: string) {
    this.side = side;
    this.url = url;
    this.directory = directory;
  }

  async client(options: WireClientOptions = {}): Promise<WireClient> {
    return this.clientOf(this.url, options);
  }

  async clientOf(url: string, options: WireClientOptions = {}): Promise<WireClient> {
    const client = await WireClient.open(url, options);
    this.#clients.push(client);
    return client;
  }

  /** A client that keeps frames and answers none, with or without the upgrade having succeeded. */
  raw(headers: Readonly<Record<string, string>> = {}): Promise<WireClient> {
    return this.client({ manual: true, init: false, headers });
  }

  /** Another server of this side with flags of its own. */
  async launch(options: LaunchOptions): Promise<LaunchedServer> {
    const server = await launch(this.side, options);
    this.#servers.push(server);
    return server;
  }

  uri(name: string): string {
    return `file://${this.directory}/${name}`;
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  async end(): Promise<void> {
    for (const client of this.#clients) client.vanish();
    for (const server of this.#servers) await server.end();
  }
}
