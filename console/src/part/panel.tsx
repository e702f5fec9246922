// A part of a page on a surface of its own, with a heading.
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface PanelProps {
  readonly title: string
  readonly lead?: string | undefined
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}

export const Panel = ({ title, lead, actions, children }: PanelProps) => {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <header class="panel-head">
        <div>
          <h2 id={id}>{title}</h2>
          {lead !== undefined && <p class="lead">{lead}</p>}
        </div>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </header>
      {children}
    </section>
  )
}
