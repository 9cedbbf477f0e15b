import {describe, expect, it} from 'vitest';
import {TaskBoard} from './taskBoard.js';

describe('time left', () => {
  it('is unknown until something has come further', () => {
    const board = new TaskBoard(2);
    expect(board.timeLeft(0)).toBeUndefined();
    board.update('a', 0, '', 0);
    expect(board.timeLeft(1_000)).toBeUndefined();
  });

  it('is what is left at the pace of all tasks', () => {
    const board = new TaskBoard(10);
    board.update('a', 0, '', 1_000);
    board.update('b', 0, '', 1_000);
    board.update('a', 0.75, '', 2_000);
    board.update('b', 0.25, '', 2_000);
    expect(board.timeLeft(2_000)).toBeCloseTo(9_000, 6);
  });

  it('does not believe in the pace of what was done earlier', () => {
    const board = new TaskBoard(10);
    for (const task of ['a', 'b', 'c', 'd', 'e']) board.finish(task);
    expect(board.timeLeft(0)).toBeUndefined();
    board.update('f', 0.5, '', 0);
    board.update('f', 0.75, '', 1_000);
    expect(board.timeLeft(1_000)).toBeCloseTo(1_000 * (4.25 / 0.25), 6);
    board.finish('f');
    expect(board.timeLeft(2_000)).toBeCloseTo(2_000 * (4 / 0.5), 6);
  });

  it('is 0 when all is done', () => {
    const board = new TaskBoard(1);
    board.update('a', 0, '', 0);
    board.finish('a');
    expect(board.timeLeft(5)).toBe(0);
  });
});

it.each([
  [Number.NaN, 0],
  [-1, 0],
  [0.25, 0.25],
  [7, 1],
])('takes a fraction of %d for %d', (given, taken) => {
  const board = new TaskBoard(1);
  board.update('a', given, '', 0);
  expect(board.fraction()).toBe(taken);
});

it('has done all of nothing', () => {
  expect(new TaskBoard(0).fraction()).toBe(1);
});
