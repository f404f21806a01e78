/** Values of parameters as lines of a text field. */
export function parametersText(parameters: Readonly<Record<string, unknown>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join('\n');
}

/** The values of the lines, or the first line that is none. */
export function parametersFrom(text: string): { values: Record<string, string>; problem: string | null } {
  const values: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const found = /^\s*([A-Za-z0-9_-]+)\s*=\s?(.*)$/.exec(line);
    if (!found?.[1]) return { values, problem: `Line ${index + 1}: expected Name = value.` };
    values[found[1]] = found[2]?.trimEnd() ?? '';
  }
  return { values, problem: null };
}
