/** What the emulator and its process in a server's network say to each other, sockets beside it. */
export type ToWorld =
  | {
      readonly type: "configure";
      readonly metadata: Readonly<Record<string, string>>;
      readonly names: readonly (readonly [string, string])[];
    }
  /** With a socket: a connection to that port of the server. */
  | { readonly type: "inbound"; readonly port: number }
  | { readonly type: "resolved"; readonly id: number; readonly addresses: string[] | undefined };

export type FromWorld =
  | { readonly type: "ready" }
  /** With a socket: a connection of the server to that address. */
  | { readonly type: "outbound"; readonly address: string }
  | {
      readonly type: "resolve";
      readonly id: number;
      readonly name: string;
      readonly family: 4 | 6;
    };
