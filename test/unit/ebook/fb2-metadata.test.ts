import { describe, expect, test } from '@jest/globals';
import { readFb2 } from './read-fb2.ts';
import type { Extraction } from '../../../backbone/content/model.ts';

const described = (description: string, more = ''): Promise<Extraction> => readFb2({ description, more });
const FULL = `<title-info><genre>prose_classic</genre><genre match="50">sf</genre>
<author><first-name>Leo</first-name><middle-name>N.</middle-name><last-name>Tolstoy</last-name><nickname>LT</nickname></author>
<author><nickname>Ghost</nickname></author><author><last-name>Plato</last-name></author><author/>
<author><nickname>Ghost</nickname></author>
<book-title>War &amp; peace</book-title><annotation><p>Of war.</p><p>Of peace.</p></annotation>
<keywords>war, peace; sf</keywords><date value="1869-01-01">1869</date><coverpage><image l:href="#c.jpg"/></coverpage>
<lang>en</lang><src-lang>ru</src-lang><translator><first-name>Ann</first-name><last-name>Other</last-name></translator>
<sequence name="Works" number="4"/></title-info>
<src-title-info><book-title>Voina i mir</book-title></src-title-info>
<document-info><author><nickname>scanner</nickname></author><date>25.5.2019</date><id>51db78c9</id></document-info>
<publish-info><book-name>W</book-name><publisher>Press</publisher><year>1922</year>
<isbn>978-0-306-40615-7, 5-00-1</isbn><sequence name="Library" number="9"/></publish-info>`;

describe('the description of a FictionBook', () => {
  test('gives the facts that every type has', async () => {
    const { metadata } = await described(FULL);
    expect(metadata).toMatchObject({
      title: { value: 'War & peace', source: 'fb2' },
      authors: { value: ['Leo N. Tolstoy', 'Ghost', 'Plato'], source: 'fb2' },
      language: { value: 'en', source: 'fb2' },
      publishedAt: { value: '1922', source: 'fb2' },
      modifiedAt: { value: '2019-05-25', source: 'fb2' },
      description: { value: 'Of war. Of peace.', source: 'fb2' },
    });
  });

  test('gives the facts of a book', async () => {
    const cover = '<binary id="c.jpg" content-type="image/jpeg">QUJD</binary>';
    const { typeMetadata } = await described(FULL, cover);
    expect(typeMetadata).toEqual({
      titles: ['War & peace', 'Voina i mir'],
      creators: [
        { name: 'Leo N. Tolstoy', fileAs: 'Tolstoy, Leo N.', role: 'aut' },
        { name: 'Ghost', fileAs: null, role: 'aut' },
        { name: 'Plato', fileAs: null, role: 'aut' },
        { name: 'Ann Other', fileAs: 'Other, Ann', role: 'trl' },
      ],
      publisher: 'Press',
      languages: ['en'],
      sourceLanguage: 'ru',
      writtenAt: '1869-01-01',
      subjects: ['prose_classic', 'sf', 'war', 'peace'],
      rights: null,
      identifiers: [
        { value: '51db78c9', scheme: null, isbn: null },
        { value: '978-0-306-40615-7', scheme: 'ISBN', isbn: '9780306406157' },
        { value: '5-00-1', scheme: 'ISBN', isbn: null },
      ],
      uniqueIdentifier: '51db78c9',
      isbn: '9780306406157',
      series: { name: 'Works', position: '4' },
      cover: { path: 'c.jpg', mediaType: 'image/jpeg' },
      chapters: [],
    });
  });

  test('may be missing: the file’s name is the title then', async () => {
    const { metadata, typeMetadata } = await readFb2({ description: '' }, { fileName: 'War.fb2.zip' });
    expect(metadata).toMatchObject({
      title: { value: 'War', source: 'file-name' },
      authors: null,
      language: null,
      publishedAt: null,
      modifiedAt: null,
      description: null,
    });
    expect(typeMetadata).toMatchObject({ isbn: null, uniqueIdentifier: null, series: null, cover: null });
  });

  test('dates that no calendar has are passed over, and the year of writing stands in', async () => {
    const { metadata } = await described(
      `<title-info><date value="soon">1869</date><annotation/></title-info>
       <document-info><date value="2019-13-45">yesterday</date></document-info>
       <publish-info><year>MCMXXII</year><sequence name="Library"/></publish-info>`,
    );
    expect(metadata).toMatchObject({ publishedAt: { value: '1869' }, modifiedAt: null, description: null });
  });

  test('a series may be the publisher’s, without a number', async () => {
    const { typeMetadata } = await described(
      `<title-info><coverpage><image l:href="#none.jpg"/></coverpage><sequence number="1"/></title-info>
       <publish-info><sequence name="Library"/></publish-info>`,
    );
    expect(typeMetadata).toMatchObject({ series: { name: 'Library', position: null }, cover: null });
  });
});
