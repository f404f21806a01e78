import type { ImageRow } from '@/api/types';

/** What a line of the table makes of its images, in the words people choose by. */
export const RUNTIMES: Record<ImageRow['runtime'], { title: string; help: string }> = {
  python: {
    title: 'Python scripts',
    help: 'Scripts of the step run in the Python environment of this installation.',
  },
  xgboost: {
    title: 'XGBoost',
    help: 'The built-in XGBoost algorithm; scripts of the step run as with Python.',
  },
  container: {
    title: 'Its own command',
    help: 'The container runs as it is. Only Docker can start it, so a worker with Docker is needed.',
  },
};
