#!/usr/bin/env node
import { runProcess } from './run-process';

runProcess(process.argv.slice(2));
