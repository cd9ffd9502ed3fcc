import type { LiveListener } from './live-listener';

/** The events of a listener as a body, each made when the one before was taken. */
export function eventStream(listener: LiveListener): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      const text = await listener.next();
      if (text !== null) return controller.enqueue(encoder.encode(text));
      try {
        controller.close();
      } catch {} // It was cancelled.
    },
    cancel: () => listener.leave(),
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}
