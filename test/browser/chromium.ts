import {existsSync} from 'node:fs';

/** The Chromium of the system; undefined if there is none. Playwright's own is never downloaded. */
export const chromium: string | undefined = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((file) =>
  existsSync(file),
);
