/** Of the page about a paper. */
export const HTML_TYPES: readonly string[] = ['text/html', 'application/xhtml+xml'];
