// The built files of threads and child processes. Node 20 runs no TypeScript, so a program that runs from source
// takes them from dist.

/** `path` is the file's path under src, without its ending. */
export const builtFile = (path: string): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL(`../../dist/${path}.js`, import.meta.url)
    : new URL(`../${path}.js`, import.meta.url)
