import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../../backbone/errors.ts';
import { bodyOf, mail, multipart, part, readMail } from './mail-builder.ts';

/** Far more than is needed on any machine, far less than anything quadratic would take. */
const SECONDS = 15_000;

async function readable(message: string): Promise<number> {
  return (await readMail(message).catch(() => ({ blocks: [] }))).blocks.length;
}

describe('hostile messages', () => {
  test('nested too deep are read as far as the limit', async () => {
    let content = part('text/plain', 'Deep.');
    for (let depth = 0; depth < 40; depth += 1) {
      content = multipart('mixed', [part('text/plain', 'Here.'), content], `b${depth}x`);
    }
    const { blocks, warnings } = await readMail(mail(content));
    expect(blocks.filter(({ text }) => text === 'Here.')).toHaveLength(20);
    expect(warnings.map(({ code }) => code)).toEqual(['partial_text']);
  });

  test('of messages in messages end in an attachment', async () => {
    const message = `${mail('Content-Type: message/rfc822\n\n').repeat(50)}\r\nDeep.`;
    const { blocks, warnings } = await readMail(message);
    expect(blocks.at(-1)?.text).toMatch(/^unnamed \(message\/rfc822/);
    expect(blocks.at(-1)?.kind).toBe('list_item');
    expect(warnings).toHaveLength(1);
  });

  test('are decoded once, not as often as they are nested', async () => {
    const encoded = 'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n';
    const inner = Buffer.from(mail(encoded)).toString('base64');
    const { blocks, warnings } = await readMail(mail(encoded + inner));
    expect(blocks.at(-1)?.text).toBe('unnamed (message/rfc822, 0 bytes)');
    expect(warnings).toHaveLength(1);
  });

  test('of many pages of HTML have the tags of one page', async () => {
    const page = part('text/html', '<b>x</b>'.repeat(150_000));
    await expect(readMail(mail(multipart('mixed', [page, page, page])))).rejects.toMatchObject({
      code: 'file_unsafe',
    });
  });

  test('of countless blocks are read up to the limit', async () => {
    const text = part('text/plain', 'a\n\n'.repeat(49_000));
    const { blocks, warnings } = await readMail(mail(multipart('mixed', [text, text, text, text])));
    expect(blocks).toHaveLength(147_001);
    expect(warnings).toHaveLength(1);
  });

  test('of countless parts are read up to the limit', async () => {
    const parts = Array.from({ length: 3000 }, (_, at) => part('text/plain', `Part ${at}.`));
    const { blocks, warnings } = await readMail(mail(multipart('mixed', parts)));
    expect(blocks).toHaveLength(1001);
    expect(warnings).toHaveLength(1);
    const further = multipart('mixed', [multipart('mixed', parts, 'one'), multipart('mixed', parts, 'two')]);
    expect((await readMail(mail(further))).blocks.length).toBeLessThan(1002);
  });

  test.each([
    ['boundaries that never end', mail(multipart('mixed', ['']) + '\n--edge'.repeat(300_000))],
    ['lines that almost are boundaries', mail(multipart('mixed', ['\n' + '--edgex\n'.repeat(300_000)]))],
    ['boundaries within a line', mail(multipart('mixed', ['\n' + '--edge '.repeat(300_000)]))],
    ['a subject of megabytes', mail('\nText.', `Subject: ${'=?utf-8?Q?a?= '.repeat(200_000)}`)],
    ['open words', mail('\nText.', `Subject: ${'=?utf-8?Q?'.repeat(6000)}`)],
    ['endless folding', mail('\nText.', `Subject: a${'\n b'.repeat(300_000)}`)],
    ['countless fields', mail('\nText.', Array.from({ length: 100_000 }, (_, at) => `X${at}: y`).join('\n'))],
    ['countless recipients', mail('\nText.', `To: ${'a <a@b.c>, '.repeat(100_000)}`)],
    ['open quotes', mail('\nText.', `To: ${'"\\'.repeat(100_000)}`)],
    ['parameters', mail(part(`text/plain; ${'name*1=a; '.repeat(6000)}`, 'Text.'))],
    ['a parameter of spaces', mail(part(`text/plain; ${' '.repeat(60_000)}`, 'Text.'))],
    ['open quoted parameters', mail(part(`text/plain; a="${'\\"; b="'.repeat(8000)}`, 'Text.'))],
    [
      'equals signs',
      mail(part('text/plain', '= '.repeat(500_000), 'Content-Transfer-Encoding: quoted-printable\n')),
    ],
    ['soft breaks', mail(part('text/plain; format=flowed', 'a \n'.repeat(300_000)))],
    ['quotes that alternate', mail(part('text/plain', '> a\nb\n'.repeat(100_000)))],
    ['quote marks', mail(part('text/plain', `${'>'.repeat(1_000_000)}a`))],
    ['carriage returns', mail(part('text/plain', `a${'\r'.repeat(1_000_000)}b`))],
    ['calendar lines', mail(part('text/calendar', 'BEGIN:VEVENT\nSUMMARY;"":a\n'.repeat(100_000)))],
    ['nested HTML', mail(part('text/html', '<div>'.repeat(100_000) + 'Text.'))],
  ])('with %s are read in linear time', async (_, message) => {
    const start = performance.now();
    expect(await readable(message)).toBeGreaterThanOrEqual(0);
    expect(performance.now() - start).toBeLessThan(SECONDS);
  });

  test('of any bytes make a text or a failure of ours', async () => {
    const pieces = fc.constantFrom(
      'From: a',
      '\r\n',
      '\n',
      ':',
      ' ',
      '--e',
      '--e--',
      'Content-Type: multipart/mixed; boundary=e',
      'Content-Type: message/rfc822',
      'Content-Type: text/html',
      '=?utf-8?B?',
      '?=',
      '=',
      '>',
      '"',
      '<',
      '(',
      ';',
      'Content-Transfer-Encoding: base64',
      'text',
      '\0',
      'é',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 60 }), async (found) => {
        const result = await readMail(`Subject: x\n${found.join('')}`).catch((error: unknown) => error);
        expect(
          result instanceof AppError || (typeof result === 'object' && result !== null && 'blocks' in result),
        ).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('damaged messages', () => {
  test('are read to the end where the last boundary is missing', async () => {
    const content = 'Content-Type: multipart/mixed; boundary=edge\n\n--edge\n\nOne.\n--edge \n\nTwo.';
    expect(await bodyOf(mail(content))).toEqual(['paragraph: One.', 'paragraph: Two.']);
  });

  test('are read as text where no boundary is named, or none found', async () => {
    expect(await bodyOf(mail(part('multipart/mixed', 'Text.')))).toEqual(['paragraph: Text.']);
    expect(await bodyOf(mail(part('multipart/mixed; boundary=x', 'Text.')))).toEqual(['paragraph: Text.']);
  });

  test('have a body where the header ends without a blank line', async () => {
    expect(await bodyOf('From: a@b.c\nThis is no field.\nText.')).toEqual([
      'paragraph: This is no field.',
      'paragraph: Text.',
    ]);
    expect(await bodyOf('From ada Mon Jan 1\nFrom: a@b.c\n\nText.')).toEqual(['paragraph: Text.']);
  });

  test('fall back to plain text for a media type that is none', async () => {
    expect(await bodyOf(mail(part('text', 'Text.')))).toEqual(['paragraph: Text.']);
  });
});
