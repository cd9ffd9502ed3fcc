/** The parts of a text between its commas, but for commas within brackets, braces, parentheses and quotation marks. */
export function splitList(text: string): string[] {
  const parts: string[] = [];
  let [part, depth, quoted] = ['', 0, false];
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quoted && character === '\\') {
      part += character + (text[++i] ?? '');
      continue;
    }
    if (character === '"') quoted = !quoted;
    else if (!quoted && '[{('.includes(character)) depth++;
    else if (!quoted && ']})'.includes(character)) depth--;
    if (character === ',' && !quoted && depth <= 0) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part];
}
