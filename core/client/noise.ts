/** A line that a program which carries a connection printed beside its messages: a login banner, a complaint of ssh. */
export interface Noise {
  readonly from: "stdout" | "stderr";
  readonly text: string;
}
