/** Where a command writes: results to `out`, everything for people's eyes only to `err`. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
}

/** The process's own streams. */
export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** One JSON document, and nothing else, on stdout. */
export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, null, 2)}\n`);
}
