import type { Problem } from '../../protocol/live';

/** What was not met, said in the place of what it would have shown. */
export function ProblemView({ problem, again }: { problem: Problem; again?: () => void }) {
  const { what, got, legal, advice } = problem;
  return (
    <div class="problem" role="alert">
      <p class="problem-what">{what}</p>
      {(got ?? legal ?? advice) !== undefined && (
        <dl>
          {got !== undefined && <Line name="given" words={got} />}
          {legal !== undefined && <Line name="legal" words={legal} />}
          {advice !== undefined && <Line name="to do" words={advice} />}
        </dl>
      )}
      {again !== undefined && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

const Line = ({ name, words }: { name: string; words: string }) => (
  <>
    <dt>{name}</dt>
    <dd>{words}</dd>
  </>
);
