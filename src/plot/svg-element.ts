/** The namespace of every element of a picture. */
export const svgNamespace = 'http://www.w3.org/2000/svg';

/** The text of an SVG element. Its children are texts of elements, or what `escaped` gives. */
export function svgElement(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: readonly string[]
): string {
  const told = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escaped(value!)}"`);
  const head = `<${name}${told.join('')}`;
  return children.length === 0 ? `${head}/>` : `${head}>${children.join('')}</${name}>`;
}

/** A text as XML writes it. */
export function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Hundredths of a pixel: no more can be seen. */
export const rounded = (pixels: number): number => Math.round(100 * pixels) / 100;
