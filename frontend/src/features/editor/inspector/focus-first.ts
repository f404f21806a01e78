/** A ref for what was just added: the caret goes to its first field, what stands there is selected. */
export function focusFirst(element: HTMLElement | null): void {
  const field = element?.querySelector<HTMLInputElement>('input, textarea, select');
  if (!field) return;
  field.focus();
  if (field instanceof HTMLInputElement) field.select();
}
