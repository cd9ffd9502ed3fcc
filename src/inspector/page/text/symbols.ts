const symbols: Readonly<Record<string, string>> = {
  phi: 'φ',
  omega: 'ω',
  lambda: 'λ',
  beta: 'β',
  alpha: 'α',
  theta: 'θ',
  sigma: 'σ',
  mu: 'μ',
  eta: 'η',
};

const greek = new RegExp(`\\b(${Object.keys(symbols).join('|')})\\b`, 'g');

/** As a variable is shown on screen: Greek letters that code spells out are symbols there. */
export const shown = (words: string): string => words.replace(greek, (name) => symbols[name]!);
