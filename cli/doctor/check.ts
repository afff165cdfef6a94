/** One thing that was looked at. */
export interface Check {
  /** For programs; stays the same from version to version. */
  readonly id: string;
  readonly title: string;
  /** `note`: nothing stands on it here, or something else stands in. `fails`: work will be refused because of it. */
  readonly state: "ok" | "note" | "fails";
  readonly finding: string;
  /** What to do about it. */
  readonly cure?: string;
}
