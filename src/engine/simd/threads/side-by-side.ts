import { wholeNumber } from '../../../core/checks';
import type { Engine } from '../../engine';
import { SerialSession } from '../../serial-session';
import { checkWorkerCount } from '../../worker-limit';
import type { BlasChoice } from '../machine/blas-choice';
import { openMachine } from '../machine/machine';
import { openSession } from '../open-session';
import { mostParts } from '../passes/parts';
import { Crew } from './crew';

/** How the engine opens sessions in threads of their own; nothing where there are no threads. */
export const sideBySide = (blas: BlasChoice): Pick<Engine, 'openSideBySide'> => ({
  async openSideBySide(network, count, { threads = count, helpers = 0 } = {}) {
    wholeNumber('The number of sessions', count, 1);
    checkWorkerCount('threads', threads);
    checkWorkerCount('helpers', helpers, 0);
    const machine = openMachine(blas);
    // A batch has no more parts than that, and the crew's first thread takes one.
    const crews = Array.from(
      { length: threads },
      (_, place) => new Crew(machine, place === 0 ? Math.min(helpers, mostParts - 1) : 0),
    );
    const desks = Array.from({ length: count }, (_, place) => crews[place % threads]!.desk());
    try {
      return desks.map((desk) => new SerialSession(openSession(network, machine, desk)));
    } catch (error) {
      for (const desk of desks) await desk.close();
      throw error;
    }
  },
});
