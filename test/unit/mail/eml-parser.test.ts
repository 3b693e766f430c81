import { describe, expect, test } from '@jest/globals';
import { bodyOf, mail, multipart, part, readMail } from './mail-builder.ts';

const PLAIN = part('text/plain; charset=utf-8', 'The tide turns at noon.');

describe('the header of a message', () => {
  const HEADER = [
    'From: =?utf-8?Q?Ada_L=C3=B8velace?= <ada@example.org>',
    'To: "Hopper, Grace" <grace@example.org>, team: a@example.org, b@example.org;',
    'Cc: carol@example.org (Carol)',
    'Date: Wed, 1 May 2024 09:30:00 +0200',
    'Subject: =?utf-8?B?VGlkZSB0YWI=?= =?utf-8?B?bGVz?=',
    ' for May',
    'Message-ID: <one@example.org>',
    'In-Reply-To: <zero@example.org>',
    'References: <zero@example.org> <minus@example.org>',
    'Content-Language: en-GB',
  ].join('\n');

  test('becomes metadata', async () => {
    const { metadata, typeMetadata } = await readMail(mail(PLAIN, HEADER));
    expect(metadata).toMatchObject({
      title: { value: 'Tide tables for May', source: 'mail-header' },
      authors: { value: ['Ada Løvelace'] },
      publishedAt: { value: '2024-05-01T09:30:00+02:00' },
      language: { value: 'en-GB' },
    });
    expect(typeMetadata).toMatchObject({
      messageId: 'one@example.org',
      inReplyTo: 'zero@example.org',
      references: ['zero@example.org', 'minus@example.org'],
      to: ['Hopper, Grace <grace@example.org>', 'a@example.org', 'b@example.org'],
      charset: 'utf-8',
      attachments: [],
    });
  });

  test('stands as people see it before the text', async () => {
    const { blocks } = await readMail(mail(PLAIN, HEADER));
    expect(blocks.map(({ text }) => text)).toEqual([
      [
        'From: Ada Løvelace <ada@example.org>',
        'To: Hopper, Grace <grace@example.org>, a@example.org, b@example.org',
        'Cc: Carol <carol@example.org>',
        'Date: Wed, 1 May 2024 09:30:00 +0200',
        'Subject: Tide tables for May',
      ].join('\n'),
      'The tide turns at noon.',
    ]);
  });

  test('shows the first fifty of many recipients', async () => {
    const many = Array.from({ length: 60 }, (_, at) => `p${at}@example.org`).join(', ');
    const { blocks } = await readMail(mail(PLAIN, `To: ${many}`));
    expect(blocks[0]?.text).toMatch(/p49@example\.org and 10 more$/);
  });

  test('may be missing', async () => {
    const { blocks, metadata } = await readMail('Received: by x\n\nText.');
    expect(blocks.map(({ text }) => text)).toEqual(['Text.']);
    expect(metadata.title).toBeNull();
    expect(metadata.authors).toBeNull();
  });

  test('keeps a hundred references', async () => {
    const references = `References: ${'<a@b> '.repeat(150)}`;
    const { typeMetadata } = await readMail(mail(PLAIN, references));
    expect(typeMetadata['references']).toHaveLength(100);
  });
});

describe('the text of a message', () => {
  test('has quoted lines as quotes and keeps the signature', async () => {
    const text =
      'Yes, at noon.\n\nOn Monday Grace wrote:\n> When does it turn?\n>> Soon.\n\nHELLO\n\n- one\n1. two\n\n-- \nAda\nBell Rock';
    expect(await bodyOf(mail(part('text/plain', text)))).toEqual([
      'paragraph: Yes, at noon.',
      'paragraph: On Monday Grace wrote:',
      'quote: When does it turn?',
      'quote: Soon.',
      'paragraph: HELLO',
      'list_item: one',
      'list_item: two',
      'paragraph: Ada\nBell Rock',
    ]);
  });

  test('joins the lines of format=flowed', async () => {
    const text = 'One \ntwo.\n> quoted \n> goes on \nopen \n-- \n From here\nlast ';
    expect(await bodyOf(mail(part('text/plain; format=flowed', text)))).toEqual([
      'paragraph: One two.',
      'quote: quoted goes on',
      'paragraph: open',
      'paragraph: From here\nlast',
    ]);
    expect(await bodyOf(mail(part('text/plain; format=flowed; delsp=yes', 'to \ngether')))).toEqual([
      'paragraph: together',
    ]);
  });

  test('is decoded from its transfer encoding and charset', async () => {
    const quoted = part(
      'text/plain; charset=iso-8859-1',
      'Caf=E9 =\nnoir =ZZ a_b=',
      'Content-Transfer-Encoding: Quoted-Printable\n',
    );
    expect(await bodyOf(mail(quoted))).toEqual(['paragraph: Café noir =ZZ a_b']);
    const base64 = part('text/plain; charset=utf-8', '4pi6IGhp', 'Content-Transfer-Encoding: base64\n');
    expect(await bodyOf(mail(base64))).toEqual(['paragraph: ☺ hi']);
  });

  test('is read in spite of a wrong charset and says when characters are lost', async () => {
    expect(await bodyOf(Buffer.from(mail(part('text/plain; charset=us-ascii', 'Café'))))).toEqual([
      'paragraph: Café',
    ]);
    const broken = part(
      'text/plain; charset=utf-8',
      `${'é'.repeat(50)}=FF`.replaceAll('é', '=C3=A9'),
      'Content-Transfer-Encoding: quoted-printable\n',
    );
    const { warnings } = await readMail(mail(broken));
    expect(warnings.map(({ code }) => code)).toEqual(['text_undecodable']);
  });

  test('comes from the HTML part where there is no plain one, without pictures that say nothing', async () => {
    const html =
      '<h1>News</h1><p>Read <a href="https://example.org/a">this</a>.</p><img src="https://example.org/t.gif">';
    const { blocks, links } = await readMail(mail(part('text/html', html)));
    expect(blocks.slice(1).map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'heading: News',
      'paragraph: Read this.',
    ]);
    expect(links).toEqual([{ url: 'https://example.org/a', text: 'this' }]);
  });

  test.each([
    [
      'the plain part',
      'The tide turns at noon.',
      '<p>The tide turns at noon.</p>',
      'The tide turns at noon.',
    ],
    ['HTML that holds clearly more', 'See the HTML part.', `<p>${'Tide. '.repeat(60).trim()}</p>`, 'Tide.'],
    ['HTML beside an empty plain part', ' ', '<p>Noon.</p>', 'Noon.'],
  ])('is taken from %s of alternatives', async (_, plain, html, expected) => {
    const [body] = await bodyOf(
      mail(multipart('alternative', [part('text/html', html), part('text/plain', plain)])),
    );
    expect(body).toMatch(new RegExp(`^paragraph: ${expected}`));
  });

  test('may be an invitation', async () => {
    const calendar = [
      'BEGIN:VCALENDAR',
      'BEGIN:VTIMEZONE',
      'DTSTART:19700101T000000',
      'END:VTIMEZONE',
      'BEGIN:VEVENT',
      'SUMMARY:Tide\\, high',
      ' water',
      'DTSTART;TZID=Europe/Oslo:20240501T093000',
      'DTEND:20240501T103000Z',
      'DTSTART:soon',
      'ORGANIZER;CN="Ada L":mailto:ada@example.org',
      'ORGANIZER:mailto:grace@example.org',
      'DESCRIPTION:One\\nTwo',
      'BEGIN:VALARM',
      'DESCRIPTION:Ring',
      'END:VALARM',
      'END:VEVENT',
      'BEGIN:VTODO',
      'DTSTART:20240502',
      'END:VTODO',
      'END:VCALENDAR',
    ].join('\n');
    expect(await bodyOf(mail(part('text/calendar; method=REQUEST', calendar)))).toEqual([
      'paragraph: Event: Tide, highwater\nStart: 2024-05-01 09:30\nEnd: 2024-05-01 10:30 UTC\nOrganizer: Ada L\nOrganizer: grace@example.org\nDescription: One\nTwo',
      'paragraph: Start: 2024-05-02',
    ]);
  });

  test('keeps other texts and reports line by line', async () => {
    const parts = [part('text/x-patch', '- a\n+ b\n'), part('message/delivery-status', 'Action: failed')];
    expect(await bodyOf(mail(multipart('report', [...parts, part('text/x-none', ' ')])))).toEqual([
      'code: - a\n+ b',
      'code: Action: failed',
    ]);
  });
});

describe('attachments', () => {
  const file = (name: string, body: string, more = 'Content-Transfer-Encoding: base64\n'): string =>
    part('application/pdf', body, `Content-Disposition: attachment; ${name}\n${more}`);

  test('are listed with name, media type and size', async () => {
    const parts = [
      PLAIN,
      file('filename="plan.pdf"', 'QUJD\nRA=='),
      file("filename*0*=utf-8''t%C3%A6; filename*1=bles.pdf; filename=old.pdf", 'QUJD'.repeat(1000)),
      file('filename="=?utf-8?B?w6Y=?=.pdf"', 'x'.repeat(1_500_000), ''),
      part('image/png', 'AAAA'),
      part('text/plain; name=notes.txt', 'Not shown.'),
      part('text/rtf', '{\\rtf1}'),
      part('application/pgp-signature', 'sig'),
    ];
    const { blocks, typeMetadata } = await readMail(mail(multipart('mixed', parts)));
    expect(blocks.slice(1).map(({ text }) => text)).toEqual([
      'The tide turns at noon.',
      'Attachments',
      'plan.pdf (application/pdf, 4 bytes)',
      'tæbles.pdf (application/pdf, 3 kB)',
      'æ.pdf (application/pdf, 1.5 MB)',
      'unnamed (image/png, 4 bytes)',
      'notes.txt (text/plain, 10 bytes)',
      'unnamed (text/rtf, 7 bytes)',
    ]);
    expect(blocks.at(-1)?.locator).toEqual({ headingPath: ['Attachments'] });
    expect(typeMetadata['attachments']).toContainEqual({
      name: 'plan.pdf',
      mediaType: 'application/pdf',
      sizeBytes: 4,
    });
  });

  test('make a message of themselves, and count in alternatives that are not chosen', async () => {
    expect(await bodyOf(mail(file('filename=a.pdf', 'QUJD')))).toHaveLength(2);
    const related = multipart('related', [part('text/html', '<p>Hi.</p>'), part('image/gif', 'x')], 'inner');
    const found = await bodyOf(mail(multipart('alternative', [part('text/plain', 'Hi.'), related])));
    expect(found).toEqual([
      'paragraph: Hi.',
      'heading: Attachments',
      'list_item: unnamed (image/gif, 1 bytes)',
    ]);
  });
});

describe('messages in messages', () => {
  test('are sections with a header of their own', async () => {
    const inner = mail(
      multipart('mixed', [PLAIN, part('image/png', 'x')], 'in'),
      'From: Grace <g@example.org>\nSubject: Tables',
    );
    const outer = mail(multipart('mixed', [part('text/plain', 'See below.'), part('message/rfc822', inner)]));
    const { blocks, typeMetadata } = await readMail(outer);
    expect(blocks.slice(1).map(({ kind, text, level }) => `${kind}${level ?? ''}: ${text}`)).toEqual([
      'paragraph: See below.',
      'heading2: Tables',
      'paragraph: From: Grace <g@example.org>\nSubject: Tables',
      'paragraph: The tide turns at noon.',
      'heading3: Attachments',
      'list_item1: unnamed (image/png, 1 bytes)',
    ]);
    expect(blocks.at(-1)?.locator.headingPath).toEqual(['Tables', 'Attachments']);
    expect(blocks.at(-3)?.locator.headingPath).toEqual(['Tables']);
    expect(typeMetadata['attachments']).toEqual([]);
  });

  test('are the parts of a digest, with or without a subject', async () => {
    const digest = multipart('digest', ['\nFrom: a@b.c\n\nOne.', '\nReceived: by x\n\nTwo.', '\n\n']);
    expect(await bodyOf(mail(digest))).toEqual([
      'heading: Message',
      'paragraph: From: a@b.c',
      'paragraph: One.',
      'heading: Message',
      'paragraph: Two.',
      'heading: Attachments',
      'list_item: unnamed (message/rfc822, 2 bytes)',
    ]);
  });
});

describe('what cannot be read', () => {
  test.each([
    ['PGP/MIME', multipart('encrypted', [part('application/pgp-encrypted', 'Version: 1')])],
    ['S/MIME', part('application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', 'AAAA')],
    ['S/MIME without a kind', part('application/x-pkcs7-mime', 'AAAA')],
    ['PGP in the text', part('text/plain', '-----BEGIN PGP MESSAGE-----\n\nAAAA')],
  ])('fails for %s', async (_, content) => {
    await expect(readMail(mail(content))).rejects.toMatchObject({ code: 'mail_encrypted' });
  });

  test('is a warning where other parts can be read', async () => {
    const parts = [PLAIN, part('application/pkcs7-mime', 'AAAA')];
    const { warnings } = await readMail(mail(multipart('mixed', parts)));
    expect(warnings.map(({ code }) => code)).toEqual(['partial_text']);
  });

  test('is no signed message', async () => {
    const signed = part('application/pkcs7-mime; smime-type=signed-data; name=smime.p7m', 'AAAA');
    expect(await bodyOf(mail(signed))).toContain('list_item: smime.p7m (application/pkcs7-mime, 4 bytes)');
  });

  test.each([
    ['an empty file', '', 'source_empty'],
    ['a message without a body', mail('\n'), 'no_text'],
    ['a header alone', 'From: a@b.c', 'no_text'],
    ['a multipart of nothing', mail(multipart('mixed', [part('text/plain', ' ')])), 'no_text'],
  ])('fails for %s', async (_, message, code) => {
    await expect(readMail(message)).rejects.toMatchObject({ code });
  });

  test('fails for texts beyond the limit', async () => {
    const message = mail(multipart('mixed', [PLAIN, PLAIN]));
    await expect(readMail(message, { maxTextBytes: 30 })).rejects.toMatchObject({ code: 'source_too_large' });
    await expect(readMail(message, { maxTextBytes: 60 })).resolves.toBeDefined();
  });
});
