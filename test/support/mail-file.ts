/** A message with a text and attached files, as mail programs write it. */
export function mailWith(
  subject: string,
  text: string,
  files: readonly (readonly [name: string, bytes: Uint8Array])[],
): Buffer {
  const parts = files.map(([name, bytes]) =>
    [
      '--parts',
      `Content-Type: application/octet-stream; name="${name}"`,
      `Content-Disposition: attachment; filename="${name}"`,
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from(bytes)
        .toString('base64')
        .replaceAll(/(.{76})/g, '$1\r\n'),
    ].join('\r\n'),
  );
  const head = [
    'From: Ann Author <ann@example.org>',
    'To: bob@example.org',
    `Subject: ${subject}`,
    'Date: Mon, 2 Mar 2026 10:00:00 +0100',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=parts',
    '',
    '--parts',
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
  ];
  return Buffer.from([...head, ...parts, '--parts--', ''].join('\r\n'));
}
