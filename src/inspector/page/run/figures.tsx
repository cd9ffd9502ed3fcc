import type { FigureInfo } from '../../protocol/runs';
import { addressOf } from '../api/ask';

const kinds = ['svg', 'png', 'csv', 'json'] as const;

/** The figures that the run itself has drawn. */
export function Figures({ id, figures }: { id: string; figures: readonly FigureInfo[] }) {
  if (figures.length === 0) return null;
  return (
    <section class="figures">
      <h2>Figures</h2>
      {figures.map(({ name, title, caption }) => (
        <figure key={name}>
          <a href={addressOf('figure', { id, name, as: 'svg' })} target="_blank" rel="noreferrer">
            <img
              loading="lazy"
              src={addressOf('figure', { id, name, as: 'svg' })}
              alt={`${title}. ${caption}`}
            />
          </a>
          <figcaption>
            <strong>{title}</strong> {caption}{' '}
            <span class="exports">
              {kinds.map((as) => (
                <a
                  key={as}
                  href={addressOf('figure', { id, name, as })}
                  download={`${name}.${as}`}
                  aria-label={`Save ${title} as ${as.toUpperCase()}`}
                >
                  {as.toUpperCase()}
                </a>
              ))}
            </span>
          </figcaption>
        </figure>
      ))}
    </section>
  );
}
