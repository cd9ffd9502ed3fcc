import { errorData, errorOf } from '../../src/core/error-data';
import {
  DivergenceError,
  InputError,
  Interruption,
  LocalityError,
  MetaplastError,
  NoExactGradientError,
  NoMinimumError,
} from '../../src/core/errors';

const moment = { task: 'sinusoid 3', phase: 'free', beta: 0, step: 4 };

describe('an error that goes from thread to thread', () => {
  it.each<Error>([
    new DivergenceError(moment, Number.POSITIVE_INFINITY, 'Lower the rate'),
    new NoMinimumError(-1, 2, 3),
    new InputError({ what: 'No', got: [1, NaN], legal: 'yes', advice: 'Try' }),
    new Interruption({ what: 'Stopped' }),
    new LocalityError('mine', [{ expression: 'a[0]', line: 2, why: 'is foreign', breaks: 'locality' }]),
    new TypeError('x is no function'),
  ])('is of its class, and says what it said: %s', (error) => {
    const again = errorOf(structuredClone(errorData(error)));
    expect(again).toBeInstanceOf(error.constructor);
    expect(again).toEqual(error);
    expect({ ...again }).toEqual({ ...error });
    expect([again.message, again.stack, String(again)]).toEqual([error.message, error.stack, String(error)]);
  });

  it('is of the classes above its own as well', () => {
    const again = errorOf(errorData(new NoMinimumError(-1, 2, 3)));
    expect(again).toBeInstanceOf(NoExactGradientError);
    expect(again).toBeInstanceOf(MetaplastError);
  });

  it('leaves out what no message can carry, and is an Error where its class is not known', () => {
    class OwnError extends Error {
      readonly code = 7;
      readonly undo = () => {};
    }
    const again = errorOf(structuredClone(errorData(new OwnError('mine'))));
    expect(again).toMatchObject({ message: 'mine', code: 7 });
    expect(again).not.toHaveProperty('undo');
    const given = new InputError({ what: 'No', got: () => 1 });
    expect(errorOf(structuredClone(errorData(given))).message).toBe(given.message);
    expect(errorOf(errorData('thrown')).message).toBe('thrown');
  });
});
