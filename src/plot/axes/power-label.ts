/** A number by its power of ten, as an axis shows it: 10⁻⁵, 2×10⁻⁵, and 0 as it is. */
export function powerLabel(value: number): string {
  if (value === 0) return '0';
  const [mantissa, exponent] = Number(value.toPrecision(12)).toExponential().split('e') as [string, string];
  const raised = `10${[...exponent.replace('+', '')].map((sign) => superscripts[sign]).join('')}`;
  if (mantissa === '1') return raised;
  return `${mantissa.replace('-', '−')}×${raised}`;
}

const superscripts: Readonly<Record<string, string>> = Object.fromEntries(
  [...'-0123456789'].map((sign, i) => [sign, [...'⁻⁰¹²³⁴⁵⁶⁷⁸⁹'][i]!]),
);
