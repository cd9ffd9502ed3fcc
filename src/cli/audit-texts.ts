import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { InputError, KernelError } from '../core/errors';

/** A rule file's JavaScript, and the line in the file of a place in it. */
export interface RuleText {
  readonly text: string;
  readonly lineOf?: (line: number, column: number) => number;
}

/**
 * A rule file's text; TypeScript without its types, with nothing run.
 * @throws InputError where it cannot be read.
 */
export async function ruleText(path: string): Promise<RuleText> {
  const text = read(path);
  if (!/\.[cm]?tsx?$/.test(path)) return { text };
  const { default: typescript } = await import('typescript');
  const compilerOptions = {
    module: typescript.ModuleKind.Preserve,
    target: typescript.ScriptTarget.ES2022,
    jsx: typescript.JsxEmit.React,
    sourceMap: true,
  };
  const made = typescript.transpileModule(text, { compilerOptions, fileName: path, reportDiagnostics: true });
  const [wrong] = made.diagnostics ?? [];
  if (wrong !== undefined) {
    const line = typescript.getLineAndCharacterOfPosition(wrong.file!, wrong.start ?? 0).line + 1;
    const message = typescript.flattenDiagnosticMessageText(wrong.messageText, ' ');
    throw new KernelError({ what: `The rule file cannot be parsed: ${message} (line ${line})`, got: path });
  }
  const map = new SourceMap(JSON.parse(made.sourceMapText!) as SourceMapPayload);
  const lineOf = (line: number, column: number): number => {
    const entry = map.findEntry(line - 1, column);
    return 'originalLine' in entry ? entry.originalLine + 1 : line;
  };
  return { text: made.outputText, lineOf };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError({ what: `The rule file cannot be read: ${(error as Error).message}`, got: path });
  }
}
