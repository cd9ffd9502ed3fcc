import './no-text-compiled';
import { errorData } from '../../core/error-data';
import type { Answer, Question } from './messages';

/** What a worker has of the web page's interface. */
interface Scope {
  postMessage(answer: Answer): void;
  addEventListener(kind: 'message', hear: (event: { readonly data: Question }) => void): void;
}
const scope = globalThis as unknown as Scope;

/** The simulator takes a while to load. What is asked meanwhile must not be lost, so that the listener is there before it. */
const loading = import('./answer');

let current = new AbortController();
/** What was asked before is over before the next one begins, so that two never share the memory of an engine. */
let last: Promise<void> = Promise.resolve();

scope.addEventListener('message', ({ data }) => {
  if (data.kind === 'rules') {
    void loading.then(({ answerRules }) => scope.postMessage(answerRules(data)));
    return;
  }
  current.abort();
  if (data.kind === 'stop') return;
  const controller = new AbortController();
  const { signal } = controller;
  current = controller;
  last = last.then(async () => {
    // Meanwhile another may have been asked.
    if (signal.aborted) return;
    try {
      await (await loading).answer(data, signal, (answer) => scope.postMessage(answer));
    } catch (error) {
      scope.postMessage({ id: data.id, kind: 'over', error: errorData(error) });
    }
  });
});
