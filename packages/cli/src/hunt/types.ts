/** A secret to look for, under the name that reports call it by. */
export interface Secret {
  /** Never part of the value: it is printed. */
  readonly label: string;
  readonly value: string;
}

/** A file or a folder with everything below it. */
export interface Place {
  readonly label: string;
  readonly path: string;
}

/** Text that is searched like a file, such as console output. */
export interface Text {
  readonly label: string;
  readonly text: string;
}

export interface Finding {
  /** Label of the place or text. */
  readonly place: string;
  /** Path of the file; the label again for a text. */
  readonly file: string;
  /** How it is encoded, from the outside in, such as "gzip > base64". */
  readonly form: string;
  /** Label of the secret. */
  readonly secret: string;
}

export interface HuntReport {
  readonly files: number;
  /** As they lie on the disk, texts included. */
  readonly bytes: number;
  /** Compressed streams that were opened. */
  readonly streams: number;
  /** How many secrets were looked for. */
  readonly secrets: number;
  readonly places: readonly string[];
  /** What could not be searched, with the reason. */
  readonly unreadable: readonly string[];
  readonly findings: readonly Finding[];
}
