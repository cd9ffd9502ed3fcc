#!/usr/bin/env node
import { runCommandLine } from './command-line';
import { processTerminal } from './terminal';

// A reader that closes the pipe early (`metaplast list | head -1`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

runCommandLine(process.argv.slice(2), processTerminal).then((status) => {
  process.exitCode = status;
});
