import { describe, expect, test } from '@jest/globals';
import { QuestionVectors } from '../../../backbone/content/question-vectors.ts';

const { signal } = new AbortController();

describe('the vectors of questions', () => {
  test('are asked for once, as questions', async () => {
    const asked: unknown[] = [];
    const questions = new QuestionVectors({
      model: 'm',
      embed: (texts, { kind }) => {
        asked.push([...texts, kind]);
        return Promise.resolve([Float32Array.of(asked.length)]);
      },
    });
    const first = await questions.vectorOf('sea', signal);
    expect(await questions.vectorOf('sea', signal)).toBe(first);
    await questions.vectorOf('land', signal);
    expect(asked).toEqual([
      ['sea', 'query'],
      ['land', 'query'],
    ]);
  });

  test('are forgotten beyond five hundred, those asked longest ago first', async () => {
    let asked = 0;
    const questions = new QuestionVectors({
      model: 'm',
      embed: () => Promise.resolve([Float32Array.of((asked += 1))]),
    });
    for (let at = 0; at < 500; at += 1) await questions.vectorOf(String(at), signal);
    await questions.vectorOf('0', signal);
    await questions.vectorOf('new', signal);
    await questions.vectorOf('0', signal);
    expect(asked).toBe(501);
    await questions.vectorOf('1', signal);
    expect(asked).toBe(502);
  });

  test('are those of the model that embeds now', async () => {
    const embedder = {
      model: 'former',
      embed: () => Promise.resolve([Float32Array.of(embedder.model.length)]),
    };
    const questions = new QuestionVectors(embedder);
    expect(await questions.vectorOf('sea', signal)).toEqual(Float32Array.of(6));
    embedder.model = 'new';
    expect(await questions.vectorOf('sea', signal)).toEqual(Float32Array.of(3));
  });

  test('are not remembered when the model failed', async () => {
    const answers = [
      Promise.reject(new Error('away')),
      Promise.resolve([]),
      Promise.resolve([Float32Array.of(1)]),
    ];
    const questions = new QuestionVectors({
      model: 'm',
      embed: () => answers.shift() ?? Promise.resolve([]),
    });
    await expect(questions.vectorOf('sea', signal)).rejects.toThrow('away');
    await expect(questions.vectorOf('sea', signal)).rejects.toThrow('without a vector');
    await expect(questions.vectorOf('sea', signal)).resolves.toEqual(Float32Array.of(1));
  });
});
