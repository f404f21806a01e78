import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { draftQuery, pipelineKeys, pipelineQuery, readDraft, saveCommands, stepDraft } from '@/api/pipelines';
import { sessionQuery } from '@/api/session';
import { stepTypesQuery } from '@/api/step-types';
import type { Draft, PipelineRow, Session } from '@/api/types';
import { AfterDelay } from '@/components/ui/after-delay';
import { ErrorMessage } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TopBar } from '@/components/ui/top-bar';
import type { Catalog } from '@/pipeline/catalog';
import { stepEntries } from '@/pipeline/definition';
import { EditorContext, type EditorScene } from './editor-context';
import { EditorFrame } from './editor-frame';
import { EditorSkeleton } from './editor-skeleton';
import { createEditorStore, type EditorStore } from './editor-store';
import { codePlace } from './inspector/code-name';

/** Opens the draft of a pipeline and keeps it open while the person moves between pages. */
export function EditorPage() {
  const { id } = useParams({ from: '/signed-in/pipelines/$id' });
  const [generation, setGeneration] = useState(0);
  const client = useQueryClient();
  const pipeline = useQuery(pipelineQuery(id));
  const draft = useQuery(draftQuery(id));
  const types = useQuery(stepTypesQuery());
  const session = useQuery(sessionQuery());
  const failed = [pipeline, draft, types, session].find((query) => query.isError);

  if (failed) {
    return (
      <Page bar={<TopBar />}>
        <ErrorMessage
          error={failed.error}
          what="This pipeline"
          elsewhere={
            <Button renderRoot={(props) => <Link to="/pipelines" {...props} />}>All pipelines</Button>
          }
          onRetry={() => {
            for (const query of [pipeline, draft, types, session]) if (query.isError) void query.refetch();
          }}
        />
      </Page>
    );
  }
  if (!pipeline.data || !draft.data || !types.data || !session.data || draft.isFetching) {
    return (
      <Page bar={<TopBar />}>
        <AfterDelay>
          <EditorSkeleton />
        </AfterDelay>
      </Page>
    );
  }
  const reload = () => {
    kept.get(id)?.getState().close();
    kept.delete(id);
    void client.invalidateQueries({ queryKey: pipelineKeys.draft(id) });
    setGeneration((count) => count + 1);
  };
  return (
    <OpenDraft
      key={`${id} ${generation}`}
      pipeline={pipeline.data}
      draft={draft.data}
      catalog={types.data}
      session={session.data}
      onReload={reload}
    />
  );
}

/** Open drafts of this page load: undo still works after a look at another page. */
const kept = new Map<string, EditorStore>();

interface OpenProps {
  pipeline: PipelineRow;
  draft: Draft;
  catalog: Catalog;
  session: Session;
  onReload(): void;
}

function OpenDraft({ pipeline, draft, catalog, session, onReload }: OpenProps) {
  const readOnly = session.role === 'viewer' || session.role === 'operator';
  const [store] = useState(() => storeFor(pipeline.id, draft, readOnly));
  const { step, line } = useSearch({ from: '/signed-in/pipelines/$id' });
  const scene = useMemo(
    (): EditorScene => ({
      store,
      catalog,
      pipeline,
      session,
      readOnly,
      arrival: step === undefined ? null : { step, line: line ?? null },
    }),
    [store, catalog, pipeline, session, readOnly, step, line],
  );
  useEffect(() => {
    if (step === undefined) return;
    const { show, focusOn, documents } = store.getState();
    show(step);
    const entry = stepEntries(documents.definition).find((candidate) => candidate.name === step);
    const code = entry && line !== undefined ? codePlace(entry.step) : null;
    if (entry && code) focusOn({ step, pointer: entry.pointer + code });
  }, [store, step, line]);
  useEffect(() => {
    document.title = `${pipeline.display_name || pipeline.name} · Clary`;
  }, [pipeline]);
  return (
    <EditorContext.Provider value={scene}>
      <EditorFrame onReload={onReload} />
    </EditorContext.Provider>
  );
}

/** The store that was left open, when the server still has exactly its state; else a fresh one. */
function storeFor(id: string, draft: Draft, readOnly: boolean): EditorStore {
  const open = kept.get(id);
  if (open && (open.getState().revision() === draft.revision || open.getState().save.kind !== 'saved'))
    return open;
  open?.getState().close();
  const store = createEditorStore({
    draft,
    readOnly,
    send: (revision, commands) => saveCommands(id, revision, commands),
    step: (revision, direction) => stepDraft(id, revision, direction),
    read: () => readDraft(id),
    refuse: (message) => notifications.show({ message, color: 'red', autoClose: 6000, withBorder: true }),
  });
  kept.set(id, store);
  return store;
}
