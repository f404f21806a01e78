const NAME = /^[A-Za-z0-9\-_]{1,64}$/;
const LONGEST = 64;
const PIPELINE_NAME = /^[A-Za-z0-9](-*[A-Za-z0-9]){0,255}$/;
const LONGEST_PIPELINE = 256;

/** Why a step or parameter cannot have this name, or null when it can. */
export function nameProblem(
  what: 'step' | 'parameter',
  name: string,
  taken: ReadonlySet<string>,
): string | null {
  if (name === '') return `A ${what} needs a name.`;
  if (name.length > LONGEST)
    return `A ${what} name has at most ${LONGEST} characters, this one has ${name.length}.`;
  if (!NAME.test(name)) return `A ${what} name has letters, digits, - and _ only.`;
  return taken.has(name) ? `There is already a ${what} named ${name}.` : null;
}

/** `wanted` made legal (other characters become "-"), with -2, -3 … behind it while it is taken. */
export function uniqueName(wanted: string, taken: ReadonlySet<string>): string {
  const legal = plainLetters(wanted)
    .replace(/[^A-Za-z0-9\-_]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  const base = legal || 'step';
  let name = base;
  for (let number = 2; taken.has(name); number += 1) {
    const suffix = `-${number}`;
    name = base.slice(0, LONGEST - suffix.length) + suffix;
  }
  return name;
}

/** "Train model" → "TrainModel" */
export function nameFromTitle(title: string): string {
  const words = plainLetters(title)
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('') || 'Step';
}

/** "Größe & Umsatz" → "Grosse-Umsatz": what scripts call a pipeline of that title; "" when no letter is left. */
export function pipelineName(title: string): string {
  return plainLetters(title)
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, LONGEST_PIPELINE)
    .replace(/-$/, '');
}

/** Whether the title is a name already, which SageMaker takes as it is. */
export const isPipelineName = (title: string): boolean => PIPELINE_NAME.test(title);

/** "ü" → "u", "ß" → "ss": a name made of it can still be read. Twin of plain_letters. */
export function plainLetters(text: string): string {
  return text
    .replace(/ß/g, 'ss')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
}
