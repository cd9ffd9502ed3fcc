import { snapshot } from '../cli/command';

/** Every file's bytes; of the report, all but the column of seconds. */
export function bytes(directory: string): Record<string, string> {
  const files = snapshot(directory, ['timing.json', 'report.txt']);
  return { ...files, 'report.txt': files['report.txt']!.replace(/ +\d+\.\d$/gm, ' seconds') };
}
