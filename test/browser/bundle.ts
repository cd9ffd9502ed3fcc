import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import ts from 'typescript';

/** Packages whose file for browsers is another one than for Node. */
const forBrowsers: Record<string, string> = { 'gpu.js': 'gpu.js/dist/gpu-browser.js' };

/** One script of a TypeScript file and all that it requires, for a page: modules as functions, found by number. */
export function bundle(entry: string): string {
  const numbers = new Map<string, number>();
  const modules: string[] = [];

  const add = (path: string): number => {
    const known = numbers.get(path);
    if (known !== undefined) return known;
    const number = numbers.size;
    numbers.set(path, number);
    const text = readFileSync(path, 'utf8');
    const script = path.endsWith('.ts')
      ? compiled(text)
      : path.endsWith('.json')
        ? `module.exports = ${text}`
        : text;
    const linked = script.replace(/\brequire\((['"])([^'"]+)\1\)/g, (call, _quote, name: string) => {
      const found = resolve(forBrowsers[name] ?? name, path);
      return found === null ? call : `require(${add(found)})`;
    });
    modules[number] = `function (module, exports, require) {${linked}\n}`;
    return number;
  };

  add(entry);
  return `(() => {
    const modules = [${modules.join(',\n')}];
    const made = new Map();
    const require = (number) => {
      if (!made.has(number)) {
        const module = { exports: {} };
        made.set(number, module);
        modules[number].call(module.exports, module, module.exports, require);
      }
      return made.get(number).exports;
    };
    require(0);
  })();`;
}

function compiled(text: string): string {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    esModuleInterop: true,
  };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}

/** null for what is no file, such as a call in a comment. */
function resolve(name: string, from: string): string | null {
  // What browsers have instead of a file for Node stands beside it.
  for (const candidate of [`${name}.browser.ts`, `${name}.ts`, name]) {
    if (candidate.endsWith('.ts') && !name.startsWith('.')) continue;
    try {
      const found = createRequire(from).resolve(
        candidate.startsWith('.') ? `${dirname(from)}/${candidate}` : candidate,
      );
      if (found.startsWith('/')) return found;
    } catch {
      // Not there under this name.
    }
  }
  return null;
}
