/** Instance types offered in the picker; every other one can be typed. */
export const INSTANCE_TYPES: readonly string[] = [
  'ml.t3.medium',
  'ml.m5.large',
  'ml.m5.xlarge',
  'ml.m5.2xlarge',
  'ml.m5.4xlarge',
  'ml.c5.xlarge',
  'ml.c5.2xlarge',
  'ml.c5.4xlarge',
  'ml.r5.large',
  'ml.r5.xlarge',
  'ml.r5.2xlarge',
  'ml.g4dn.xlarge',
  'ml.g5.xlarge',
  'ml.p3.2xlarge',
];

const CPUS: Readonly<Record<string, number>> = {
  medium: 2,
  large: 2,
  xlarge: 4,
  '2xlarge': 8,
  '4xlarge': 16,
  '8xlarge': 32,
  '12xlarge': 48,
  '16xlarge': 64,
  '24xlarge': 96,
};
/** GiB of memory for each processor, by family; accelerators of the smallest sizes. */
const MEMORY: Readonly<Record<string, number>> = {
  t3: 2,
  m4: 4,
  m5: 4,
  m6i: 4,
  m7i: 4,
  c4: 2,
  c5: 2,
  c6i: 2,
  c7i: 2,
  r5: 8,
  r6i: 8,
  g4dn: 4,
  g5: 4,
  p3: 7.625,
};
const GPU_FAMILIES = new Set(['g4dn', 'g5', 'p3']);

/** "2 CPUs, 8 GiB memory"; "" for a type that is not known here. */
export function instanceWords(type: string): string {
  const [, family = '', size = ''] = type.split('.');
  const cpus = CPUS[size];
  const each = MEMORY[family];
  if (cpus === undefined || each === undefined) return '';
  const words = `${cpus} CPUs, ${Math.round(cpus * each)} GiB memory`;
  const single = size === 'xlarge' || size === '2xlarge';
  return GPU_FAMILIES.has(family) ? `${words}, ${single ? '1 GPU' : 'GPUs'}` : words;
}
