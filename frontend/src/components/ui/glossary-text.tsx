/** A sentence of the glossary: plain text, with code between backticks. Nothing in it is taken as markup. */
export function GlossaryText({ text }: { text: string }) {
  const parts = text
    .split('`')
    .map((part, index) => ({ part, place: `${index} ${part}`, code: index % 2 === 1 }));
  return <>{parts.map(({ part, place, code }) => (code ? <code key={place}>{part}</code> : part))}</>;
}
