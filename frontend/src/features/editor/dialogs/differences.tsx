import { stepEntries } from '@/pipeline/definition';
import { sameJson } from '@/pipeline/json';
import { parseText } from '@/pipeline/text';
import { useEditor } from '../editor-context';
import styles from './dialogs.module.css';

/** Which steps differ between what is here and another definition, given as text. */
export function Differences({ theirs }: { theirs: string | null }) {
  const mine = useEditor((state) => state.documents.definition);
  const parsed = theirs === null ? null : parseText(theirs);
  if (!parsed?.ok) return <p className={styles.lead}>The other state cannot be shown.</p>;
  const here = new Map(stepEntries(mine).map((entry) => [entry.name, entry.step]));
  const there = new Map(stepEntries(parsed.value).map((entry) => [entry.name, entry.step]));
  const names = [...new Set([...here.keys(), ...there.keys()])];
  const lines = names.flatMap((name) => {
    if (!there.has(name)) return [{ name, words: 'only in yours' }];
    if (!here.has(name)) return [{ name, words: 'only in theirs' }];
    return sameJson(here.get(name), there.get(name)) ? [] : [{ name, words: 'differs' }];
  });
  return (
    <ul className={styles.list}>
      {lines.length === 0 ? (
        <li>The steps are the same; settings of the pipeline or places on the canvas differ.</li>
      ) : null}
      {lines.map((line) => (
        <li key={line.name}>
          <b>{line.name}</b>
          <span>{line.words}</span>
        </li>
      ))}
    </ul>
  );
}
