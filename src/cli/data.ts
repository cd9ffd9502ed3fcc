import { Command } from 'commander';
import type { DataSet } from '../data/sets/data-set';
import type { VerifiedDataSet } from '../data/sets/verify';
import { interruption } from './interruption';
import { printJson, type Terminal } from './terminal';

interface GetFlags {
  readonly to?: string;
  readonly from?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

interface VerifyFlags {
  readonly folder?: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  metaplast data list
  metaplast data get mnist
  metaplast data get cifar-10 --to ~/datasets
  metaplast data verify cifar-10

Each data set is a folder of its name in the folder that the environment variable METAPLAST_DATA names, or in ./data.`;

/** `metaplast data list | get | verify` */
export function dataCommand(terminal: Terminal, exit: (status: number) => void): Command {
  const data = new Command('data')
    .description('list, fetch and check public data sets: MNIST, Fashion-MNIST, CIFAR-10, Omniglot')
    .addHelpText('after', `${examples}\nEach command takes --json.`);
  const list = new Command('list')
    .description('say of each data set whether it is here, how large it is, and on what terms')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  metaplast data list --json')
    .action(({ json = false }: { json?: boolean }) => listDataSets(terminal, json));
  const get = new Command('get')
    .description('fetch what is lacking of a data set from where it is published, and check it')
    .argument('<name>', 'mnist, fashion-mnist, cifar-10 or omniglot')
    .option(
      '--to <folder>',
      'the folder of data sets; it goes into NAME there (default: METAPLAST_DATA, or ./data)',
    )
    .option(
      '--from <address>',
      'a mirror: the address, but for their names, of the same files (checksums stay what they are)',
    )
    .option('--quiet', 'no progress')
    .option('--json', 'print one JSON document on stdout')
    .addHelpText(
      'after',
      `
Examples:
  metaplast data get mnist
  metaplast data get cifar-10 --to ~/datasets
  metaplast data get mnist --from https://mirror.example.org/mnist/

An interrupted transfer is kept in a file that ends in .part; the same command goes on from there. Omniglot's drawings are decoded
afterwards, which takes some seconds, into a cache of 25 MB.`,
    )
    .action(async (name: string, flags: GetFlags) => exit(await getOne(terminal, name, flags)));
  const verify = new Command('verify')
    .description('compare lengths and checksums of a data set with those published')
    .argument('<name>', 'mnist, fashion-mnist, cifar-10 or omniglot')
    .option(
      '--folder <folder>',
      "the folder with the set's own files (default: NAME in METAPLAST_DATA or ./data)",
    )
    .option('--json', 'print one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  metaplast data verify cifar-10\n\nExit status: 0 whole, 1 damaged or missing, 2 no such data set.',
    )
    .action(async (name: string, flags: VerifyFlags) => exit(await verifyOne(terminal, name, flags)));
  for (const command of [list, get, verify]) data.addCommand(command);
  return data;
}

async function listDataSets(terminal: Terminal, json: boolean): Promise<void> {
  const { dataSets } = await import('../data/sets/catalogue');
  const { dataRoots } = await import('../data/sets/data-folder');
  const { describeDataSet } = await import('../data/sets/describe');
  const described = dataSets.map(describeDataSet);
  if (json) return printJson(terminal, described);
  for (const { name, title, folder, files, bytes, download, licence, source, address } of described) {
    const there = files.filter(({ path }) => path !== null).length;
    const lacking = files.filter(({ path }) => path === null).map((file) => file.name);
    const found =
      folder === null
        ? `missing: metaplast data get ${name} (${megabytes(download)})`
        : `${folder}: ${there} of ${files.length} files, ${megabytes(bytes)}`;
    terminal.out(`${name}: ${title}\n  ${found}\n`);
    if (folder !== null && lacking.length > 0) terminal.out(`  lacking: ${lacking.join(', ')}\n`);
    terminal.out(`  licence: ${licence}\n  source: ${source}\n  from: ${address}\n`);
  }
  terminal.out(`Looked in ${dataRoots().join(' and ')}\n`);
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

async function verifyOne(
  terminal: Terminal,
  name: string,
  { folder, json = false }: VerifyFlags,
): Promise<number> {
  const { dataSetNamed } = await import('../data/sets/catalogue');
  const { findDataSet } = await import('../data/sets/data-folder');
  const { verifyDataSet } = await import('../data/sets/verify');
  const set = dataSetNamed(name);
  const found = folder === undefined ? findDataSet(set) : (findDataSet(set, [folder]) ?? folder);
  const { signal, release } = interruption(() => terminal.err('\ninterrupting\n'));
  try {
    const verified = await verifyDataSet(set, found, signal);
    if (json) printJson(terminal, verified);
    else printVerified(terminal, verified);
    return verified.state === 'whole' ? 0 : 1;
  } finally {
    release();
  }
}

function printVerified(terminal: Terminal, { name, folder, state, files }: VerifiedDataSet): void {
  const width = Math.max(...files.map((file) => file.name.length));
  for (const file of files) {
    const unneeded = file.state === 'missing' && !file.needed ? ', and can be done without' : '';
    terminal.out(`${file.name.padEnd(width)}  ${file.state.padEnd(7)}  ${file.why}${unneeded}\n`);
  }
  const without = files.filter((file) => file.state === 'missing' && !file.needed).length;
  const but = state === 'whole' && without > 0 ? `, but for ${without} that it can do without` : '';
  const advice = state === 'whole' ? '' : `. Get what is lacking: metaplast data get ${name}`;
  terminal.out(`${name} is ${state}${but}${folder === null ? '' : `, in ${folder}`}${advice}\n`);
}

async function getOne(terminal: Terminal, name: string, flags: GetFlags): Promise<number> {
  const { dataSetNamed } = await import('../data/sets/catalogue');
  const { folderToFill } = await import('../data/sets/folder-to-fill');
  const { getDataSet } = await import('../data/sets/get-data-set');
  const { createProgress } = await import('../run/progress/progress');
  const set = fromAddress(dataSetNamed(name), flags.from);
  const { signal, release } = interruption(() => terminal.err('\ninterrupting: what has come is kept\n'));
  let progress: ReturnType<typeof createProgress> | undefined;
  const say = (line: string): void => {
    if (progress === undefined) terminal.err(`${line}\n`);
    else if (!flags.quiet) progress.say(line);
  };
  const onProgress = (done: number, total: number): void => {
    const kilobytes = (bytes: number): number => Math.ceil(bytes / 1000);
    const mode = flags.quiet ? 'quiet' : 'auto';
    progress ??= createProgress({ label: name, total: kilobytes(total), mode, startAt: kilobytes(done) });
    progress.update(kilobytes(done), 'kB');
  };
  try {
    const folder = folderToFill(set, flags.to, say);
    const fetched = await getDataSet(set, folder, { signal, say, onProgress });
    progress?.finish();
    if (set.name === 'omniglot') await decodeOmniglot(folder, say, signal);
    if (flags.json) printJson(terminal, { name, folder, fetched });
    else
      terminal.out(
        fetched.length === 0 ? `${name} is there already, whole: ${folder}\n` : `${name} is in ${folder}\n`,
      );
    return 0;
  } finally {
    progress?.finish();
    release();
  }
}

/** What takes some seconds once is done where one waits anyway. */
async function decodeOmniglot(
  folder: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { prepareOmniglot } = await import('../data/omniglot/omniglot');
  await prepareOmniglot({ folder, say, signal });
}

/** The same set, whose files are found at another address. */
function fromAddress(set: DataSet, address: string | undefined): DataSet {
  if (address === undefined) return set;
  return { ...set, address: address.endsWith('/') ? address : `${address}/` };
}
