// Copies a text, and says so; and text to be copied, as a block.
import { useState } from 'preact/hooks'
import { useTexts } from '../state/language.ts'
import { Icon } from './icon.tsx'

interface CopyProps {
  readonly text: string
  readonly label?: string
}

const shownMs = 2_000

export const Copy = ({ text, label }: CopyProps) => {
  const texts = useTexts()
  const [state, setState] = useState<'ready' | 'copied' | 'failed'>('ready')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setState('copied')
    } catch {
      setState(copyBySelection(text) ? 'copied' : 'failed')
    }
    setTimeout(() => setState('ready'), shownMs)
  }
  const words = { ready: label ?? texts.copy, copied: texts.copied, failed: texts.copyFailed }
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      <Icon name={state === 'copied' ? 'check' : 'copy'} />
      <span aria-live="polite">{words[state]}</span>
    </button>
  )
}

/** Over plain http to another host browsers offer no clipboard, but this old way. */
const copyBySelection = (text: string): boolean => {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'unseen'
  document.body.append(area)
  const focused = document.activeElement
  area.select()
  const isCopied = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return isCopied
}

export const CodeBlock = ({ text, label }: CopyProps) => (
  <div class="code">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls, so a keyboard must reach it */}
    <pre tabIndex={0}>{text}</pre>
    <Copy text={text} {...(label !== undefined && { label })} />
  </div>
)
