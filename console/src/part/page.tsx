// What every page has: a heading that takes the focus when one comes to the page, the title of the
// document, a sentence, and what can be done.
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { useApp } from '../state/session.ts'

interface PageProps {
  readonly title: string
  readonly lead?: ComponentChildren
  readonly actions?: ComponentChildren
  readonly children?: ComponentChildren
}

/** The first page of a visit leaves the focus where the browser has it. */
let hasArrived = false

export const Page = ({ title, lead, actions, children }: PageProps) => {
  const heading = useRef<HTMLHeadingElement>(null)
  const app = useApp()
  useEffect(() => {
    document.title = [title, app?.name, 'pushledger'].filter(Boolean).join(' · ')
  }, [title, app?.name])
  // Before the effects of what stands on the page, which may take the focus further.
  useLayoutEffect(() => {
    if (hasArrived) heading.current?.focus({ preventScroll: true })
    hasArrived = true
  }, [])
  return (
    <>
      <header class="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            <bdi>{title}</bdi>
          </h1>
          {lead !== undefined && <p class="lead">{lead}</p>}
        </div>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  )
}
