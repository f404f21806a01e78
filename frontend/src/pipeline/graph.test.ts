import { describe, expect, it } from 'vitest';
import { condition, draft, outputOf, processing, training } from '@/testing/definitions';
import { deriveGraph, drawnEdges, shortLabel } from './graph';
import type { Json } from './json';

const wires = (steps: Parameters<typeof draft>[0]) =>
  deriveGraph(draft(steps).definition).edges.map((edge) =>
    `${edge.kind} ${edge.source}>${edge.target} ${edge.label}`.trim(),
  );

describe('the graph of a definition', () => {
  it('draws a wire for a reference, labelled with the output', () => {
    expect(wires([processing('Split', ['train']), training('Train', outputOf('Split', 'train'))])).toEqual([
      'data Split>Train train',
    ]);
  });

  it('draws order wires from DependsOn, by what triggers them', () => {
    const steps = [
      processing('A'),
      processing('B', [], { DependsOn: ['A'] }),
      processing('C', [], { DependsOn: [{ Step: 'A', Trigger: 'Failed' }] }),
      processing('D', [], { DependsOn: [{ Step: 'A', Trigger: 'Any' }] }),
    ];
    expect(wires(steps)).toEqual(['order A>B', 'order A>C on failure', 'order A>D always']);
  });

  it('draws branches, and gives the references of nested steps to the nested steps', () => {
    const steps = [processing('A'), condition('Gate', [training('Train', outputOf('A', 'output'))])];
    expect(wires(steps)).toEqual(['branch Gate>Train if', 'data A>Train output']);
  });

  it('keeps every place of a reference that stands twice', () => {
    const twice = processing('B', [], {
      Arguments: { a: outputOf('A', 'output'), b: outputOf('A', 'output') },
    });
    const { edges } = deriveGraph(draft([processing('A'), twice]).definition);
    expect(edges).toHaveLength(1);
    expect(edges[0]?.pointers).toEqual(['/Steps/1/Arguments/a', '/Steps/1/Arguments/b']);
  });

  it('tells references to steps that do not exist instead of drawing them', () => {
    const graph = deriveGraph(draft([training('Train', outputOf('Gone', 'x'))]).definition);
    expect(graph.edges).toEqual([]);
    expect(graph.missing).toMatchObject([{ step: 'Train', name: 'Gone' }]);
  });

  it('leaves a plain order wire undrawn beside a data wire', () => {
    const both = { ...training('Train', outputOf('A', 'output')), DependsOn: ['A'] };
    const { edges } = deriveGraph(draft([processing('A'), both]).definition);
    expect(edges).toHaveLength(2);
    expect(drawnEdges(edges).map((edge) => edge.kind)).toEqual(['data']);
  });

  it.each<Json>([null, 3, [], { Steps: 'no' }, { Steps: [null, {}, { Name: 3 }] }])(
    'makes nothing of %j',
    (document) => {
      expect(deriveGraph(document).steps).toEqual([]);
    },
  );

  it('labels by the name a person gave', () => {
    expect(shortLabel("ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri")).toBe('train');
    expect(shortLabel('ModelArtifacts.S3ModelArtifacts')).toBe('model');
    expect(shortLabel('PropertyFiles.Evaluation')).toBe('Evaluation');
  });
});
