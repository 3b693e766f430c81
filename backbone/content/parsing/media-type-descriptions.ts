/** Names of media types for people, as they stand in "The source is {actual}". */

const DESCRIPTIONS: ReadonlyMap<string, string> = new Map([
  ['application/pdf', 'a PDF document'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'a Word document'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'an Excel workbook'],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'a PowerPoint presentation'],
  ['application/vnd.openxmlformats-officedocument.presentationml.slideshow', 'a PowerPoint slide show'],
  ['application/vnd.ms-word.document.macroenabled.12', 'a Word document with macros'],
  ['application/vnd.ms-excel.sheet.macroenabled.12', 'an Excel workbook with macros'],
  ['application/vnd.ms-powerpoint.presentation.macroenabled.12', 'a PowerPoint presentation with macros'],
  ['application/msword', 'a Word document of the old kind (.doc)'],
  ['application/vnd.ms-excel', 'an Excel workbook of the old kind (.xls)'],
  ['application/vnd.ms-powerpoint', 'a PowerPoint presentation of the old kind (.ppt)'],
  ['message/rfc822', 'an e-mail message'],
  ['application/vnd.ms-outlook', 'an Outlook message'],
  ['application/x-encrypted-office', 'an Office file protected by a password'],
  ['application/x-cfb', 'an Office file of the old kind'],
  ['application/vnd.oasis.opendocument.text', 'an OpenDocument text'],
  ['application/vnd.oasis.opendocument.spreadsheet', 'an OpenDocument spreadsheet'],
  ['application/vnd.oasis.opendocument.presentation', 'an OpenDocument presentation'],
  ['application/epub+zip', 'an EPUB e-book'],
  ['application/x-fictionbook+xml', 'a FictionBook e-book'],
  ['application/x-zip-compressed-fb2', 'a FictionBook e-book'],
  ['application/x-mobipocket-ebook', 'a Kindle e-book'],
  ['application/rtf', 'an RTF document'],
  ['application/x-latex', 'a LaTeX source'],
  ['application/postscript', 'a PostScript document'],
  ['application/zip', 'a ZIP archive'],
  ['application/gzip', 'a gzip archive'],
  ['application/x-7z-compressed', 'a 7-Zip archive'],
  ['application/x-rar-compressed', 'a RAR archive'],
  ['application/x-tar', 'a tar archive'],
  ['text/html', 'a web page'],
  ['application/xhtml+xml', 'a web page'],
  ['application/rss+xml', 'a news feed (RSS)'],
  ['application/atom+xml', 'a news feed (Atom)'],
  ['application/feed+json', 'a news feed (JSON Feed)'],
  ['text/x-opml', 'a list of feeds (OPML)'],
  ['application/xml', 'an XML file'],
  ['application/json', 'a JSON file'],
  ['text/markdown', 'a Markdown text'],
  ['text/csv', 'a table of comma-separated values'],
  ['text/tab-separated-values', 'a table of tab-separated values'],
  ['text/plain', 'a plain text'],
  ['text/vtt', 'a subtitle file'],
  ['application/x-subrip', 'a subtitle file'],
  ['image/png', 'a picture (PNG)'],
  ['image/jpeg', 'a picture (JPEG)'],
  ['image/tiff', 'a picture (TIFF)'],
  ['image/webp', 'a picture (WebP)'],
  ['text/calendar', 'a calendar file'],
  ['text/vcard', 'an address card'],
  ['application/octet-stream', 'a file of an unknown kind'],
]);

const FAMILIES: ReadonlyMap<string, string> = new Map([
  ['image', 'an image'],
  ['audio', 'an audio file'],
  ['video', 'a video'],
  ['font', 'a font'],
  ['text', 'a text'],
]);

/** A noun phrase with its article. Types without a name of their own are named by family or by type. */
export function describeMediaType(mediaType: string): string {
  const family = mediaType.slice(0, mediaType.indexOf('/'));
  return DESCRIPTIONS.get(mediaType) ?? FAMILIES.get(family) ?? `a file of the type ${mediaType}`;
}
