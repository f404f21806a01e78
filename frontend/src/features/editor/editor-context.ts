import { createContext, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import type { PipelineRow, Session } from '@/api/types';
import type { Catalog } from '@/pipeline/catalog';
import { readLayout } from '@/pipeline/layout';
import { type CanvasView, canvasView } from '@/pipeline/view';
import type { EditorActions, EditorState, EditorStore } from './editor-store';

export interface EditorScene {
  store: EditorStore;
  catalog: Catalog;
  pipeline: PipelineRow;
  session: Session;
  readOnly: boolean;
  /** Where a link into the editor led; a step, and a line of its code to open once. */
  arrival?: Arrival | null;
}

export interface Arrival {
  step: string;
  line: number | null;
}

export const EditorContext = createContext<EditorScene | null>(null);

/** What stays the same while a draft is open: the store, the step types, the pipeline, who is signed in. */
export function useScene(): EditorScene {
  const scene = useContext(EditorContext);
  if (!scene) throw new Error('This component belongs inside the editor.');
  return scene;
}

export function useEditor<T>(select: (state: EditorState & EditorActions) => T): T {
  return useStore(useScene().store, select);
}

export const ViewContext = createContext<CanvasView | null>(null);

/** Nodes, wires and graph of the draft as it now is; derived once per change. */
export function useView(): CanvasView {
  const view = useContext(ViewContext);
  if (!view) throw new Error('This component belongs inside the editor.');
  return view;
}

export function useDerivedView(): CanvasView {
  const { catalog } = useScene();
  const documents = useEditor((state) => state.documents);
  return useMemo(
    () => canvasView(documents.definition, readLayout(documents.layout), catalog),
    [documents, catalog],
  );
}
