/** Takes the bytes of a text in order, in parts of any size. */
export interface Sink {
  readonly push: (bytes: Uint8Array) => void;
  readonly end: () => void;
}

/** Receives the texts within an artefact. */
export interface Within {
  /** Called for each text that is packed in it. @returns the sink for it. */
  readonly text: () => Sink;
  /** Called with the reason if a part of it cannot be unpacked. */
  readonly unopened: (reason: string) => void;
}
