#!/usr/bin/env node
// Committed, unlike what it loads: npm links a command only if its file is there before anything is built.
await import('../dist/bin/gradwireDoctor.js');
