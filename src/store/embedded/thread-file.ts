// Where the threads of this room stand. Node runs no TypeScript by itself, so from sources they are taken from
// dist.

export const threadFile = (name: string): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL(`../../../dist/store/embedded/${name}.js`, import.meta.url)
    : new URL(`./${name}.js`, import.meta.url)
