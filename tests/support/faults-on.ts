/** Imported first: the failpoints and switchable guards of what is imported after it work. */
Object.assign(globalThis, { __FAULTS__: true });
