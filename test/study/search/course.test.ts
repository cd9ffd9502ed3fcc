import { Course } from '../../../src/study/search/course/course';
import { metricAsked } from '../../../src/study/search/course/metric-asked';
import { recordNumbers } from '../../../src/study/search/course/record-numbers';

describe('what a trial records', () => {
  test('is named as comparing names it, entries of lists by their steps', () => {
    const record = {
      ...{
        method: 'maml',
        tasks: 20,
        steps: [0, 10],
        validation: [
          { mean: 3, halfWidth: 1 },
          { mean: 2, halfWidth: null },
        ],
      },
      accuracies: [{ mean: 0.2 }, { mean: 0.5 }],
    };
    expect(Object.fromEntries(recordNumbers(record))).toEqual({
      tasks: 20,
      'validation[steps=0].mean': 3,
      'validation[steps=0].halfWidth': 1,
      'validation[steps=0].accuracy.mean': 0.2,
      'validation[steps=10].mean': 2,
      'validation[steps=10].halfWidth': null,
      'validation[steps=10].accuracy.mean': 0.5,
      'validation[last].mean': 2,
      'validation[last].halfWidth': null,
      'validation[last].accuracy.mean': 0.5,
    });
    expect([...recordNumbers({ metaStep: 3, heldOut: { loss: 1 } })]).toEqual([['heldOut.loss', 1]]);
  });

  test('belongs to the meta-step before it, where it names none', () => {
    const course = new Course('unseen[last].mean', 'lower');
    const look = (mean: number | null) => ({ method: 'a', steps: [1], unseen: [{ mean }] });
    course.add(look(5));
    expect(course.last).toEqual({ metaStep: 0, value: 5 });
    course.add({ method: 'a', metaStep: 7, heldOut: 1 });
    course.add(look(3));
    expect([course.last, course.best, course.mean]).toEqual([{ metaStep: 7, value: 3 }, 3, 4]);
    course.add({ method: 'a', metaStep: 8, heldOut: 1 });
    course.add(look(null));
    expect([course.last, course.best, course.mean]).toEqual([{ metaStep: 8, value: null }, 3, null]);
    course.add(look(4));
    expect([course.last!.value, course.best, course.mean]).toEqual([4, 3, null]);
    expect(() => course.check()).not.toThrow();
  });

  test('is refused where the metric is not there, with what is; and where several methods are', () => {
    const course = new Course('loss', 'lower');
    expect(() => course.check()).toThrow(/records nothing by metaStep/);
    course.add({ metaStep: 2, los: 1, other: { loss: 2 } });
    expect(() => course.check()).toThrow(
      /metric "loss" \(--metric\) up to here, meta-step 2\..*Legal: other\.loss, los/,
    );
    course.add({ metaStep: 3, method: 'a', loss: 1 });
    course.add({ metaStep: 3, method: 'b', loss: 1 });
    expect(() => course.check()).toThrow(/runs several\. Got "a, b".*--method NAME/);
  });
});

describe('--metric', () => {
  test.each([
    [undefined, 'boston', { metric: 'heldOut', better: 'lower' }],
    ['test', 'boston', { metric: 'test', better: 'lower' }],
    ['test:max', 'boston', { metric: 'test', better: 'higher' }],
    ['heldOut.accuracy', 'mnist', { metric: 'heldOut.accuracy', better: 'higher' }],
    [undefined, 'omniglot', { metric: 'validation[last].mean', better: 'lower' }],
    ['validation[last].accuracy', 'omniglot', { metric: 'validation[last].accuracy.mean', better: 'higher' }],
    ['unseen', 'sinusoid', { metric: 'unseen[last].mean', better: 'lower' }],
    ['unseen[steps=10].mean', 'sinusoid', { metric: 'unseen[steps=10].mean', better: 'lower' }],
  ])('%s of %s', (asked, scenario, found) => {
    expect(metricAsked(asked, scenario, true)).toEqual(found);
  });

  test('of a scenario of one’s own is as it is named', () => {
    expect(metricAsked('loss', 'mine', false)).toEqual({ metric: 'loss', better: 'lower' });
    expect(metricAsked('a.score:max', 'boston', false)).toEqual({ metric: 'a.score', better: 'higher' });
    expect(() => metricAsked('score', 'mine', false)).toThrow(/which way.*Legal: score:min or score:max/);
    expect(() => metricAsked(undefined, 'mine', false)).toThrow(/needs what it goes by/);
  });

  test.each([
    [
      'heldout',
      'boston',
      /no such metric.*Got "heldout".*Legal: heldOut, train, test.*Did you mean "heldOut"/,
    ],
    ['heldOut', 'mnist', /stands for several.*Legal: heldOut\.loss, heldOut\.accuracy/],
    [undefined, 'toy', /records nothing by meta-step.*Legal: boston, table/],
  ])('%s of %s is refused', (asked, scenario, why) => {
    expect(() => metricAsked(asked, scenario, true)).toThrow(why);
  });
});
