/** Fields with commas, quotes or line ends are quoted, as RFC 4180 says. */
const field = (value: unknown): string => {
  const words = value === null || value === undefined ? '' : String(value);
  return /[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
};

/** Null and undefined are empty fields; numbers have all digits that make them. */
export const csvOf = (header: readonly string[], rows: Iterable<readonly unknown[]>): string =>
  `${[header, ...rows].map((row) => row.map(field).join(',')).join('\n')}\n`;
