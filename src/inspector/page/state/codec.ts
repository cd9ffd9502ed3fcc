/** How a value stands in the query of an address, and what can be read from one. */
export interface Codec<T> {
  /** Undefined for what is not legal. */
  readonly read: (written: string) => T | undefined;
  readonly write: (value: T) => string;
  /** What is legal, in words. */
  readonly legal: string;
}

export const text: Codec<string> = { read: (written) => written, write: (value) => value, legal: 'any text' };

/** A whole number from 0 on. */
export const count: Codec<number> = {
  read: (written) => (/^\d{1,15}$/.test(written) ? Number(written) : undefined),
  write: String,
  legal: 'a whole number from 0 on',
};

export const number: Codec<number> = {
  read: (written) => {
    const value = written.trim() === '' ? Number.NaN : Number(written);
    return Number.isFinite(value) ? value : undefined;
  },
  write: String,
  legal: 'a number',
};

export const yesOrNo: Codec<boolean> = {
  read: (written) => (written === '1' ? true : written === '0' ? false : undefined),
  write: (value) => (value ? '1' : '0'),
  legal: '0 or 1',
};

export const oneOf = <T extends string>(...names: readonly T[]): Codec<T> => ({
  read: (written) => names.find((name) => name === written),
  write: (value) => value,
  legal: names.join(', '),
});

/** Values with commas between them; a comma or `%` inside one is escaped, so that any list can be read again. */
export const listOf = <T>(each: Codec<T>): Codec<readonly T[]> => ({
  read: (written) => {
    if (written === '') return [];
    const values: T[] = [];
    for (const part of written.split(',')) {
      const value = each.read(part.replaceAll('%2C', ',').replaceAll('%25', '%'));
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  },
  write: (values) =>
    values.map((value) => each.write(value).replaceAll('%', '%25').replaceAll(',', '%2C')).join(','),
  legal: `${each.legal}, several with commas between them`,
});
