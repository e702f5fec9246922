// Text that others chose: ids, names, lines. Isolated, so that no mark in it turns the text around it,
// and broken anywhere, so that no length of it breaks the page.

export const Id = ({ children }: { readonly children: string }) => (
  <bdi class="id" dir="auto">
    {children}
  </bdi>
)
