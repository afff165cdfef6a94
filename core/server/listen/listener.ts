/** Something that takes connections until it is told not to. */
export interface Listener {
  /** The bound URL, to be told to the person who started it; stdio has none. */
  readonly url: string | undefined;
  /** Resolves when the listener ends by itself: on stdio, when the peer has gone. */
  readonly ended: Promise<void>;
  /** Takes no new connections; those that are open stay. */
  stopAccepting(): void;
  /** Ends what is left of it. */
  close(): Promise<void>;
}
