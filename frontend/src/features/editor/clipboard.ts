import type { Fragment } from '@/pipeline/edit/paste';
import { isObject, type JsonObject, member } from '@/pipeline/json';
import { readLayout } from '@/pipeline/layout';
import { parseText, printText } from '@/pipeline/text';

const FORMAT = 'clary/steps@1';
/** Where the browser forbids its clipboard, copies stay inside this page. */
let kept = '';

/** Put steps on the system clipboard as JSON text, so that they can be pasted into another tab or an editor. */
export async function copyFragment(fragment: Fragment): Promise<void> {
  kept = printText({ format: FORMAT, steps: fragment.steps, positions: fragment.positions }, 2);
  try {
    await navigator.clipboard.writeText(kept);
  } catch {
    // No permission or no secure context: the copy in this page serves.
  }
}

export async function readFragment(): Promise<Fragment | null> {
  let found = '';
  try {
    found = await navigator.clipboard.readText();
  } catch {
    // Reading may be forbidden where writing was not.
  }
  return fragmentFrom(found) ?? fragmentFrom(kept);
}

/** Steps from a text, or null when the text is something else. */
export function fragmentFrom(source: string): Fragment | null {
  if (!source.includes(FORMAT)) return null;
  const parsed = parseText(source);
  if (!parsed.ok || member(parsed.value, 'format') !== FORMAT) return null;
  const steps = member(parsed.value, 'steps');
  if (!Array.isArray(steps)) return null;
  const positions = readLayout({ nodes: member(parsed.value, 'positions') ?? {} }).nodes;
  return { steps: steps.filter((step): step is JsonObject => isObject(step)), positions };
}
