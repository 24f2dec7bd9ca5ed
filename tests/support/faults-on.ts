/** Imported first: the failpoints of what is imported after it work. */
Object.assign(globalThis, { __FAULTS__: true });
