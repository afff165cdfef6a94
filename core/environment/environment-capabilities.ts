/** What an environment may be used for. The rest is refused. */
export interface EnvironmentCapabilities {
  readonly execEnabled: boolean;
  readonly filesystemEnabled: boolean;
}
