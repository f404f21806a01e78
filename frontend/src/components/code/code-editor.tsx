import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { python } from '@codemirror/lang-python';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { cspNonce } from '@/lib/csp';
import { codeTheme } from './code-theme';

export interface Mark {
  from: number;
  to: number;
  message: string;
}

interface Props {
  value: string;
  language: 'json' | 'python' | 'text';
  label: string;
  readOnly?: boolean;
  marks?: readonly Mark[];
  /** Scroll to this range and select it; a new object asks again. */
  reveal?: { from: number; to: number } | null;
  onChange?(value: string): void;
  /** The caret moved to this offset by the person's own doing. */
  onCaret?(offset: number): void;
}

const LANGUAGES = { json: () => [json()], python: () => [python(), indentUnit.of('    ')], text: () => [] };

/** A text editor with line numbers, search and its own undo. Its text follows `value` without losing the caret. */
export function CodeEditor({
  value,
  language,
  label,
  readOnly = false,
  marks,
  reveal,
  onChange,
  onCaret,
}: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const told = useRef({ onChange, onCaret });
  told.current = { onChange, onCaret };
  const locked = useRef(new Compartment());

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is built once; later values come through the effects below
  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          EditorView.cspNonce.of(cspNonce()),
          lineNumbers(),
          lintGutter(),
          history(),
          bracketMatching(),
          indentOnInput(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
          ...LANGUAGES[language](),
          codeTheme,
          EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
          locked.current.of(EditorState.readOnly.of(readOnly)),
          EditorView.updateListener.of((update) => {
            const byPerson = update.transactions.some(
              (transaction) =>
                transaction.isUserEvent('input') ||
                transaction.isUserEvent('delete') ||
                transaction.isUserEvent('undo') ||
                transaction.isUserEvent('redo') ||
                transaction.isUserEvent('move'),
            );
            if (update.docChanged && byPerson) told.current.onChange?.(update.state.doc.toString());
            else if (
              update.selectionSet &&
              update.transactions.some((transaction) => transaction.isUserEvent('select'))
            ) {
              told.current.onCaret?.(update.state.selection.main.head);
            }
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, [language]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === value) return;
    const head = Math.min(editor.state.selection.main.head, value.length);
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: value },
      selection: { anchor: head },
    });
  }, [value]);

  useEffect(() => {
    view.current?.dispatch({ effects: locked.current.reconfigure(EditorState.readOnly.of(readOnly)) });
  }, [readOnly]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const length = editor.state.doc.length;
    const diagnostics = (marks ?? []).map(
      (mark): Diagnostic => ({
        from: Math.min(mark.from, length),
        to: Math.min(mark.to, length),
        severity: 'error',
        message: mark.message,
      }),
    );
    editor.dispatch(setDiagnostics(editor.state, diagnostics));
  }, [marks]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !reveal || reveal.to > editor.state.doc.length) return;
    editor.dispatch({
      selection: { anchor: reveal.from },
      effects: EditorView.scrollIntoView(reveal.from, { y: 'start', yMargin: 24 }),
    });
  }, [reveal]);

  return <div ref={host} style={{ height: '100%', minHeight: 0, overflow: 'hidden' }} />;
}
