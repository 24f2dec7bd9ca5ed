/**
 * Imported first by commands whose output is read by people and pipes: what the domain logs stays
 * out of it, unless the shell asks for a level.
 */
process.env.LOG_LEVEL ||= "silent";
