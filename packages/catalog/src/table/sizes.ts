/** The sizes that `a..b` in a family line walks through. Other sizes (3xlarge, 9xlarge, metal-24xl) are written out. */
const regularSizes = [
  'nano',
  'micro',
  'small',
  'medium',
  'large',
  'xlarge',
  '2xlarge',
  '4xlarge',
  '8xlarge',
  '12xlarge',
  '16xlarge',
  '24xlarge',
  '32xlarge',
  '48xlarge',
  '96xlarge',
];

const smallSizes: Readonly<Record<string, number>> = { nano: 2, micro: 2, small: 2, medium: 1, large: 2, xlarge: 4 };

/** `large..24xlarge` as its sizes; any other word is one size. */
export function expandSizes(word: string): readonly string[] {
  const [first = '', last] = word.split('..');
  return last === undefined ? [first] : regularSizes.slice(regularSizes.indexOf(first), regularSizes.indexOf(last) + 1);
}

/** vCPU that a size has unless its family line says otherwise: 4 × N for Nxlarge and metal-Nxl; undefined for `metal`. */
export function usualVcpu(size: string): number | undefined {
  const multiple = /^(?:metal-)?([0-9]+)xl/.exec(size)?.[1];
  return multiple === undefined ? smallSizes[size] : 4 * Number(multiple);
}
