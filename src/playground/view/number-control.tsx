import { useId, useState } from 'preact/hooks';

interface NumberControlProps {
  /** With Greek letters as symbols. */
  readonly label: string;
  /** Unit and what is legal: `steps, 1 to 100,000`. */
  readonly range: string;
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly log?: boolean;
  readonly whole?: boolean;
  /** Whether a number that is typed may be below 0: the slider then keeps its sign. */
  readonly signed?: boolean;
  /** What else is wrong with a number; undefined where nothing is. */
  readonly refuse?: (value: number) => string | undefined;
  readonly onSlide: (value: number) => void;
  readonly onSet: (value: number) => void;
}

/** Places of the slider. */
const places = 600;

/** A slider, and beside it the exact number. */
export function NumberControl(props: NumberControlProps) {
  const {
    label,
    range,
    value,
    from,
    to,
    log = false,
    whole = false,
    signed = false,
    refuse,
    onSlide,
    onSet,
  } = props;
  const id = useId();
  const [written, setWritten] = useState<string | null>(null);
  const sign = signed && value < 0 ? -1 : 1;
  const ends = log ? [Math.log10(from), Math.log10(to)] : [from, to];
  const [low, high] = ends as [number, number];
  const size = Math.min(to, Math.max(from, Math.abs(value)));
  const place = (((log ? Math.log10(size) : size) - low) / (high - low)) * places;
  const at = (position: number): number => {
    const inner = low + (position / places) * (high - low);
    const plain = log ? 10 ** inner : inner;
    return sign * (whole ? Math.round(plain) : Number(plain.toPrecision(3)));
  };
  const wrong = written === null ? undefined : wrongWith(written, props, refuse);
  const take = (typed: string) => {
    setWritten(typed);
    if (wrongWith(typed, props, refuse) === undefined) onSet(Number(typed));
  };
  return (
    <div class="control">
      <label for={id}>{label}</label>
      <input
        type="range"
        min={0}
        max={places}
        step={1}
        value={place}
        aria-label={`${label}, slider`}
        aria-valuetext={String(value)}
        onInput={({ currentTarget }) => {
          setWritten(null);
          onSlide(at(Number(currentTarget.value)));
        }}
      />
      <input
        id={id}
        type="text"
        inputMode="decimal"
        class="exact"
        value={written ?? String(value)}
        aria-invalid={wrong !== undefined}
        aria-describedby={`${id}-range`}
        onInput={({ currentTarget }) => take(currentTarget.value)}
        onBlur={() => setWritten(null)}
      />
      <span
        id={`${id}-range`}
        class={wrong === undefined ? 'range' : 'range wrong'}
        role={wrong === undefined ? undefined : 'alert'}
      >
        {wrong ?? range}
      </span>
    </div>
  );
}

function wrongWith(
  typed: string,
  { whole, signed, range }: NumberControlProps,
  refuse?: (value: number) => string | undefined,
): string | undefined {
  const value = typed.trim() === '' ? Number.NaN : Number(typed);
  if (!Number.isFinite(value)) return `not a number; ${range}`;
  if (whole && !Number.isInteger(value)) return `not a whole number; ${range}`;
  if (!signed && value < 0) return `below 0; ${range}`;
  return refuse?.(value);
}
