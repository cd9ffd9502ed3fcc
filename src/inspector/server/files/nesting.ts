const [quote, backslash, openList, closeList, openGroup, closeGroup] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** How deep in each other the lists and objects of a JSON file may stand: what goes through them does so by calls of itself. */
const deepestNesting = 100;

/** Why a text of JSON is not read further, as the rest of a sentence. */
export const isTooDeep = `is nested deeper than ${deepestNesting}`;

/** Whether lists and objects of a text of JSON stand deeper in each other than that; it is not parsed. */
export function isNestedTooDeep(json: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json.charCodeAt(at);
    if (isText) {
      if (byte === backslash) at++;
      else if (byte === quote) isText = false;
    } else if (byte === quote) isText = true;
    else if (byte === openList || byte === openGroup) {
      if (++depth > deepestNesting) return true;
    } else if (byte === closeList || byte === closeGroup) depth--;
  }
  return false;
}
