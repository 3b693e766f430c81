/** Opens or makes the bare database of the folder that the command line names, and ends. */
import { openEmbeddedDatabase } from '../../backbone/stores/embedded-database.ts';

const [folder = ''] = process.argv.slice(2);
const database = await openEmbeddedDatabase({ folder });
await database.close();
