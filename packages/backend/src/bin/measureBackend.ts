// Started by `doctor`, once for each backend.
import {measureBackend} from '../doctor/measureBackend.js';

const [name = ''] = process.argv.slice(2);
// Without its parent, nobody reads what it would find.
process.once('disconnect', () => process.exit());
process.send?.(await measureBackend(name));
