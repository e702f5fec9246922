// What is to be said instead of numbers, or above them: that something is wrong, that a right is
// missing, that it is being loaded.
import type { ComponentChildren } from 'preact'
import type { Asked } from '../api/use-answer.ts'
import { useTexts } from '../state/language.ts'
import { useApp } from '../state/session.ts'
import { CodeBlock } from './copy.tsx'

interface NoticeProps {
  readonly tone: 'plain' | 'warn' | 'bad'
  readonly title?: string
  readonly children: ComponentChildren
}

export const Notice = ({ tone, title, children }: NoticeProps) => (
  <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
    {title !== undefined && <strong>{title}</strong>}
    <div>{children}</div>
  </div>
)

const vipFault = 2003
export const isVipMissing = ({ trouble }: Pick<Asked<unknown>, 'trouble'>): boolean =>
  trouble?.kind === 'fault' && trouble.code === vipFault

/** The state of a question: nothing at all while its answer is there and nothing is wrong. */
export const AskedNotice = ({ asked }: { readonly asked: Asked<unknown> }) => {
  const texts = useTexts()
  const { trouble, body, again } = asked
  if (trouble === undefined) return body === undefined ? <Loading /> : null
  // That the server is away is said once, above all pages.
  if (trouble.kind === 'away' || trouble.kind === 'refused') {
    return body === undefined ? <Loading /> : null
  }
  if (trouble.kind === 'throttled') return <Notice tone="warn">{texts.trouble.throttled}</Notice>
  return (
    <Notice tone="bad">
      <bdi>{texts.trouble.failed(trouble.message)}</bdi>{' '}
      <button type="button" class="link" onClick={again}>
        {texts.trouble.again}
      </button>
    </Notice>
  )
}

const Loading = () => {
  const texts = useTexts()
  return (
    <div class="loading">
      <span class="unseen">{texts.loading}</span>
    </div>
  )
}

export const VipNotice = ({ children }: { readonly children: string }) => {
  const texts = useTexts()
  const app = useApp()
  return (
    <Notice tone="plain" title={texts.vip.title}>
      <p>{children}</p>
      <CodeBlock text={`pushledger app set ${app?.key ?? 'KEY'} --vip`} />
    </Notice>
  )
}
