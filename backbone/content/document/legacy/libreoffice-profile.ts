/** Settings of a fresh LibreOffice profile for files of strangers: no macros, no links followed, no way to the network. Pure. */

interface Setting {
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

const SECURITY = '/org.openoffice.Office.Common/Security/Scripting';
const INTERNET = '/org.openoffice.Inet/Settings';
/** Port 9 discards; nothing listens there. */
const NOWHERE: readonly (readonly [name: string, value: string])[] = ['HTTP', 'HTTPS', 'FTP'].flatMap(
  (protocol) => [
    [`ooInet${protocol}ProxyName`, '127.0.0.1'],
    [`ooInet${protocol}ProxyPort`, '9'],
  ],
);

const SETTINGS: readonly Setting[] = [
  { path: SECURITY, name: 'DisableMacrosExecution', value: 'true' },
  { path: SECURITY, name: 'DisableActiveContent', value: 'true' },
  { path: SECURITY, name: 'MacroSecurityLevel', value: '3' },
  { path: SECURITY, name: 'BlockUntrustedRefererLinks', value: 'true' },
  { path: '/org.openoffice.Office.Writer/Content/Update', name: 'Link', value: '0' },
  { path: '/org.openoffice.Office.Calc/Content/Update', name: 'Link', value: '1' },
  { path: INTERNET, name: 'ooInetProxyType', value: '2' },
  ...NOWHERE.map(([name, value]) => ({ path: INTERNET, name, value })),
];

/** The content of `registrymodifications.xcu`. */
export function profileSettings(): string {
  const items = SETTINGS.map(
    ({ path, name, value }) =>
      `<item oor:path="${path}"><prop oor:name="${name}" oor:op="fuse"><value>${value}</value></prop></item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
${items.join('\n')}
</oor:items>
`;
}
