import { queryOptions } from '@tanstack/react-query';
import { get, patch, post, remove } from './client';
import type { ImageChange, ImageRow } from './types';

/** The table of images, first match first: the workspace's own lines, then the built-in ones. */
export function imagesQuery() {
  return queryOptions({
    queryKey: ['images'] as const,
    queryFn: async ({ signal }) => (await get<{ results: ImageRow[] }>('images/', {}, signal)).results,
    staleTime: 30_000,
  });
}

export function createImage(image: ImageChange): Promise<ImageRow> {
  return post('images/', image);
}

export function changeImage(id: string, change: Partial<ImageChange>): Promise<ImageRow> {
  return patch(`images/${id}/`, change);
}

export function deleteImage(id: string): Promise<void> {
  return remove(`images/${id}/`);
}
