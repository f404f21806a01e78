import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { LogLine } from './log-line';

const GREEN = '\u001b[32m';
const PLAIN = '\u001b[0m';

it('shows a coloured line without its codes', () => {
  const { container } = render(<LogLine text={`auc=${GREEN}0.99${PLAIN} ok`} needle="" />);
  expect(container.textContent).toBe('auc=0.99 ok');
  expect(screen.getByText('0.99').className).toContain('ansi-green');
});

it('marks every place of what is searched for, without regard to case', () => {
  const { container } = render(<LogLine text="Fold 1, fold 2" needle="FOLD" />);
  expect([...container.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['Fold', 'fold']);
  expect(container.textContent).toBe('Fold 1, fold 2');
});

it('never takes markup in a log for markup', () => {
  const { container } = render(<LogLine text={'<img src=x onerror="alert(1)">'} needle="img" />);
  expect(container.querySelector('img')).toBeNull();
});
