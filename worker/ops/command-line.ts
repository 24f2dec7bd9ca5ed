/** How this program is called: by npm in a checkout, by node in the image, which has no npm scripts. */
export function commandLine(program: "ops" | "seed" | "migrate"): string {
  const isBuilt = /[\\/]build[\\/]\w+\.js$/.test(process.argv[1] ?? "");
  return isBuilt ? `node build/${program}.js` : `npm run ${program} --`;
}
