import { InputError } from '../../core/errors';

/**
 * A value as JSON for people too: two spaces, a newline at the end.
 * @param file What it is to be written to, for messages.
 * @throws InputError where the value has no JSON form.
 */
export function formatJson(file: string, value: unknown): string {
  let text: string | undefined;
  let why = `it is ${typeof value}`;
  try {
    text = JSON.stringify(value, null, 2);
  } catch (error) {
    why = (error as Error).message;
  }
  if (text === undefined) throw new InputError({ what: `"${file}" cannot be written as JSON: ${why}` });
  return `${text}\n`;
}
