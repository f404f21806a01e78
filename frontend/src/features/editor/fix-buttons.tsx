import { editOf } from '@/pipeline/edit/edit';
import { fixesOf, type Problem } from '@/pipeline/problem';
import { useScene } from './editor-context';

/** What mends a problem: each press is one step that undo takes back. */
export function FixButtons({ problem, className }: { problem: Problem; className?: string }) {
  const { store, readOnly } = useScene();
  if (readOnly) return null;
  return fixesOf(problem).map(({ title, patch }) => (
    <button
      key={title}
      type="button"
      className={className}
      data-aside
      onClick={() => store.getState().run(() => ({ ...editOf('fix', title), definition: patch }))}
    >
      {title}
    </button>
  ));
}
