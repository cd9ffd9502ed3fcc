import { printable } from '../../src/core/printable';

it('shows what would command a terminal as signs of its own, and leaves text, line ends and tabs', () => {
  expect(printable('\u001b]0;title\u0007 \u001b[2J \u009b1m phi\tλ\n▁█')).toBe(
    '\ufffd]0;title\ufffd \ufffd[2J \ufffd1m phi\tλ\n▁█',
  );
});
